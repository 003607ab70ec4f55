using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Signet.Platform.Outbound;
using Xunit;

namespace Server.Tests.Platform.Outbound;

public sealed class OutboundHttpTests : IAsyncLifetime
{
    private static readonly OutboundOptions InDevelopment = new(Development: true);
    private static readonly OutboundOptions InProduction = new(Development: false);

    private readonly OutboundHttp door = new(InDevelopment);
    private SmallApp server = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => server = await SmallApp.StartAsync(routes =>
    {
        routes.MapGet("/ok", () => "fine");
        routes.MapPost("/echo", async (HttpRequest request) => $"{request.ContentType} {await new StreamReader(request.Body).ReadToEndAsync(Ct)}");
        routes.MapGet("/headers", (HttpRequest request) => string.Join('\n', request.Headers.Select(h => $"{h.Key}: {h.Value}")));
        routes.MapGet("/bytes/{count:int}", (int count) => Results.Bytes(new byte[count]));
        routes.MapGet("/endless", async (HttpResponse response) =>
        {
            while (!Ct.IsCancellationRequested)
            {
                await response.Body.WriteAsync(new byte[8192], response.HttpContext.RequestAborted);
            }
        });
        routes.MapGet("/slow", async (HttpResponse response) =>
        {
            while (!response.HttpContext.RequestAborted.IsCancellationRequested)
            {
                await response.Body.WriteAsync("."u8.ToArray(), response.HttpContext.RequestAborted);
                await response.Body.FlushAsync(response.HttpContext.RequestAborted);
                await Task.Delay(20, response.HttpContext.RequestAborted);
            }
        });
        routes.MapGet("/bomb", (HttpResponse response) =>
        {
            response.Headers.ContentEncoding = "gzip";
            return Results.Bytes(Compress(new byte[20 * 1024 * 1024]));
        });
        routes.MapGet("/zipped", (HttpResponse response) =>
        {
            response.Headers.ContentEncoding = "gzip";
            return Results.Bytes(Compress("small"u8.ToArray()));
        });
        routes.MapGet("/lying", (HttpResponse response) =>
        {
            response.Headers.ContentEncoding = "gzip";
            return "this is not gzip";
        });
        routes.MapGet("/cut", async (HttpContext context) =>
        {
            context.Response.ContentLength = 100;
            await context.Response.WriteAsync("part", Ct);
            await context.Response.Body.FlushAsync(Ct);
            context.Abort();
        });
        routes.MapGet("/to", (string url) => Results.Redirect(url));
        routes.MapGet("/round", () => Results.Redirect("/round"));
        routes.MapGet("/hop/{n:int}", (int n) => n is 0 ? Results.Text("arrived") : Results.Redirect($"/hop/{n - 1}"));
        routes.MapPost("/to", (string url) => Results.Redirect(url));
    });

    public async ValueTask DisposeAsync()
    {
        door.Dispose();
        await server.DisposeAsync();
    }

    [Theory]
    [InlineData("https://example.com/hook?x=1", null, null)]
    [InlineData("https://inside.example/", null, null)]
    [InlineData("https://8.8.8.8/", null, null)]
    [InlineData("http://localhost:8080/", null, OutboundRefusal.Scheme)]
    [InlineData("http://acme.localhost/", null, OutboundRefusal.Scheme)]
    [InlineData("http://127.0.0.1/", null, OutboundRefusal.Scheme)]
    [InlineData("https://127.0.0.1/", null, OutboundRefusal.Address)]
    [InlineData("http://example.com/", OutboundRefusal.Scheme, OutboundRefusal.Scheme)]
    [InlineData("http://localhost.evil.example/", OutboundRefusal.Scheme, OutboundRefusal.Scheme)]
    [InlineData("http://8.8.8.8/", OutboundRefusal.Address, OutboundRefusal.Scheme)]
    [InlineData("https://10.0.0.1/", OutboundRefusal.Address, OutboundRefusal.Address)]
    [InlineData("https://[fd00::1]/", OutboundRefusal.Address, OutboundRefusal.Address)]
    [InlineData("https://0xa9fea9fe/", OutboundRefusal.Address, OutboundRefusal.Address)]
    [InlineData("ftp://example.com/", OutboundRefusal.Scheme, OutboundRefusal.Scheme)]
    [InlineData("https://user@example.com/", OutboundRefusal.UserInfo, OutboundRefusal.UserInfo)]
    [InlineData("/hook", OutboundRefusal.Scheme, OutboundRefusal.Scheme)]
    [InlineData("https://exa mple.com/", OutboundRefusal.NotAnUrl, OutboundRefusal.NotAnUrl)]
    public void What_stands_in_a_url_is_judged_before_it_is_asked(string url, OutboundRefusal? inDevelopment, OutboundRefusal? inProduction)
    {
        using var production = new OutboundHttp(InProduction);

        Assert.Equal((inDevelopment, inProduction), (door.Check(url), production.Check(url)));
    }

