using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Signet.Server.Clients;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.OAuth;

/// <summary>RFC 6749 §4.4 and everything the token endpoint checks before any grant (§2.3, §3.2).</summary>
public sealed class ClientCredentialsTests(TestSignet signet) : IClassFixture<TestSignet>, IAsyncLifetime
{
    private TestClient client = null!;

    public async ValueTask InitializeAsync() => client = await signet.CreateClientAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task An_application_gets_a_token_for_itself()
    {
        var answer = await signet.ClientCredentialsAsync(client, ("scope", "api:read"));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("Bearer", answer["token_type"]);
        Assert.Equal("api:read", answer["scope"]);
        Assert.False(answer.Has("refresh_token"));
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
    }

    [Fact]
    public async Task Without_a_scope_it_gets_its_own_and_none_that_speaks_of_a_person()
    {
        var answer = await signet.ClientCredentialsAsync(client);

        Assert.Equal("api:read api:write", answer["scope"]);
    }

    [Fact]
    public async Task The_token_is_on_record_before_it_is_given()
    {
        await signet.ClientCredentialsAsync(client);

        Assert.Contains("oauth.token_issued", await signet.ActionsAsync(client.Id));
    }

    [Fact]
    public async Task The_secret_may_come_in_the_body()
    {
        var answer = await PostAsync($"grant_type=client_credentials&client_id={client.Id}&client_secret={client.Secret}");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Theory]
    [InlineData("openid")]
    [InlineData("api:read admin")]
    public async Task A_scope_it_has_not_is_refused(string scope)
    {
        var answer = await signet.ClientCredentialsAsync(client, ("scope", scope));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("invalid_scope", answer["error"]);
    }

    [Fact]
    public async Task A_wrong_secret_is_refused()
    {
        var answer = await signet.ClientCredentialsAsync(client with { Secret = client.Secret + "x" });

        AssertInvalidClient(answer);
        Assert.StartsWith("Basic", answer.Headers["WWW-Authenticate"]);
    }

    [Fact]
    public async Task An_unknown_application_is_refused_in_the_same_words()
    {
        var wrong = await signet.ClientCredentialsAsync(client with { Secret = client.Secret + "x" });
        var unknown = await signet.ClientCredentialsAsync(client with { Id = "01890000-0000-7000-8000-000000000000" });

        Assert.Equal(wrong.Text, unknown.Text);
        Assert.Equal(wrong.Status, unknown.Status);
    }

    [Fact]
    public async Task No_secret_at_all_is_refused()
    {
        AssertInvalidClient(await PostAsync($"grant_type=client_credentials&client_id={client.Id}"));
    }

    [Fact]
    public async Task A_public_application_may_not()
    {
        var app = await signet.CreatePublicClientAsync();

        var answer = await signet.ClientCredentialsAsync(app);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("unauthorized_client", answer["error"]);
    }

    [Fact]
    public async Task A_secret_proves_no_public_application()
    {
        var app = await signet.CreatePublicClientAsync();

        AssertInvalidClient(await signet.ClientCredentialsAsync(app with { Secret = client.Secret }));
    }

    [Fact]
    public async Task An_application_without_the_grant_may_not()
    {
        var web = await signet.CreateClientAsync(wish => wish with { Grants = [Grant.AuthorizationCode] });

        Assert.Equal("unauthorized_client", (await signet.ClientCredentialsAsync(web))["error"]);
    }

    [Fact]
    public async Task A_disabled_application_is_refused()
    {
        var key = await signet.CreateApiKeyAsync(Role.Admin);
        await signet.CallAsync(HttpMethod.Patch, $"/api/v1/clients/{client.Id}", key, new { state = "disabled" });

        AssertInvalidClient(await signet.ClientCredentialsAsync(client));
    }

    [Fact]
    public async Task A_deleted_application_is_refused()
    {
        var key = await signet.CreateApiKeyAsync(Role.Admin);
        await signet.CallAsync(HttpMethod.Delete, $"/api/v1/clients/{client.Id}", key);

        AssertInvalidClient(await signet.ClientCredentialsAsync(client));
    }

