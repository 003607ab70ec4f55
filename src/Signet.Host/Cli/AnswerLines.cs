using System.Buffers;
using System.IO.Pipelines;

namespace Signet.Host.Cli;

/// <summary>
/// Answers every line of a stream with one line, in order, as soon as it is whole: a program may ask, read, and ask again. Empty lines are passed over.
/// Of a line that is too long, as much is shown to the answer as proves it, and no more is kept.
/// </summary>
internal static class AnswerLines
{
    internal delegate byte[] Answer(ReadOnlySpan<byte> line);

    public static async Task RunAsync(Stream input, Stream output, int maxBytes, Answer answer, CancellationToken ct)
    {
        var reader = PipeReader.Create(input, new StreamPipeReaderOptions(leaveOpen: true));
        var writer = PipeWriter.Create(output, new StreamPipeWriterOptions(leaveOpen: true));
        var answered = false;
        while (true)
        {
            var read = await reader.ReadAsync(ct);
            var rest = read.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                Reply(rest.Slice(0, end));
                rest = rest.Slice(rest.GetPosition(1, end));
            }

            if (rest.Length > maxBytes)
            {
                Reply(rest);
                // What follows belongs to the line just answered.
                answered = true;
                rest = rest.Slice(rest.End);
            }

            if (read.IsCompleted)
            {
                Reply(rest);
                await writer.CompleteAsync();
                return;
            }

            reader.AdvanceTo(rest.Start, rest.End);
            await writer.FlushAsync(ct);
        }

        void Reply(ReadOnlySequence<byte> line)
        {
            if (answered)
            {
                answered = false;
                return;
            }

            var shown = line.Slice(0, Math.Min(line.Length, maxBytes + 1));
            var text = shown.ToArray().AsSpan().Trim(" \t\r"u8);
            if (!text.IsEmpty)
            {
                writer.Write(answer(text));
                writer.Write("\n"u8);
            }
        }
    }
}
