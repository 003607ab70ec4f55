using System.Net;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.OAuth;

/// <summary>RFC 6749 §4.1.3, RFC 7636 §4.6: one good redemption, and what refuses it.</summary>
public sealed class RedeemCodeTests(TestSignet signet) : IClassFixture<TestSignet>, IAsyncLifetime
{
    private TestClient client = null!;
    private TestUser user = null!;
    private TestCode code = null!;

    public async ValueTask InitializeAsync()
    {
        (client, user) = (await signet.CreateClientAsync(wish => wish with { AsksConsent = false }), await signet.CreateUserAsync());
        code = await signet.AuthorizeAsync(client, user);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task The_code_is_good_to_begin_with()
    {
        var answer = await signet.RedeemAsync(client, code);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Fact]
    public async Task A_wrong_verifier_is_refused_and_uses_the_code_up()
    {
        var refused = await signet.RedeemAsync(client, code with { Verifier = TestSignet.NewVerifier() });
        var late = await signet.RedeemAsync(client, code);

        AssertRefused(refused);
        AssertRefused(late);
    }

    [Fact]
    public async Task Another_redirect_uri_is_refused()
    {
        var answer = await signet.RedeemAsync(client with { RedirectUri = "https://app.example/other" }, code);

        AssertRefused(answer);
    }

    [Fact]
    public async Task A_code_after_its_minute_is_refused()
    {
        signet.Clock.Advance(TimeSpan.FromSeconds(61));

        AssertRefused(await signet.RedeemAsync(client, code));
    }

    [Fact]
    public async Task The_code_of_another_application_is_refused_and_stays_good_for_its_own()
    {
        var other = await signet.CreateClientAsync();

        var refused = await signet.RedeemAsync(other, code);
        var answer = await signet.RedeemAsync(client, code);

        AssertRefused(refused);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Fact]
    public async Task An_unknown_code_is_refused()
    {
        AssertRefused(await signet.RedeemAsync(client, code with { Code = code.Code[..^1] + (code.Code[^1] == 'a' ? 'b' : 'a') }));
    }

    [Fact]
    public async Task A_refresh_token_is_no_code()
    {
        var tokens = await signet.RedeemAsync(client, code);

        AssertRefused(await signet.RedeemAsync(client, code with { Code = tokens["refresh_token"] }));
    }

    [Theory]
    [InlineData("code")]
    [InlineData("redirect_uri")]
    [InlineData("code_verifier")]
    [InlineData("grant_type")]
    public async Task A_missing_parameter_is_an_invalid_request(string missing)
    {
        (string Name, string Value)[] all =
            [("grant_type", "authorization_code"), ("code", code.Code), ("redirect_uri", client.RedirectUri), ("code_verifier", code.Verifier)];

        var answer = await signet.TokenAsync(client, all.Where(field => field.Name != missing));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("invalid_request", answer["error"]);
    }

    [Fact]
    public async Task A_deactivated_person_gets_no_tokens()
    {
        var key = await signet.CreateApiKeyAsync(Role.Admin);
        await signet.CallAsync(HttpMethod.Post, $"/api/v1/users/{user.Id}/deactivate", key);

        AssertRefused(await signet.RedeemAsync(client, code));
    }

    [Fact]
    public async Task A_replayed_code_revokes_its_tokens()
    {
        var tokens = await signet.RedeemAsync(client, code);

        var replay = await signet.RedeemAsync(client, code);

        AssertRefused(replay);
        Assert.False(await signet.IsActiveAsync(client, tokens["access_token"]));
        Assert.False(await signet.IsActiveAsync(client, tokens["refresh_token"]));
    }

    [Fact]
    public async Task Of_sixteen_redemptions_at_once_one_succeeds_and_the_grant_is_revoked()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => signet.RedeemAsync(client, code)));

        var won = Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.All(answers.Where(answer => answer != won), AssertRefused);
        Assert.False(await signet.IsActiveAsync(client, won["access_token"]));
        Assert.False(await signet.IsActiveAsync(client, won["refresh_token"]));
    }

    private static void AssertRefused(TestAnswer answer)
    {
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("invalid_grant", answer["error"]);
    }
}