    [Fact]
    public async Task A_rotated_secret_is_refused_and_its_successor_is_not()
    {
        var key = await signet.CreateApiKeyAsync(Role.Admin);
        var rotated = await signet.CallAsync(HttpMethod.Post, $"/api/v1/clients/{client.Id}/rotate-secret", key, new { overlap_hours = 0 });

        AssertInvalidClient(await signet.ClientCredentialsAsync(client));
        Assert.Equal(HttpStatusCode.OK, (await signet.ClientCredentialsAsync(client with { Secret = rotated["client_secret"] })).Status);
    }

    [Fact]
    public async Task An_old_secret_holds_for_its_overlap_and_no_longer()
    {
        var key = await signet.CreateApiKeyAsync(Role.Admin);
        await signet.CallAsync(HttpMethod.Post, $"/api/v1/clients/{client.Id}/rotate-secret", key, new { overlap_hours = 1 });

        var within = await signet.ClientCredentialsAsync(client);
        signet.Clock.Advance(TimeSpan.FromMinutes(61));
        var after = await signet.ClientCredentialsAsync(client);

        Assert.Equal(HttpStatusCode.OK, within.Status);
        AssertInvalidClient(after);
    }

    [Theory]
    [InlineData("grant_type=client_credentials&grant_type=client_credentials", "invalid_request")]
    [InlineData("grant_type=client_credentials&scope=api:read&scope=api:read", "invalid_request")]
    [InlineData("scope=api:read", "invalid_request")]
    [InlineData("grant_type=password&username=a&password=b", "unsupported_grant_type")]
    [InlineData("grant_type=client_credentials&scope=%00", "invalid_request")]
    [InlineData("grant_type=client_credentials&scope=%ff", "invalid_request")]
    [InlineData("grant_type=client_credentials&scope=%zz", "invalid_request")]
    public async Task A_malformed_request_is_refused(string body, string error)
    {
        var answer = await PostAsync(body, BasicOf());

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(error, answer["error"]);
    }

    [Fact]
    public async Task Two_ways_of_authenticating_at_once_are_refused()
    {
        var answer = await PostAsync($"grant_type=client_credentials&client_id={client.Id}&client_secret={client.Secret}", BasicOf());

        Assert.Equal("invalid_request", answer["error"]);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencodedx")]
    public async Task Another_content_type_is_refused(string type)
    {
        var answer = await PostAsync("grant_type=client_credentials", BasicOf(), type);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("invalid_request", answer["error"]);
    }

    [Fact]
    public async Task A_body_too_large_is_refused()
    {
        var answer = await PostAsync($"grant_type=client_credentials&scope={new string('a', 70_000)}", BasicOf());

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
        Assert.Equal("invalid_request", answer["error"]);
    }

    [Fact]
    public async Task Guessing_from_one_address_is_slowed_down()
    {
        TestAnswer answer = null!;
        for (var guess = 0; guess < 70 && answer?.Status != HttpStatusCode.TooManyRequests; guess++)
        {
            answer = await PostAsync("grant_type=client_credentials", TestSignet.BasicOf(client.Id, $"guess-{guess}"), from: "203.0.113.9");
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.Status);
        Assert.True(answer.Headers.ContainsKey("Retry-After"));
        Assert.Equal(HttpStatusCode.OK, (await signet.ClientCredentialsAsync(client)).Status);
    }

    private AuthenticationHeaderValue BasicOf() => TestSignet.BasicOf(client.Id, client.Secret!);

    private Task<TestAnswer> PostAsync(
        string body, AuthenticationHeaderValue? authorization = null, string type = "application/x-www-form-urlencoded", string? from = null)
    {
        var content = new ByteArrayContent(Encoding.ASCII.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        var request = new HttpRequestMessage(HttpMethod.Post, signet.At("/oauth2/token")) { Content = content };
        request.Headers.Authorization = authorization;
        request.Headers.Add("X-Forwarded-For", from ?? TestSignet.NewAddress());
        return signet.SendAsync(request);
    }

    private static void AssertInvalidClient(TestAnswer answer)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Equal("invalid_client", answer["error"]);
    }
}