    [Fact]
    public async Task An_answer_comes_back_whole()
    {
        var result = await door.SendAsync(OutboundRequest.Get(At("/ok")), Ct);

        var answer = Assert.IsType<OutboundResult.Answered>(result);
        Assert.Equal((200, "fine", "text/plain; charset=utf-8"), (answer.Status, Encoding.UTF8.GetString(answer.Body), answer.Headers["content-type"]));
    }

    [Fact]
    public async Task A_body_is_sent_with_its_type()
    {
        var request = new OutboundRequest(HttpMethod.Post, At("/echo")) { Body = "{}"u8.ToArray(), ContentType = "application/json" };

        var answer = Assert.IsType<OutboundResult.Answered>(await door.SendAsync(request, Ct));

        Assert.Equal("application/json {}", Encoding.UTF8.GetString(answer.Body));
    }

    [Fact]
    public async Task Nothing_of_ours_leaves_by_itself()
    {
        using var activity = new System.Diagnostics.Activity("ours").Start();

        var answer = Assert.IsType<OutboundResult.Answered>(await door.SendAsync(OutboundRequest.Get(At("/headers")), Ct));

        var names = Encoding.UTF8.GetString(answer.Body).Split('\n').Select(line => line.Split(':')[0]).Order();
        Assert.Equal(["Accept-Encoding", "Host", "User-Agent"], names);
    }

