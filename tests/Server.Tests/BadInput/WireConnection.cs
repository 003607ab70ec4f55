using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Server.Tests.BadInput;

/// <summary>What came back, as it came.</summary>
internal sealed record WireAnswer(int Status, ILookup<string, string> Headers, string Body)
{
    public string? this[string header] => Headers[header].FirstOrDefault();

    /// <summary>
    /// Whether our own pipeline wrote it. What Kestrel itself refuses (a request line that is none, a header that is none, 414, 431, 505) is answered before
    /// the first middleware runs, and so bears none of our headers: of such an answer it can only be asked that it has no body and names nobody.
    /// </summary>
    public bool IsOurs => Headers.Contains("X-Request-Id");
}

/// <summary>Speaks HTTP/1.1 without any of a client's care: sends any bytes, and tells an answer from a connection that ended without one.</summary>
internal sealed class WireConnection(int port) : IAsyncDisposable
{
    // How long an answer may take before there is none: long after anything that is alive on a busy machine.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private TcpClient? socket;
    private PipeReader? reader;

    /// <summary>The answer to one request; null where the server hung up without one. Uses one connection for many requests, as long as the server keeps it.</summary>
    public async Task<WireAnswer?> AskAsync(byte[] request, bool isHead, CancellationToken ct)
    {
        // RFC 9112 §9.3.1: a server may close a connection between two requests, and whoever finds it closed asks again.
        var isUsed = socket is not null;
        return await TryAskAsync(request, isHead, ct) ?? (isUsed ? await TryAskAsync(request, isHead, ct) : null);
    }

    /// <summary>Sends bytes; a server that has refused already may have stopped reading, and what it said stays to be read.</summary>
    /// <param name="isAll">Nothing follows: a body that is missing is known to be, and the server may take the caller for gone.</param>
    public async Task SendAsync(byte[] bytes, bool isAll, CancellationToken ct)
    {
        if (socket is null)
        {
            socket = new TcpClient { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, port, ct);
            reader = PipeReader.Create(socket.GetStream());
        }

        try
        {
            await socket.GetStream().WriteAsync(bytes, ct);
            if (isAll)
            {
                socket.Client.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException)
        {
        }
    }

    /// <summary>The next answer; null at the end of the connection, however it came.</summary>
    public async Task<WireAnswer?> ReadAsync(bool isHead, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            return await ReadAnswerAsync(reader!, isHead, patience.Token);
        }
        catch (Exception ended) when (ended is IOException || (ended is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (reader is not null)
        {
            await reader.CompleteAsync();
        }

        socket?.Dispose();
        (socket, reader) = (null, null);
    }

    private async Task<WireAnswer?> TryAskAsync(byte[] request, bool isHead, CancellationToken ct)
    {
        await SendAsync(request, isAll: false, ct);
        var answer = await ReadAsync(isHead, ct);
        if (answer is null || answer["Connection"] is "close")
        {
            await DisposeAsync();
        }

        return answer;
    }

    private static async Task<WireAnswer?> ReadAnswerAsync(PipeReader reader, bool isHead, CancellationToken ct)
    {
        if (await ReadLineAsync(reader, ct) is not ['H', 'T', 'T', 'P', '/', '1', '.', _, ' ', _, _, _, ..] line)
        {
            return null;
        }

        var status = int.Parse(line.AsSpan(9, 3), CultureInfo.InvariantCulture);
        List<(string Name, string Value)> headers = [];
        while (await ReadLineAsync(reader, ct) is { Length: > 0 } header)
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            headers.Add((header[..colon], header[(colon + 1)..].Trim()));
        }

        if (status is 100)
        {
            return await ReadAnswerAsync(reader, isHead, ct);
        }

        var byName = headers.ToLookup(header => header.Name, header => header.Value, StringComparer.OrdinalIgnoreCase);
        var body = isHead || status is 204 or 304 ? ""
            : byName.Contains("Transfer-Encoding") ? await ReadChunksAsync(reader, ct)
            : byName["Content-Length"].FirstOrDefault() is { } length ? await ReadTextAsync(reader, int.Parse(length, CultureInfo.InvariantCulture), ct)
            : await ReadToEndAsync(reader, ct);
        return body is null ? null : new WireAnswer(status, byName, body);
    }

    private static async Task<string?> ReadChunksAsync(PipeReader reader, CancellationToken ct)
    {
        var body = new StringBuilder();
        while (await ReadLineAsync(reader, ct) is { Length: > 0 } size)
        {
            var length = int.Parse(size, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            body.Append(await ReadTextAsync(reader, length, ct));
            await ReadLineAsync(reader, ct);
            if (length == 0)
            {
                return body.ToString();
            }
        }

        return null;
    }

    private static async Task<string> ReadToEndAsync(PipeReader reader, CancellationToken ct)
    {
        while (true)
        {
            var read = await reader.ReadAsync(ct);
            if (read.IsCompleted)
            {
                return Encoding.UTF8.GetString(read.Buffer);
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static async Task<string?> ReadTextAsync(PipeReader reader, int length, CancellationToken ct)
    {
        if (length == 0)
        {
            return "";
        }

        var read = await reader.ReadAtLeastAsync(length, ct);
        if (read.Buffer.Length < length)
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(read.Buffer.Slice(0, length));
        reader.AdvanceTo(read.Buffer.GetPosition(length));
        return text;
    }

    private static async Task<string?> ReadLineAsync(PipeReader reader, CancellationToken ct)
    {
        while (true)
        {
            var read = await reader.ReadAsync(ct);
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = Encoding.Latin1.GetString(read.Buffer.Slice(0, end)).TrimEnd('\r');
                reader.AdvanceTo(read.Buffer.GetPosition(1, end));
                return line;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
            {
                return null;
            }
        }
    }
}
