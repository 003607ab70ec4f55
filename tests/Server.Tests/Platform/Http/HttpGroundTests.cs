using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Npgsql;
using Signet.Platform.Http;
using Xunit;

namespace Server.Tests.Platform.Http;

public sealed class HttpGroundTests : IAsyncLifetime
{
    private static readonly Problem AlreadyMember = new(409, "users.already_member", "That person is a member already.");

    private SmallApp app = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => app = await SmallApp.StartAsync(routes =>
    {
        routes.MapGet("/ok", () => "fine");
        routes.MapGet("/member", () => AlreadyMember.WithError("email", "is taken") with { Detail = "Ask them." });
        routes.MapGet("/number", (int many) => many);
        routes.MapGet("/bug", string () => throw new InvalidOperationException("the password is hunter2"));
        routes.MapGet("/gone", string () => throw new NpgsqlException("db.internal refused", new SocketException(111)));
        routes.MapGet("/nul", string () => throw new PostgresException("bad byte", "ERROR", "ERROR", "22021"));
        routes.MapGet("/half", async context =>
        {
            await context.Response.WriteAsync("half", Ct);
            await context.Response.Body.FlushAsync(Ct);
            throw new InvalidOperationException("too late");
        });
        routes.MapPost("/person", (Person person) => person);
        routes.MapPost("/form", async (HttpRequest request) => (await FormBody.ReadAsync(request, Ct)).Count).DisableAntiforgery();
        routes.MapPost("/small", async (HttpRequest request) => (await new StreamReader(request.Body).ReadToEndAsync(Ct)).Length).LimitsBody(10);
        routes.MapGet("/oauth", () => AlreadyMember)
            .WithMetadata(new ErrorShape((context, problem) => context.Response.WriteAsJsonAsync(new { error = "invalid_request", problem.Status })));
        routes.MapGet("/oauth-bug", string () => throw new InvalidOperationException())
            .WithMetadata(new ErrorShape((context, _) => context.Response.WriteAsync("""{"error":"server_error"}""")));
        routes.MapGet("/broken-page", () => AlreadyMember).WithMetadata(new ErrorShape((_, _) => throw new InvalidOperationException("the password is hunter2")));
        routes.MapGet("/broken-page-of-a-bug", string () => throw new InvalidOperationException())
            .WithMetadata(new ErrorShape((_, _) => throw new InvalidOperationException("the password is hunter2")));
        routes.MapGet("/bare-broken-page", () => TypedResults.NotFound()).WithMetadata(new ErrorShape((_, _) => throw new InvalidOperationException()));
        routes.MapGet("/whoami", (HttpContext context) => $"{ClientAddress.Of(context).Text} {context.Request.Scheme} {context.Request.Host} {context.Connection.RemoteIpAddress}");
        routes.MapGet("/consent", (HttpContext context) => ResponseHeaders.AllowFormsTo(context, "https://app.example:8443/cb?x=1"));
    });

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task A_problem_carries_its_code_and_the_reference_of_the_header()
    {
        using var response = await app.Client.GetAsync("/member", Ct);

        using var body = await ReadAsync(response);
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(
            $$$"""{"type":"urn:signet:users:already_member","title":"That person is a member already.","status":409,"code":"users.already_member","detail":"Ask them.","reference":"{{{IdOf(response)}}}","errors":{"email":["is taken"]}}""",
            body.RootElement.GetRawText());
    }

    [Fact]
    public async Task Every_request_has_its_own_id_and_the_caller_does_not_choose_it()
    {
        using var first = await SendAsync(HttpMethod.Get, "/ok", "X-Request-Id", "chosen-by-the-caller");
        using var second = await app.Client.GetAsync("/ok", Ct);

        Assert.Matches("^[0-9a-z]{24}$", IdOf(first));
        Assert.NotEqual(IdOf(first), IdOf(second));
    }

    [Fact]
    public void Ids_do_not_repeat()
    {
        var ids = Enumerable.Range(0, 10_000).AsParallel().Select(_ => RequestId.New()).ToHashSet(StringComparer.Ordinal);

        Assert.Equal(10_000, ids.Count);
    }