    [Theory]
    [InlineData("http://id.example/", OutboundRefusal.Scheme)]
    [InlineData("http://8.8.8.8/", OutboundRefusal.Scheme)]
    [InlineData("http://127.0.0.1:1/", OutboundRefusal.Scheme)]
    [InlineData("ftp://id.example/", OutboundRefusal.Scheme)]
    [InlineData("file:///etc/passwd", OutboundRefusal.Scheme)]
    [InlineData("gopher://id.example/", OutboundRefusal.Scheme)]
    [InlineData("https://user@id.example/", OutboundRefusal.UserInfo)]
    [InlineData("https://user:pass@id.example/", OutboundRefusal.UserInfo)]
    [InlineData("https://id.example@10.0.0.1/", OutboundRefusal.UserInfo)]
    [InlineData("https:\\\\id.example\\", OutboundRefusal.NotAnUrl)]
    [InlineData("https://id.example\\@10.0.0.1/", OutboundRefusal.NotAnUrl)]
    [InlineData("https://id.example/ a", OutboundRefusal.NotAnUrl)]
    [InlineData("https://id.example/\0", OutboundRefusal.NotAnUrl)]
    [InlineData("https://", OutboundRefusal.NotAnUrl)]
    [InlineData("/path", OutboundRefusal.Scheme)]
    [InlineData("", OutboundRefusal.NotAnUrl)]
    [InlineData("https://127.0.0.1/", OutboundRefusal.Address)]
    [InlineData("https://127.1/", OutboundRefusal.Address)]
    [InlineData("https://2130706433/", OutboundRefusal.Address)]
    [InlineData("https://0x7f000001/", OutboundRefusal.Address)]
    [InlineData("https://0177.0.0.1/", OutboundRefusal.Address)]
    [InlineData("https://169.254.169.254/latest/meta-data/", OutboundRefusal.Address)]
    [InlineData("https://[::1]/", OutboundRefusal.Address)]
    [InlineData("https://[::ffff:10.0.0.1]/", OutboundRefusal.Address)]
    [InlineData("https://[64:ff9b::a00:1]/", OutboundRefusal.Address)]
    [InlineData("https://[fe80::1]/", OutboundRefusal.Address)]
    public async Task In_production_only_https_to_public_addresses_leaves(string url, OutboundRefusal reason)
    {
        using var production = new OutboundHttp(InProduction, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]));

        var result = await production.SendAsync(OutboundRequest.Get(url), Ct);

        Assert.Equal(new OutboundResult.Refused(reason), result);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.0.0.1")]
    [InlineData("8.8.8.8", "192.168.0.1")]
    [InlineData("2606:4700::1", "::ffff:127.0.0.1")]
    public async Task A_name_with_one_inner_address_is_refused(params string[] addresses)
    {
        using var production = new OutboundHttp(InProduction, (_, _) => Task.FromResult(Array.ConvertAll(addresses, IPAddress.Parse)));

        var result = await production.SendAsync(OutboundRequest.Get("https://rebind.example/"), Ct);

        Assert.Equal(new OutboundResult.Refused(OutboundRefusal.Address), result);
    }

    [Fact]
    public async Task Development_opens_this_machine_and_no_other()
    {
        using var development = new OutboundHttp(InDevelopment, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("10.0.0.1")]));
        using var publicHttp = new OutboundHttp(InDevelopment, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("8.8.8.8")]));

        var inner = await development.SendAsync(OutboundRequest.Get("https://inner.example/"), Ct);
        var plain = await publicHttp.SendAsync(OutboundRequest.Get("http://outer.example/"), Ct);

        Assert.Equal(new OutboundResult.Refused(OutboundRefusal.Address), inner);
        Assert.Equal(new OutboundResult.Refused(OutboundRefusal.Address), plain);
    }

    [Fact]
    public async Task The_name_is_asked_once_and_the_checked_address_is_the_one_connected_to()
    {
        var asked = 0;
        using var development = new OutboundHttp(InDevelopment, (_, _) => Task.FromResult<IPAddress[]>([asked++ is 0 ? IPAddress.Loopback : IPAddress.Parse("10.0.0.1")]));

        var result = await development.SendAsync(OutboundRequest.Get($"http://rebind.example:{server.Address.Port}/ok"), Ct);

        Assert.IsType<OutboundResult.Answered>(result);
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task A_redirect_is_an_answer_unless_it_is_to_be_followed()
    {
        var result = await door.SendAsync(OutboundRequest.Get(At("/hop/1")), Ct);

        Assert.Equal(302, Assert.IsType<OutboundResult.Answered>(result).Status);
    }

    [Theory]
    [InlineData("/hop/5", null)]
    [InlineData("/hop/6", OutboundRefusal.TooManyRedirects)]
    [InlineData("/round", OutboundRefusal.TooManyRedirects)]
    [InlineData("/to?url=https://10.0.0.1/", OutboundRefusal.Address)]
    [InlineData("/to?url=http://10.0.0.1/", OutboundRefusal.Address)]
    [InlineData("/to?url=https://[::ffff:169.254.169.254]/", OutboundRefusal.Address)]
    [InlineData("/to?url=file:///etc/passwd", OutboundRefusal.Scheme)]
    [InlineData("/to?url=https://user@id.example/", OutboundRefusal.UserInfo)]
    [InlineData("/to?url=%2F%2F10.0.0.1/", OutboundRefusal.Address)]
    public async Task Each_hop_is_checked_like_the_first(string path, OutboundRefusal? refusal)
    {
        var result = await door.SendAsync(OutboundRequest.Get(At(path)) with { FollowRedirects = true }, Ct);

        if (refusal is { } reason)
        {
            Assert.Equal(new OutboundResult.Refused(reason), result);
        }
        else
        {
            Assert.Equal("arrived", Encoding.UTF8.GetString(Assert.IsType<OutboundResult.Answered>(result).Body));
        }
    }

    [Theory]
    [InlineData("http://id.example/")]
    [InlineData("http://127.0.0.1/")]
    public void A_redirect_never_leaves_https(string location)
    {
        var refusal = OutboundUrl.CheckRedirect(new Uri("https://id.example/a"), location, plainAllowed: true, out _);

        Assert.Equal(OutboundRefusal.Downgrade, refusal);
    }

    [Fact]
    public async Task The_callers_headers_stay_with_the_server_they_were_meant_for()
    {
        await using var other = await SmallApp.StartAsync(routes => routes.MapGet("/", (HttpRequest r) => $"[{r.Headers.Authorization}][{r.Headers.Accept}]"));
        var request = OutboundRequest.Get(At($"/to?url={other.Address}")) with
        {
            FollowRedirects = true,
            Headers = new Dictionary<string, string> { ["Authorization"] = "Bearer ours", ["Accept"] = "text/plain" },
        };

        var answer = Assert.IsType<OutboundResult.Answered>(await door.SendAsync(request, Ct));

        Assert.Equal("[][text/plain]", Encoding.UTF8.GetString(answer.Body));
    }

    [Fact]
    public async Task A_redirected_post_is_not_repeated_elsewhere()
    {
        var request = new OutboundRequest(HttpMethod.Post, At("/to?url=/ok")) { FollowRedirects = true };

        Assert.Equal(302, Assert.IsType<OutboundResult.Answered>(await door.SendAsync(request, Ct)).Status);
    }

    [Fact]
    public async Task A_body_of_exactly_the_limit_is_taken_and_one_byte_more_is_not()
    {
        var fits = await door.SendAsync(OutboundRequest.Get(At("/bytes/1000")) with { MaxBytes = 1000 }, Ct);
        var over = await door.SendAsync(OutboundRequest.Get(At("/bytes/1001")) with { MaxBytes = 1000 }, Ct);

        Assert.Equal(1000, Assert.IsType<OutboundResult.Answered>(fits).Body.Length);
        Assert.IsType<OutboundResult.TooLarge>(over);
    }

    [Theory]
    [InlineData("/endless")]
    [InlineData("/bomb")]
    public async Task An_answer_without_end_is_cut_off(string path) =>
        Assert.IsType<OutboundResult.TooLarge>(await door.SendAsync(OutboundRequest.Get(At(path)), Ct));

    [Fact]
    public async Task A_compressed_answer_is_read()
    {
        var answer = Assert.IsType<OutboundResult.Answered>(await door.SendAsync(OutboundRequest.Get(At("/zipped")), Ct));

        Assert.Equal("small", Encoding.UTF8.GetString(answer.Body));
    }

    [Fact]
    public async Task A_server_that_dribbles_is_given_up()
    {
        var request = OutboundRequest.Get(At("/slow")) with { Timeout = TimeSpan.FromMilliseconds(300) };

        Assert.IsType<OutboundResult.TimedOut>(await door.SendAsync(request, Ct));
    }

    [Fact]
    public async Task Waiting_for_a_turn_counts_against_the_time_limit()
    {
        using var narrow = new OutboundHttp(InDevelopment with { Concurrency = 1 });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var first = narrow.SendAsync(OutboundRequest.Get(At("/slow")) with { Timeout = TimeSpan.FromMinutes(1) }, stop.Token);

        var second = await narrow.SendAsync(OutboundRequest.Get(At("/ok")) with { Timeout = TimeSpan.FromMilliseconds(200) }, Ct);
        await stop.CancelAsync();

        Assert.IsType<OutboundResult.TimedOut>(second);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
    }

    [Theory]
    [InlineData("/cut")]
    [InlineData("/lying")]
    public async Task A_broken_answer_is_a_failure_and_no_exception(string path) =>
        Assert.IsType<OutboundResult.Failed>(await door.SendAsync(OutboundRequest.Get(At(path)), Ct));

    [Fact]
    public async Task An_address_of_the_operator_may_be_this_machine_also_in_production()
    {
        using var operators = new OutboundHttp(InProduction with { Reach = OutboundReach.Operator });
        using var publics = new OutboundHttp(InProduction);

        Assert.IsType<OutboundResult.Answered>(await operators.SendAsync(OutboundRequest.Get(At("/ok")), Ct));
        Assert.Equal(new OutboundResult.Refused(OutboundRefusal.Scheme), await publics.SendAsync(OutboundRequest.Get(At("/ok")), Ct));
    }

    [Fact]
    public async Task Plain_http_leaves_this_machine_for_nobody()
    {
        using var operators = new OutboundHttp(
            InProduction with { Reach = OutboundReach.Operator }, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("10.0.0.7")]));

        var result = await operators.SendAsync(OutboundRequest.Get("http://opa.internal:8181/"), Ct);

        Assert.Equal(new OutboundResult.Refused(OutboundRefusal.Address), result);
    }

    [Fact]
    public async Task An_inner_address_is_asked_by_tls_for_the_operator_alone()
    {
        ResolveName loopback = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]);
        using var operators = new OutboundHttp(InProduction with { Reach = OutboundReach.Operator }, loopback);
        using var publics = new OutboundHttp(InProduction, loopback);
        var inner = OutboundRequest.Get($"https://opa.internal:{server.Address.Port}/ok");

        // The server there speaks no TLS: that it was reached shows in how it failed.
        Assert.IsType<OutboundResult.Failed>(await operators.SendAsync(inner, Ct));
        Assert.Equal(new OutboundResult.Refused(OutboundRefusal.Address), await publics.SendAsync(inner, Ct));
    }

    [Fact]
    public async Task A_server_that_does_not_listen_or_has_no_certificate_is_a_failure()
    {
        await using var gone = await SmallApp.StartAsync(_ => { });
        var address = gone.Address.ToString();
        await gone.DisposeAsync();

        Assert.IsType<OutboundResult.Failed>(await door.SendAsync(OutboundRequest.Get(address), Ct));
        Assert.IsType<OutboundResult.Failed>(await door.SendAsync(OutboundRequest.Get($"https://127.0.0.1:{server.Address.Port}/ok"), Ct));
    }

    private string At(string path) => server.Address.GetLeftPart(UriPartial.Authority) + path;

    private static byte[] Compress(byte[] plain)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest))
        {
            gzip.Write(plain);
        }

        return output.ToArray();
    }
}
