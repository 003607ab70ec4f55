using System.Net;
using System.Text.Json;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.OAuth;

/// <summary>Introspection (RFC 7662), revocation (RFC 7009) and userinfo (OIDC Core §5.3): whether a token holds, at every place that asks.</summary>
public sealed class TokenStateTests(TestSignet signet) : IClassFixture<TestSignet>, IAsyncLifetime
{
    private TestClient client = null!;
    private TestUser user = null!;
    private TestAnswer tokens = null!;

    private string Access => tokens["access_token"];

    private string Refresh => tokens["refresh_token"];

    public async ValueTask InitializeAsync()
    {
        (client, user) = (await signet.CreateClientAsync(wish => wish with { AsksConsent = false }), await signet.CreateUserAsync());
        tokens = await signet.ObtainTokensAsync(client, user, "openid email");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task An_active_token_is_described()
    {
        var now = signet.Clock.GetUtcNow().ToUnixTimeSeconds();

        var answer = await signet.IntrospectAsync(client, Access);

        Assert.Equal("True", answer["active"]);
        Assert.Equal(client.Id, answer["client_id"]);
        Assert.Equal(user.Id.ToString(), answer["sub"]);
        Assert.Equal(user.Email, answer["username"]);
        Assert.Equal(signet.Issuer, answer["iss"]);
        Assert.Equal("openid email", answer["scope"]);
        Assert.Equal("Bearer", answer["token_type"]);
        Assert.Equal(now, answer.Json.GetProperty("iat").GetInt64());
        Assert.Equal(now + 900, answer.Json.GetProperty("exp").GetInt64());
    }

    [Fact]
    public async Task A_refresh_token_is_described()
    {
        var answer = await signet.IntrospectAsync(client, Refresh);

        Assert.Equal("True", answer["active"]);
        Assert.Equal(user.Id.ToString(), answer["sub"]);
        Assert.Equal(client.Id, answer["client_id"]);
    }

    [Fact]
    public async Task Of_a_token_that_does_not_hold_nothing_is_said()
    {
        signet.Clock.Advance(TimeSpan.FromMinutes(16));

        var answer = await signet.IntrospectAsync(client, Access);

        Assert.Equal("""{"active":false}""", answer.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no token")]
    [InlineData("eyJhbGciOiJub25lIn0.e30.")]
    public async Task Nonsense_is_not_active(string token)
    {
        var answer = await signet.IntrospectAsync(client, token);

        Assert.True(answer.Text == """{"active":false}""" || answer["error"] == "invalid_request", answer.Text);
    }

    [Fact]
    public async Task A_token_with_one_changed_character_is_not_active()
    {
        var middle = Access.Length / 2;
        var changed = Access[..middle] + (Access[middle] == 'A' ? 'B' : 'A') + Access[(middle + 1)..];

        Assert.False(await signet.IsActiveAsync(client, changed));
    }

    [Fact]
    public async Task An_id_token_is_no_access_token()
    {
        Assert.False(await signet.IsActiveAsync(client, tokens["id_token"]));
        Assert.Equal(HttpStatusCode.Unauthorized, (await signet.UserInfoAsync(tokens["id_token"])).Status);
    }

    [Fact]
    public async Task A_wrong_secret_asks_in_vain()
    {
        var answer = await signet.IntrospectAsync(client with { Secret = "wrong" }, Access);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Equal("invalid_client", answer["error"]);
    }

    [Fact]
    public async Task A_public_application_may_not_ask()
    {
        var answer = await signet.IntrospectAsync(await signet.CreatePublicClientAsync(), Access);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
    }

    [Fact]
    public async Task A_revoked_access_token_goes_alone()
    {
        var answer = await signet.RevokeAsync(client, Access);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.False(await signet.IsActiveAsync(client, Access));
        Assert.Equal(HttpStatusCode.Unauthorized, (await signet.UserInfoAsync(Access)).Status);
        Assert.True(await signet.IsActiveAsync(client, Refresh));
    }

    [Fact]
    public async Task A_revoked_refresh_token_takes_its_whole_grant()
    {
        await signet.RevokeAsync(client, Refresh);

        Assert.False(await signet.IsActiveAsync(client, Refresh));
        Assert.False(await signet.IsActiveAsync(client, Access));
    }

    [Fact]
    public async Task Another_applications_token_is_not_touched()
    {
        var other = await signet.CreateClientAsync();

        var access = await signet.RevokeAsync(other, Access);
        var refresh = await signet.RevokeAsync(other, Refresh);

        Assert.Equal(HttpStatusCode.OK, access.Status);
        Assert.Equal(HttpStatusCode.OK, refresh.Status);
        Assert.True(await signet.IsActiveAsync(client, Access));
        Assert.True(await signet.IsActiveAsync(client, Refresh));
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("eyJhbGciOiJFUzI1NiJ9.e30.AAAA")]
    public async Task An_unknown_token_is_revoked_already(string token)
    {
        Assert.Equal(HttpStatusCode.OK, (await signet.RevokeAsync(client, token)).Status);
    }

    [Fact]
    public async Task Revoking_without_a_token_is_an_invalid_request()
    {
        var answer = await signet.PostAsync("/oauth2/revoke", client, []);

        Assert.Equal("invalid_request", answer["error"]);
    }

    [Fact]
    public async Task Userinfo_says_what_the_scopes_allow()
    {
        var answer = await signet.UserInfoAsync(Access);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(["email", "email_verified", "sub"], answer.Json.EnumerateObject().Select(member => member.Name).Order());
        Assert.Equal(user.Email, answer["email"]);
    }

    [Fact]
    public async Task Userinfo_of_openid_alone_is_the_subject()
    {
        var own = await signet.ObtainTokensAsync(client, user);

        var answer = await signet.UserInfoAsync(own["access_token"]);

        Assert.Equal(["sub"], answer.Json.EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task Userinfo_with_profile_names_the_person()
    {
        var own = await signet.ObtainTokensAsync(client, user, "openid profile");

        var answer = await signet.UserInfoAsync(own["access_token"]);

        Assert.StartsWith("Person ", answer["name"]);
        Assert.Equal(JsonValueKind.Number, answer.Json.GetProperty("updated_at").ValueKind);
    }

    [Fact]
    public async Task Userinfo_without_a_token_says_only_what_kind_is_wanted()
    {
        var answer = await signet.UserInfoAsync(null);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.StartsWith("Bearer", answer.Headers["WWW-Authenticate"]);
        Assert.DoesNotContain("error", answer.Headers["WWW-Authenticate"]);
        Assert.Empty(answer.Text);
    }

    [Fact]
    public async Task Userinfo_with_an_expired_token_says_so()
    {
        signet.Clock.Advance(TimeSpan.FromMinutes(16));

        var answer = await signet.UserInfoAsync(Access);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Contains("invalid_token", answer.Headers["WWW-Authenticate"]);
    }

    [Fact]
    public async Task Userinfo_without_openid_is_not_allowed()
    {
        var own = await signet.ObtainTokensAsync(client, user, "api:read");

        var answer = await signet.UserInfoAsync(own["access_token"]);

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Contains("insufficient_scope", answer.Headers["WWW-Authenticate"]);
    }

    [Fact]
    public async Task An_applications_own_token_speaks_of_nobody()
    {
        var own = await signet.ClientCredentialsAsync(client);

        Assert.Equal(HttpStatusCode.Unauthorized, (await signet.UserInfoAsync(own["access_token"])).Status);
    }

    [Fact]
    public async Task A_deactivated_persons_tokens_stop_at_once_and_do_not_come_back()
    {
        var key = await signet.CreateApiKeyAsync(Role.Admin);
        await signet.CallAsync(HttpMethod.Post, $"/api/v1/users/{user.Id}/deactivate", key);

        Assert.False(await signet.IsActiveAsync(client, Access));
        Assert.False(await signet.IsActiveAsync(client, Refresh));
        await Until.TrueAsync(() => GrantsEndedAsync(), TestContext.Current.CancellationToken);
        await signet.CallAsync(HttpMethod.Post, $"/api/v1/users/{user.Id}/reactivate", key);
        Assert.False(await signet.IsActiveAsync(client, Access));
    }

    [Fact]
    public async Task A_disabled_applications_tokens_are_not_active()
    {
        var asker = await signet.CreateClientAsync();
        var key = await signet.CreateApiKeyAsync(Role.Admin);
        await signet.CallAsync(HttpMethod.Patch, $"/api/v1/clients/{client.Id}", key, new { state = "disabled" });

        Assert.False(await signet.IsActiveAsync(asker, Access));
        Assert.False(await signet.IsActiveAsync(asker, Refresh));
    }

    private async Task<bool> GrantsEndedAsync() => await signet.Database.Db(signet.Clock).InTenantAsync(
        Signet.Platform.Data.TenantId.Default,
        async tx => (await tx.ListAsync<Guid>(
            "select grant_id from grants where user_id = @user and revoked_at is null", new { user = user.Id }, CancellationToken.None)).Count == 0,
        CancellationToken.None);
}
