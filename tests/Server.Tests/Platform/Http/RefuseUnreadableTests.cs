using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Server.Tests.BadInput;
using Signet.Platform.Http;
using Xunit;

namespace Server.Tests.Platform.Http;

/// <summary>What no handler could make anything of never reaches one, and is refused in the words of the route it was sent to.</summary>
public sealed class RefuseUnreadableTests : IAsyncLifetime
{
    private SmallApp app = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => app = await SmallApp.StartAsync(routes =>
    {
        routes.MapGet("/host", (HttpContext context) => $"{context.Request.Host}");
        routes.MapGet("/words", () => "fine").WithMetadata(new ErrorShape((context, problem) => context.Response.WriteAsync($"no: {problem.Code}")));
        routes.MapPost("/json", (Dictionary<string, string> body) => body.Count);
        routes.MapPost("/form", async (HttpRequest request) => (await FormBody.ReadAsync(request, Ct))["name"].ToString()).DisableAntiforgery();
    });

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Theory]
    [InlineData("localhost:99999")]
    [InlineData("[::1")]
    [InlineData("[::1]]")]
    [InlineData("a:b:c")]
    [InlineData(".")]
    [InlineData("café")]
    public async Task A_host_that_is_none_is_refused(string host)
    {
        var answer = await GetAsync("/host", host);

        Assert.Equal(400, answer.Status);
    }

    [Fact]
    public async Task It_is_refused_in_the_words_of_its_route()
    {
        Assert.Equal("no: invalid_input", (await GetAsync("/words", ".")).Body);
        Assert.Equal("no: invalid_input", (await GetAsync("/words?x=%00", "localhost")).Body);
    }

    [Fact]
    public async Task An_old_client_that_names_no_host_is_served_at_a_name_that_is_nobodys()
    {
        await using var connection = new WireConnection(app.Address.Port);

        var answer = await connection.AskAsync("GET /host HTTP/1.0\r\n\r\n"u8.ToArray(), isHead: false, Ct);

        Assert.Equal("host.invalid", answer?.Body);
    }

    [Theory]
    [InlineData("application/json", 200)]
    [InlineData("application/json; charset=utf-8", 200)]
    [InlineData("application/json; charset=\"UTF-8\"", 200)]
    [InlineData("application/problem+json; charset=UTF-8", 200)]
    [InlineData("application/json; charset=utf-16", 415)]
    [InlineData("application/json; charset=utf-7", 415)]
    [InlineData("application/json; charset=nope", 415)]
    [InlineData("application/json; charset=", 415)]
    [InlineData("application/json;;", 415)]
    public async Task Json_is_read_in_utf8_only(string type, int status)
    {
        using var response = await PostAsync("/json", type, "{}"u8.ToArray());

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded", 200)]
    [InlineData("application/x-www-form-urlencoded; charset=UTF-8", 200)]
    [InlineData("APPLICATION/X-WWW-FORM-URLENCODED", 200)]
    [InlineData("application/x-www-form-urlencoded; charset=utf-7", 415)]
    [InlineData("application/x-www-form-urlencoded; charset=utf-16", 415)]
    [InlineData("application/x-www-form-urlencoded; charset=nope", 415)]
    [InlineData("multipart/form-data; boundary=x", 415)]
    [InlineData("multipart/form-data", 415)]
    [InlineData("application/json", 415)]
    [InlineData("", 415)]
    public async Task Forms_are_read_url_encoded_in_utf8_only(string type, int status)
    {
        using var response = await PostAsync("/form", type, "name=a"u8.ToArray());

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status == 200 ? "a" : "unsupported_media_type", await WordOfAsync(response));
    }

    [Theory]
    [InlineData(1025, 1)]
    [InlineData(1, 3000)]
    public async Task A_form_beyond_its_limits_is_a_400_that_says_so(int fields, int nameLength)
    {
        var form = string.Join('&', Enumerable.Range(0, fields).Select(n => $"{new string('a', nameLength)}{n}=x"));

        using var response = await PostAsync("/form", "application/x-www-form-urlencoded", Encoding.ASCII.GetBytes(form));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("too many or too long fields", await response.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    private static async Task<string> WordOfAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(Ct);
        return response.IsSuccessStatusCode ? text : JsonDocument.Parse(text).RootElement.GetProperty("code").GetString()!;
    }

    // HttpClient would not send it so.
    private async Task<WireAnswer> GetAsync(string path, string host)
    {
        await using var connection = new WireConnection(app.Address.Port);
        return (await connection.AskAsync(Encoding.UTF8.GetBytes($"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n"), isHead: false, Ct))!;
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string type, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        if (type.Length > 0)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        return await app.Client.SendAsync(request, Ct);
    }
}
