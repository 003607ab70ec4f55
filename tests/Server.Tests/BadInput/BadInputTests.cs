using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Server.Tests.BadInput;

/// <summary>Whatever comes over the wire, the server refuses it and goes on.</summary>
public sealed class BadInputTests(WholeServer server) : IClassFixture<WholeServer>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Bytes_that_are_no_request_get_no_more_than_a_refusal()
    {
        var wild = new Wild(42);
        var head = "GET /sign-in HTTP/1.1\r\nHost: localhost\r\n"u8.ToArray();
        List<byte[]> sent =
        [
            .. Enumerable.Range(0, 40).Select(_ => wild.Bytes()),
            .. Enumerable.Range(0, 40).Select(_ => (byte[])[.. head, .. wild.Bytes(), .. "\r\n\r\n"u8]),
            .. Paths().Select(path => Encoding.Latin1.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")),
            Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: localhost\r\nX: {new string('x', 100_000)}\r\n\r\n"),
            "POST /oauth2/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n"u8.ToArray(),
            "POST /oauth2/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"u8.ToArray(),
            "POST /oauth2/token HTTP/1.1\r\nHost: a\r\nHost: b\r\nContent-Length: 0\r\n\r\n"u8.ToArray(),
            "POST /oauth2/token HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nZZ\r\n"u8.ToArray(),
        ];

        var statuses = await Task.WhenAll(sent.Select(SendAsync));

        Assert.DoesNotContain(statuses, status => status is >= 500);
        await AssertAliveAsync();
    }

    private static IEnumerable<string> Paths() =>
    [
        "/sign-in?flow=%00", "/sign-in?flow=%ff%fe", "/sign-in?flow=%ed%a0%80", "/sign-in?%", "/%00", "/%2e%2e/%2e%2e/etc/passwd", "/t/%00/sign-in", "/t//sign-in",
        "/t/default/t/default/sign-in", "/api/v1/users/%ff", "/api/v1/users?search=%ed%a0%80", "/oauth2/authorize?client_id=%c0%80", "/oauth2/authorize?client_id=\u00ff",
        $"/{new string('a', 7000)}", "//", "/..", "/sign-in;a=b", "/sign-in?" + string.Concat(Enumerable.Repeat("a=b&", 1500)), "http://other.example/sign-in", "*",
    ];

    // The status, or null where the server just hung up.
    private async Task<int?> SendAsync(byte[] bytes)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, server.Client.BaseAddress!.Port, Ct);
        var stream = socket.GetStream();
        try
        {
            await stream.WriteAsync(bytes, Ct);
            socket.Client.Shutdown(SocketShutdown.Send);
            var buffer = new byte[64];
            var read = await stream.ReadAtLeastAsync(buffer, 12, throwOnEndOfStream: false, Ct);
            return read >= 12 && int.TryParse(Encoding.ASCII.GetString(buffer, 9, 3), out var status) ? status : null;
        }
        catch (Exception gone) when (gone is IOException or SocketException)
        {
            return null;
        }
    }

    private async Task AssertAliveAsync()
    {
        using var health = await server.Client.GetAsync(new Uri("/health", UriKind.Relative), Ct);

        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }
}
