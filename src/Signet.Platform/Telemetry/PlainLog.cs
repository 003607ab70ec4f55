using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Signet.Platform.Http;

namespace Signet.Platform.Telemetry;

/// <summary>A line a person can read at a terminal. Control characters are shown, not sent: a message cannot forge a second line or move the cursor.</summary>
internal sealed class PlainLog(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "signet-plain";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        textWriter.Write($"{time.GetLocalNow():HH:mm:ss} {JsonLog.NameOf(logEntry.LogLevel),-5} ");
        WriteVisibly(textWriter, logEntry.Formatter(logEntry.State, logEntry.Exception));
        scopeProvider?.ForEachScope(static (scope, writer) =>
        {
            if (scope is RequestId request)
            {
                writer.Write($" [{request.Value}]");
            }
        }, textWriter);
        textWriter.WriteLine();
        if (logEntry is { Exception: { } exception, LogLevel: >= LogLevel.Error })
        {
            foreach (var line in exception.ToString().Split('\n'))
            {
                textWriter.Write("    ");
                WriteVisibly(textWriter, line.TrimEnd('\r'));
                textWriter.WriteLine();
            }
        }
    }

    private static void WriteVisibly(TextWriter writer, string text)
    {
        foreach (var character in text)
        {
            writer.Write(char.IsControl(character) ? '·' : character);
        }
    }
}
