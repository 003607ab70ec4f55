using System.Text;
using Server.Tests.Rules;
using Xunit;

namespace Server.Tests.BadInput;

/// <summary>
/// Whatever comes over the wire, the server refuses it or hangs up, says nothing of itself, logs nothing, and goes on. Most of this is Kestrel's to refuse,
/// before our pipeline and so without our headers (see <see cref="WireAnswer.IsOurs"/>); what does come as far as our pipeline is answered by its rules.
/// </summary>
public sealed class BadInputTests(WholeServer server) : IClassFixture<WholeServer>
{
    private const int Seed = 42;
    private const string Head = "POST /oauth2/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    private readonly Verdict verdict = new(server.ApiKey.Parameter!, server.Application.Parameter!);

    /// <summary>Requests that are broken in a way that has a name; each is over, so that the server need not wait for more, and refused with one of these.</summary>
    public static TheoryData<string, string, string> Broken => new()
    {
        { "no method", " / HTTP/1.1\r\nHost: localhost\r\n\r\n", "400" },
        { "no version", "GET /\r\nHost: localhost\r\n\r\n", "400" },
        { "HTTP/0.9", "GET /\r\n\r\n", "400" },
        { "HTTP/1.2", "GET / HTTP/1.2\r\nHost: localhost\r\n\r\n", "505" },
        { "a space too many", "GET  / HTTP/1.1\r\nHost: localhost\r\n\r\n", "400" },
        { "tabs", "GET\t/\tHTTP/1.1\r\nHost: localhost\r\n\r\n", "400" },
        { "a NUL in the path", "GET /\0 HTTP/1.1\r\nHost: localhost\r\n\r\n", "400" },
        { "an escaped NUL in the path", "GET /sign-in%00 HTTP/1.1\r\nHost: localhost\r\n\r\n", "400" },
        { "bytes beyond ASCII in the path", "GET /\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n", "400" },
        { "bytes beyond ASCII in the query", "GET /sign-in?flow=\xff HTTP/1.1\r\nHost: localhost\r\n\r\n", "400" },
        { "a tunnel", "CONNECT localhost:443 HTTP/1.1\r\nHost: localhost:443\r\n\r\n", "400 404 405" },
        { "a line too long", $"GET /{new string('a', 9000)} HTTP/1.1\r\nHost: localhost\r\n\r\n", "414" },
        { "no host", "GET /sign-in HTTP/1.1\r\n\r\n", "400" },
        { "two hosts", "GET /sign-in HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400" },
        { "an empty host", "GET /sign-in HTTP/1.1\r\nHost:\r\n\r\n", "400" },
        { "a host that is none", "GET /sign-in HTTP/1.1\r\nHost: localhost:99999\r\n\r\n", "400" },
        { "a host that is none, at the API", "GET /api/v1/users HTTP/1.1\r\nHost: [::1\r\n\r\n", "400" },
        { "a host of another length than any", $"GET /oauth2/jwks HTTP/1.1\r\nHost: {new string('a', 5000)}\r\n\r\n", "400" },
        { "another host in the line than in the header", "GET http://other.example/sign-in HTTP/1.1\r\nHost: localhost\r\n\r\n", "400" },
        { "a header without a colon", "GET / HTTP/1.1\r\nHost: localhost\r\nrubbish\r\n\r\n", "400" },
        { "a header without a name", "GET / HTTP/1.1\r\nHost: localhost\r\n: x\r\n\r\n", "400" },
        { "a space before the colon", "GET / HTTP/1.1\r\nHost : localhost\r\n\r\n", "400" },
        { "a folded header", "GET / HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n", "400" },
        { "a NUL in a header", "GET / HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n", "400" },
        { "a lone carriage return", "GET / HTTP/1.1\r\nHost: localhost\r\nX: a\rb\r\n\r\n", "400" },
        { "a header that is no UTF-8", "GET / HTTP/1.1\r\nHost: localhost\r\nX: \xff\r\n\r\n", "400" },
        { "headers too long", $"GET / HTTP/1.1\r\nHost: localhost\r\nX: {new string('x', 100_000)}\r\n\r\n", "431" },
        { "too many headers", $"GET / HTTP/1.1\r\nHost: localhost\r\n{string.Concat(Enumerable.Range(0, 100).Select(n => $"X{n}: x\r\n"))}\r\n", "431" },
        { "a negative length", $"{Head}Content-Length: -1\r\n\r\n", "400" },
        { "a length that is no number", $"{Head}Content-Length: 0x10\r\n\r\n", "400" },
        { "a length beyond counting", $"{Head}Content-Length: 99999999999999999999\r\n\r\n", "400" },
        { "a length beyond the limit", $"{Head}Content-Length: 999999999\r\n\r\n", "413" },
        { "two lengths", $"{Head}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", "400" },
        { "one length twice", $"{Head}Content-Length: 1\r\nContent-Length: 1\r\n\r\na", "400" },
        { "two lengths in one line", $"{Head}Content-Length: 1, 1\r\n\r\na", "400" },
        { "an unknown coding", $"{Head}Transfer-Encoding: gzip\r\n\r\n", "400 501" },
        { "chunked, but not last", $"{Head}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n", "400 501" },
        { "a chunk without a size", $"{Head}Transfer-Encoding: chunked\r\n\r\nZZ\r\n\r\n", "400" },
        { "a chunk of a negative size", $"{Head}Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n", "400" },
        { "a chunk of a size beyond counting", $"{Head}Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n\r\n", "400" },
        { "a chunk of a size beyond the limit", $"{Head}Transfer-Encoding: chunked\r\n\r\n7FFFFFF\r\n{new string('a', 200_000)}", "413" },
        { "a chunk longer than it says", $"{Head}Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n", "400" },
        { "chunks in HTTP/1.0", "POST /oauth2/token HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400" },
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task A_broken_request_is_refused(string what, string request, string statuses)
    {
        await using var connection = new WireConnection(server.Client.BaseAddress!.Port);
        await connection.SendAsync(Encoding.Latin1.GetBytes(request), isAll: false, Ct);

        var answer = await connection.ReadAsync(isHead: false, Ct);

        Rule.Holds(Complaints(answer));
        Assert.True(statuses.Split(' ').Contains($"{answer!.Status}"), $"{what}: {answer.Status}");
        await AssertAliveAsync();
    }

    [Fact]
    public async Task Bytes_that_are_no_request_get_no_more_than_a_refusal()
    {
        var wild = new Wild(Seed);
        var head = Encoding.ASCII.GetBytes(Head);
        List<byte[]> sent =
        [
            .. Enumerable.Range(0, 60).Select(_ => wild.Bytes()),
            .. Enumerable.Range(0, 60).Select(_ => (byte[])[.. head, .. wild.Bytes(), .. "\r\n\r\n"u8]),
            .. Enumerable.Range(0, 60).Select(_ => (byte[])[.. head, .. "Content-Length: 150\r\n\r\n"u8, .. wild.Bytes()]),
            .. Enumerable.Range(0, 60).Select(_ => (byte[])[.. head, .. "Transfer-Encoding: chunked\r\n\r\n"u8, .. wild.Bytes()]),
        ];

        await AssertRefusedAsync(sent);
    }

    [Fact]
    public async Task Good_requests_with_bytes_changed_get_an_answer_by_the_rules_or_none()
    {
        var wild = new Wild(Seed);
        string[] good =
        [
            $"{Head}Authorization: {server.Application}\r\nContent-Length: 29\r\n\r\ngrant_type=client_credentials",
            $"GET /api/v1/users?limit=5 HTTP/1.1\r\nHost: localhost\r\nAuthorization: {server.ApiKey}\r\n\r\n",
            $"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nCookie: {server.Browser.Cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 50\r\n\r\n_token={server.Browser.Field}",
            $"POST /v1/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 31\r\n\r\n{{\"email\":\"a@b.c\",\"password\":\"\"}}",
            $"GET /oauth2/authorize?client_id={server.ApplicationId}&response_type=code HTTP/1.1\r\nHost: localhost\r\n\r\n",
        ];

        await AssertRefusedAsync(good.SelectMany(request => Enumerable.Range(0, 80).Select(_ => wild.Changed(Encoding.Latin1.GetBytes(request)))));
    }

    [Fact]
    public async Task What_follows_a_good_request_is_refused_by_itself()
    {
        await using var connection = new WireConnection(server.Client.BaseAddress!.Port);
        var good = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray();
        await connection.SendAsync([.. good, .. good, .. "rubbish\r\n\r\n"u8, .. good], isAll: false, Ct);

        var answers = new List<WireAnswer?>();
        while (await connection.ReadAsync(isHead: false, Ct) is { } answer)
        {
            answers.Add(answer);
        }

        // Whose words begin where is not known any more: nothing after the rubbish is believed.
        Assert.Equal([200, 200, 400], answers.Select(answer => answer!.Status));
        Rule.Holds(answers.SelectMany(Complaints));
    }

    /// <summary>RFC 9112 §11.2: what one reader takes for a body, no other may take for a request.</summary>
    [Theory]
    [InlineData("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\nX")]
    [InlineData("Content-Length: 0\r\nContent-Length: 44\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nZZ\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n\r\n0\r\n\r\n")]
    public async Task No_body_is_taken_for_another_request(string framing)
    {
        await using var connection = new WireConnection(server.Client.BaseAddress!.Port);
        await connection.SendAsync(Encoding.ASCII.GetBytes($"{Head}{framing}GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"), isAll: false, Ct);

        var answer = await connection.ReadAsync(isHead: false, Ct);
        var next = await connection.ReadAsync(isHead: false, Ct);

        Rule.Holds(Complaints(answer));
        Assert.True(answer!.Status is >= 400 and < 500 or 501, $"{answer.Status}");
        Assert.True(next is null, $"{answer.Status}, then {next?.Status}");
    }

    /// <summary>Also in HTTP/1.0, whose callers may ask to stay; and wherever a body is read: as JSON, as a page's form, as the protocol's.</summary>
    [Theory]
    [InlineData("/v1/auth/login", "application/json", "HTTP/1.1", "Transfer-Encoding: chunked\r\n\r\nZZ\r\n\r\n")]
    [InlineData("/sign-in", "application/x-www-form-urlencoded", "HTTP/1.1", "Transfer-Encoding: chunked\r\n\r\nZZ\r\n\r\n")]
    [InlineData("/oauth2/token", "application/x-www-form-urlencoded", "HTTP/1.1", "Transfer-Encoding: chunked\r\n\r\nZZ\r\n\r\n")]
    [InlineData("/v1/auth/login", "application/json", "HTTP/1.0", "Connection: keep-alive\r\nContent-Length: 999999999\r\n\r\n")]
    [InlineData("/oauth2/token", "application/x-www-form-urlencoded", "HTTP/1.0", "Connection: keep-alive\r\nContent-Length: 999999999\r\n\r\n")]
    public async Task After_a_body_that_could_not_be_read_the_connection_is_closed(string path, string type, string version, string rest)
    {
        await using var connection = new WireConnection(server.Client.BaseAddress!.Port);
        await connection.SendAsync(Encoding.ASCII.GetBytes($"POST {path} {version}\r\nHost: localhost\r\nContent-Type: {type}\r\n{rest}"), isAll: false, Ct);

        var answer = await connection.ReadAsync(isHead: false, Ct);

        Assert.True(answer!.Status is 400 or 413, $"{answer.Status}");
        Assert.NotEqual("keep-alive", answer["Connection"]);
        Assert.Null(await connection.ReadAsync(isHead: false, Ct));
    }

    /// <summary>A refusal that is about something else than the body costs nobody a connection.</summary>
    [Fact]
    public async Task After_a_wrong_address_the_connection_stays()
    {
        await using var connection = new WireConnection(server.Client.BaseAddress!.Port);
        var lost = "POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"u8.ToArray();
        await connection.SendAsync([.. lost, .. lost], isAll: false, Ct);

        Assert.Equal(404, (await connection.ReadAsync(isHead: false, Ct))?.Status);
        Assert.Equal(404, (await connection.ReadAsync(isHead: false, Ct))?.Status);
    }

    private IEnumerable<string> Complaints(WireAnswer? answer) => verdict.Of(answer, Enum.GetValues<Shape>(), isHead: false, mayStayBelow: true);

    // Any number of answers, none of them a 5xx, each by the rules; then the server hangs up.
    private async Task AssertRefusedAsync(IEnumerable<byte[]> requests)
    {
        var offences = new System.Collections.Concurrent.ConcurrentBag<string>();
        await Parallel.ForEachAsync(requests, Ct, async (bytes, ct) =>
        {
            await using var connection = new WireConnection(server.Client.BaseAddress!.Port);
            await connection.SendAsync(bytes, isAll: true, ct);
            while (await connection.ReadAsync(isHead: bytes.AsSpan().StartsWith("HEAD"u8), ct) is { } answer)
            {
                foreach (var complaint in Complaints(answer))
                {
                    offences.Add($"{complaint}\n    {Convert.ToHexString(bytes)}");
                }
            }
        });

        Rule.Holds(offences);
        await AssertAliveAsync();
    }

    private async Task AssertAliveAsync()
    {
        await using var connection = new WireConnection(server.Client.BaseAddress!.Port);

        foreach (var path in (string[])["/health", "/sign-in", "/oauth2/jwks"])
        {
            var answer = await connection.AskAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"), isHead: false, Ct);
            Assert.Equal(200, answer?.Status);
        }

        Rule.Holds(server.Log.Records);
    }
}
