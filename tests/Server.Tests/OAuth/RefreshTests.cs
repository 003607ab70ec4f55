using System.Net;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.OAuth;

/// <summary>RFC 6749 §6 and RFC 9700 §4.14.2: rotation, its grace, and what theft looks like.</summary>
public sealed class RefreshTests(TestSignet signet) : IClassFixture<TestSignet>, IAsyncLifetime
{
    private TestClient client = null!;
    private TestUser user = null!;
    private TestAnswer tokens = null!;

    private string First => tokens["refresh_token"];

    public async ValueTask InitializeAsync()
    {
        (client, user) = (await signet.CreateClientAsync(wish => wish with { AsksConsent = false }), await signet.CreateUserAsync());
        tokens = await signet.ObtainTokensAsync(client, user, "openid email offline_access");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_refresh_token_gets_a_successor_that_works()
    {
        var second = await signet.RefreshAsync(client, First);
        var third = await signet.RefreshAsync(client, second["refresh_token"]);

        Assert.Equal(HttpStatusCode.OK, second.Status);
        Assert.Equal(HttpStatusCode.OK, third.Status);
        Assert.Equal(3, new[] { First, second["refresh_token"], third["refresh_token"] }.Distinct().Count());
        Assert.Equal("openid email offline_access", third["scope"]);
        Assert.True(third.Has("id_token"));
    }

    [Fact]
    public async Task Sixteen_at_once_get_one_successor()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => signet.RefreshAsync(client, First)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        var successor = Assert.Single(answers.Select(answer => answer["refresh_token"]).Distinct());
        Assert.True(await signet.IsActiveAsync(client, successor));
    }

    [Fact]
    public async Task A_used_token_after_the_grace_kills_its_family_and_is_on_record()
    {
        var second = await signet.RefreshAsync(client, First);
        signet.Clock.Advance(TimeSpan.FromSeconds(11));

        var replay = await signet.RefreshAsync(client, First);

        AssertRefused(replay);
        AssertRefused(await signet.RefreshAsync(client, second["refresh_token"]));
        Assert.False(await signet.IsActiveAsync(client, second["access_token"]));
        Assert.False(await signet.IsActiveAsync(client, tokens["access_token"]));
        var revoked = await signet.Database.Db(signet.Clock).InTenantAsync(
            Signet.Platform.Data.TenantId.Default,
            tx => tx.ListAsync<string>(
                "select revoked_because from grants where user_id = @user", new { user = user.Id }, TestContext.Current.CancellationToken),
            TestContext.Current.CancellationToken);
        Assert.Equal(["refresh_token_replayed"], revoked);
        Assert.Contains("oauth.token_refused", await signet.ActionsAsync(client.Id));
    }

    [Fact]
    public async Task Asking_for_more_is_refused_and_leaves_the_token_good()
    {
        var more = await signet.RefreshAsync(client, First, ("scope", "openid email api:write"));
        signet.Clock.Advance(TimeSpan.FromSeconds(11));
        var answer = await signet.RefreshAsync(client, First);

        Assert.Equal("invalid_scope", more["error"]);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Fact]
    public async Task Asking_for_less_gets_less_this_once()
    {
        var less = await signet.RefreshAsync(client, First, ("scope", "openid"));
        var all = await signet.RefreshAsync(client, less["refresh_token"]);

        Assert.Equal("openid", less["scope"]);
        Assert.Equal("openid email offline_access", all["scope"]);
    }

    [Fact]
    public async Task Another_applications_token_is_refused_and_stays_good()
    {
        var other = await signet.CreateClientAsync();

        AssertRefused(await signet.RefreshAsync(other, First));
        Assert.Equal(HttpStatusCode.OK, (await signet.RefreshAsync(client, First)).Status);
    }

    [Fact]
    public async Task A_used_token_in_other_hands_does_not_kill_the_family()
    {
        var other = await signet.CreateClientAsync();
        var second = await signet.RefreshAsync(client, First);
        signet.Clock.Advance(TimeSpan.FromSeconds(11));

        AssertRefused(await signet.RefreshAsync(other, First));
        Assert.Equal(HttpStatusCode.OK, (await signet.RefreshAsync(client, second["refresh_token"])).Status);
    }

    [Fact]
    public async Task A_revoked_token_is_refused()
    {
        await signet.RevokeAsync(client, First);

        AssertRefused(await signet.RefreshAsync(client, First));
    }

    [Fact]
    public async Task A_revoked_family_gets_no_successor_within_the_grace()
    {
        var second = await signet.RefreshAsync(client, First);
        await signet.RevokeAsync(client, second["refresh_token"]);

        AssertRefused(await signet.RefreshAsync(client, First));
    }

    [Fact]
    public async Task A_token_idle_for_a_month_is_refused()
    {
        signet.Clock.Advance(TimeSpan.FromDays(31));

        AssertRefused(await signet.RefreshAsync(client, First));
    }

    [Fact]
    public async Task A_deactivated_persons_token_is_refused_and_stays_so()
    {
        var key = await signet.CreateApiKeyAsync(Role.Admin);
        await signet.CallAsync(HttpMethod.Post, $"/api/v1/users/{user.Id}/deactivate", key);

        AssertRefused(await signet.RefreshAsync(client, First));
    }

    [Fact]
    public async Task A_disabled_application_is_refused()
    {
        var key = await signet.CreateApiKeyAsync(Role.Admin);
        await signet.CallAsync(HttpMethod.Patch, $"/api/v1/clients/{client.Id}", key, new { state = "disabled" });

        var answer = await signet.RefreshAsync(client, First);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Equal("invalid_client", answer["error"]);
    }

    [Fact]
    public async Task An_access_token_is_no_refresh_token() => AssertRefused(await signet.RefreshAsync(client, tokens["access_token"]));

    [Fact]
    public async Task Signing_out_everywhere_ends_what_was_not_offline()
    {
        var browser = await signet.SignInAsync(user);
        var online = await signet.ObtainTokensAsync(client, user, "openid", browser);
        var page = await browser.GetAsync("/account");
        var token = TestBrowser.FormIn(page).Hidden.First(field => field.Name == "_token").Value;
        browser.Headers["X-CSRF-Token"] = token;

        var ended = await browser.DeleteAsync("/v1/auth/sessions");

        Assert.Equal(HttpStatusCode.OK, ended.Status);
        await Until.TrueAsync(async () => !await signet.IsActiveAsync(client, online["access_token"]), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, (await signet.RefreshAsync(client, First)).Status);
    }

    private static void AssertRefused(TestAnswer answer)
    {
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("invalid_grant", answer["error"]);
    }
}