    [Fact]
    public async Task A_trusted_proxy_names_client_scheme_host_and_request()
    {
        var loopback = Assert.IsType<TrustedProxies.Parsed.Valid>(TrustedProxies.Parse("127.0.0.1")).Proxies;
        await using var behind = await SmallApp.StartAsync(
            routes => routes.MapGet("/", (HttpContext c) => $"{c.Connection.RemoteIpAddress} {c.Request.Scheme} {c.Request.Host}"), loopback);
        using var request = new HttpRequestMessage(HttpMethod.Get, behind.Address);
        request.Headers.Add("X-Forwarded-For", "198.51.100.1");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-Host", "id.example");
        request.Headers.Add("X-Request-Id", "from-the-proxy");

        using var response = await behind.Client.SendAsync(request, Ct);

        Assert.Equal("198.51.100.1 https id.example", await response.Content.ReadAsStringAsync(Ct));
        Assert.Equal("from-the-proxy", IdOf(response));
        Assert.Equal("max-age=31536000", response.Headers.GetValues("Strict-Transport-Security").Single());
    }

    [Fact]
    public async Task A_direct_client_cannot_name_anything()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/whoami");
        request.Headers.Add("X-Forwarded-For", "198.51.100.1");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-Host", "id.example");

        using var response = await app.Client.SendAsync(request, Ct);

        Assert.Equal($"127.0.0.1 http 127.0.0.1:{app.Address.Port} 127.0.0.1", await response.Content.ReadAsStringAsync(Ct));
        Assert.False(response.Headers.Contains("Strict-Transport-Security"));
    }

    [Theory]
    [InlineData("/ok", 200)]
    [InlineData("/bug", 500)]
    [InlineData("/nothing", 404)]
    public async Task Every_answer_is_closed_by_default(string path, int status)
    {
        using var response = await app.Client.GetAsync(path, Ct);

        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("same-origin", response.Headers.GetValues("Cross-Origin-Opener-Policy").Single());
        Assert.True(response.Headers.CacheControl?.NoStore);
        Assert.False(response.Headers.Contains("Server"));
    }

    [Fact]
    public async Task A_form_may_lead_to_the_origin_of_a_redirect_uri_and_no_further()
    {
        using var response = await app.Client.GetAsync("/consent", Ct);

        Assert.EndsWith("form-action 'self' https://app.example:8443", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("not a uri")]
    [InlineData("https://a.example;script-src*/x")]
    public void What_is_no_source_cannot_widen_the_policy(string redirectUri)
    {
        var context = new DefaultHttpContext();

        Assert.False(ResponseHeaders.AllowFormsTo(context, redirectUri));
        Assert.Empty(context.Response.Headers.ContentSecurityPolicy.ToString());
    }

    [Fact]
    public async Task A_bug_says_nothing_but_its_reference()
    {
        using var response = await app.Client.GetAsync("/bug", Ct);

        var text = await response.Content.ReadAsStringAsync(Ct);
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Contains(IdOf(response), text, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_away_is_a_503_that_says_when_to_return()
    {
        using var response = await app.Client.GetAsync("/gone", Ct);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(2), response.Headers.RetryAfter?.Delta);
        Assert.DoesNotContain("db.internal", await response.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Half_an_answer_does_not_look_like_a_whole_one() =>
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => app.Client.GetStringAsync("/half", Ct));

    [Theory]
    [InlineData("/number", 400, "many", "is required")]
    [InlineData("/number?many=x", 400, "many", "is not valid")]
    [InlineData("/number?many=99999999999", 400, "many", "is not valid")]
    public async Task A_parameter_that_cannot_be_read_is_named(string path, int status, string field, string message)
    {
        using var response = await app.Client.GetAsync(path, Ct);

        using var body = await ReadAsync(response);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("invalid_input", body.RootElement.GetProperty("code").GetString());
        Assert.Equal(message, body.RootElement.GetProperty("errors").GetProperty(field)[0].GetString());
    }

    [Theory]
    [InlineData("/ok?x=%00")]
    [InlineData("/nul")]
    public async Task Nul_is_the_callers_mistake(string path)
    {
        using var response = await app.Client.GetAsync(path, Ct);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/person", 405, "method_not_allowed")]
    [InlineData("GET", "/nothing", 404, "not_found")]
    public async Task Answers_of_the_router_have_a_body_too(string method, string path, int status, string code)
    {
        using var response = await SendAsync(HttpMethod.Parse(method), path);

        using var body = await ReadAsync(response);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(code, body.RootElement.GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("/oauth", 409, """{"error":"invalid_request","status":409}""")]
    [InlineData("/oauth-bug", 500, """{"error":"server_error"}""")]
    public async Task An_endpoint_with_its_own_error_shape_uses_it_for_every_refusal(string path, int status, string expected)
    {
        using var response = await app.Client.GetAsync(path, Ct);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(expected, await response.Content.ReadAsStringAsync(Ct));
    }

    [Theory]
    [InlineData("/broken-page")]
    [InlineData("/broken-page-of-a-bug")]
    [InlineData("/bare-broken-page")]
    public async Task A_refusal_that_cannot_be_shown_is_a_500_with_everything_a_500_has(string path)
    {
        using var response = await app.Client.GetAsync(path, Ct);

        using var body = await ReadAsync(response);
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("internal_error", body.RootElement.GetProperty("code").GetString());
        Assert.Equal(IdOf(response), body.RootElement.GetProperty("reference").GetString());
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.DoesNotContain("hunter2", body.RootElement.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_over_the_limit_of_its_endpoint_is_413()
    {
        using var fits = await app.Client.PostAsync("/small", new StringContent("0123456789"), Ct);
        using var over = await app.Client.PostAsync("/small", new StringContent("01234567890"), Ct);
        using var chunked = new HttpRequestMessage(HttpMethod.Post, "/small") { Content = new StringContent("01234567890"), Headers = { TransferEncodingChunked = true } };
        using var overChunked = await app.Client.SendAsync(chunked, Ct);

        Assert.Equal(HttpStatusCode.OK, fits.StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, over.StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, overChunked.StatusCode);
    }

    [Fact]
    public async Task A_form_with_too_many_fields_is_a_400()
    {
        var fields = Enumerable.Range(0, 2000).Select(n => new KeyValuePair<string, string>($"f{n}", "x"));

        using var response = await app.Client.PostAsync("/form", new FormUrlEncodedContent(fields), Ct);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task A_valid_body_is_read_and_written_in_snake_case()
    {
        using var response = await PostJsonAsync("""{"organization_name":"Acme","age":3}""");

        Assert.Equal("""{"organization_name":"Acme","age":3}""", await response.Content.ReadAsStringAsync(Ct));
    }

    [Theory]
    [InlineData("""{"age":3}""", "organization_name")]
    [InlineData("""{"organization_name":null,"age":3}""", "organization_name")]
    [InlineData("""{"organization_name":"Acme","age":"3"}""", "age")]
    [InlineData("""{"organization_name":7,"age":3}""", "organization_name")]
    [InlineData("""{"organization_name":"a\u0000b","age":3}""", "organization_name")]
    [InlineData("""{"organization_name":"\ud800","age":3}""", "organization_name")]
    [InlineData("""{"OrganizationName":"Acme","age":3}""", "organization_name")]
    [InlineData("""{"organization_name":"Acme","age":99999999999}""", "age")]
    public async Task A_field_that_cannot_be_read_is_named(string json, string field)
    {
        using var response = await PostJsonAsync(json);

        using var body = await ReadAsync(response);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.True(body.RootElement.GetProperty("errors").TryGetProperty(field, out _), body.RootElement.GetRawText());
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"organization_name":"Acme","organization_name":"Evil","age":3}""")]
    [InlineData("""{"organization_name":"Acme","age":3,}""")]
    [InlineData("""{"organization_name":"Acme","age":3} trailing""")]
    [InlineData("""{"organization_name":"Acme","age":3,"deep":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}""")]
    public async Task A_body_that_is_not_our_json_is_a_400(string json)
    {
        using var response = await PostJsonAsync(json);

        using var body = await ReadAsync(response);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("invalid_input", body.RootElement.GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_body_in_bytes_that_are_no_utf8_is_a_400()
    {
        using var content = new ByteArrayContent([.. "{\"organization_name\":\""u8, 0xff, 0xfe, .. "\",\"age\":3}"u8]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        using var response = await app.Client.PostAsync("/person", content, Ct);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Another_content_type_is_a_415()
    {
        using var response = await app.Client.PostAsync("/person", new StringContent("age=3"), Ct);

        using var body = await ReadAsync(response);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Equal("unsupported_media_type", body.RootElement.GetProperty("code").GetString());
    }

    private static string IdOf(HttpResponseMessage response) => response.Headers.GetValues("X-Request-Id").Single();

    private static async Task<JsonDocument> ReadAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync(Ct));

    private Task<HttpResponseMessage> PostJsonAsync(string json) =>
        app.Client.PostAsync("/person", new StringContent(json, Encoding.UTF8, "application/json"), Ct);

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? header = null, string? value = null)
    {
        var request = new HttpRequestMessage(method, path);
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }

        return app.Client.SendAsync(request, Ct);
    }

    public sealed record Person(string OrganizationName, int Age);
}
