using System.Net;
using Signet.OpenIdFederation;
using Signet.OpenIdFederation.Statements;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Federation;

/// <summary>A tenant as a federation entity: what it says of itself, with which keys, and what happens when one of them goes.</summary>
public sealed class EntityTests
{
    private const string WellKnown = "/.well-known/openid-federation";

    [Theory]
    [InlineData(WellKnown)]
    [InlineData("/historical_keys")]
    public async Task Where_nothing_is_switched_on_there_is_nothing_in_the_words_of_the_federation(string path)
    {
        await using var signet = await TestSignet.StartAsync();

        var answer = await signet.CallAsync(HttpMethod.Get, path);

        Assert.Equal((HttpStatusCode.NotFound, "not_found"), (answer.Status, answer["error"]));
        Assert.NotEmpty(answer["error_description"]);
    }

    [Fact]
    public async Task An_entity_that_is_switched_on_publishes_a_configuration_others_accept()
    {
        await using var signet = await TestSignet.StartAsync();
        var anchor = await Anchor.StartAsync(signet, ("organization_name", "Campus"), ("contacts", new[] { "ops@example.org" }), ("trust_anchor_hints", new[] { "https://other.example.org" }));

        var answer = await signet.CallAsync(HttpMethod.Get, WellKnown);

        Assert.Equal("application/entity-statement+jwt", answer.Headers["Content-Type"]);
        Assert.Equal("*", answer.Headers["Access-Control-Allow-Origin"]);
        var statement = EntityStatement.TryReadConfiguration(answer.Text, anchor.Id, signet.Clock.GetUtcNow(), FederationRules.Standard, out var fault);
        Assert.True(statement is not null, fault?.Detail);
        var metadata = statement.Metadata!.Value.GetProperty(EntityTypes.FederationEntity);
        Assert.Equal("Campus", metadata.GetProperty("organization_name").GetString());
        Assert.Equal($"{anchor.Id}/historical_keys", metadata.GetProperty("federation_historical_keys_endpoint").GetString());
        Assert.Equal("https://other.example.org", Assert.Single(statement.TrustAnchorHints).Value);
        // Point 13: whole seconds.
        Assert.DoesNotContain('.', statement.Claims.GetProperty("exp").GetRawText());
        // Its keys are not those that sign tokens.
        Assert.DoesNotContain(Assert.Single(statement.Keys!.Kids), (await signet.CallAsync(HttpMethod.Get, "/oauth2/jwks")).Text);
        Assert.Equal(HttpStatusCode.NotModified, (await signet.SendAsync(Conditional(signet, answer.Headers["ETag"]))).Status);
    }

    [Theory]
    [InlineData("extra_claims", """{"iss":"https://other.example.org"}""")]
    [InlineData("metadata", """{"federation_fetch_endpoint":"https://other.example.org/fetch"}""")]
    [InlineData("metadata", """{"note":null}""")]
    [InlineData("metadata_policy", """{"openid_provider":{"issuer":{"one_of":"text"}}}""")]
    [InlineData("metadata_policy_crit", """["value"]""")]
    [InlineData("authority_hints", """["http://other.example.org"]""")]
    [InlineData("algorithms", """["EdDSA"]""")]
    [InlineData("configuration_seconds", "1")]
    [InlineData("crit", """["absent"]""")]
    public async Task What_nobody_would_accept_is_refused_under_its_name(string field, string value)
    {
        await using var signet = await TestSignet.StartAsync();
        var key = await signet.CreateApiKeyAsync(Role.Owner);

        var answer = await signet.CallAsync(HttpMethod.Put, "/api/v1/federation/entity", key, $$"""{"enabled":true,"{{field}}":{{value}}}""");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty(field, out _), answer.Text);
        Assert.Equal(HttpStatusCode.NotFound, (await signet.CallAsync(HttpMethod.Get, WellKnown)).Status);
    }

    [Fact]
    public async Task A_change_of_what_somebody_else_changed_is_refused()
    {
        await using var signet = await TestSignet.StartAsync();
        var anchor = await Anchor.StartAsync(signet);
        var tag = (await anchor.CallAsync(HttpMethod.Get, "/api/v1/federation/entity")).Headers["ETag"];

        Assert.Equal(HttpStatusCode.OK, (await PutAsync("First")).Status);
        var second = await PutAsync("Second");

        Assert.Equal((HttpStatusCode.PreconditionFailed, "federation.changed_meanwhile"), (second.Status, second["code"]));

        async Task<TestAnswer> PutAsync(string name)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, signet.At("/api/v1/federation/entity")) { Content = TestAnswer.JsonOf(new { enabled = true, organization_name = name }) };
            request.Headers.Authorization = new("Bearer", anchor.Key);
            request.Headers.TryAddWithoutValidation("If-Match", tag);
            return await signet.SendAsync(request);
        }
    }

    /// <summary>Point 26: the procedure of §11.2.</summary>
    [Fact]
    public async Task A_key_is_in_the_configuration_for_as_long_as_that_lives_before_it_signs()
    {
        await using var signet = await TestSignet.StartAsync();
        var anchor = await Anchor.StartAsync(signet, ("configuration_seconds", 172_800));
        var first = (await anchor.ConfigurationAsync()).Kid;

        var announced = (await anchor.CallAsync(HttpMethod.Post, "/api/v1/federation/keys/rotate", new { algorithm = "ES256" }))["kid"];

        var during = await anchor.ConfigurationAsync();
        Assert.Equal(first, during.Kid);
        Assert.Equal([announced, first], during.Keys!.Kids.Order().SequenceEqual([announced, first]) ? during.Keys!.Kids.Order() : during.Keys!.Kids.OrderDescending());
        signet.Clock.Advance(TimeSpan.FromHours(47));
        await signet.RunScheduledAsync("federation.upkeep");
        Assert.Equal(first, (await anchor.ConfigurationAsync()).Kid);
        signet.Clock.Advance(TimeSpan.FromHours(3));
        await signet.RunScheduledAsync("federation.upkeep");
        var after = await anchor.ConfigurationAsync();
        Assert.Equal(announced, after.Kid);
        Assert.Contains(first, after.Keys!.Kids);
        signet.Clock.Advance(TimeSpan.FromDays(8));
        await signet.RunScheduledAsync("federation.upkeep");
        var end = await anchor.ConfigurationAsync();
        Assert.Equal(announced, Assert.Single(end.Keys!.Kids));
        var old = Assert.Single((await anchor.HistoricalKeysAsync(end)).Keys);
        Assert.Equal((first, null), (old.Key.Kid, old.Revocation));
    }

    [Fact]
    public async Task A_revoked_key_signs_nothing_that_is_served_and_its_reason_is_published()
    {
        await using var signet = await TestSignet.StartAsync();
        var anchor = await Anchor.StartAsync(signet);
        var first = (await anchor.ConfigurationAsync()).Kid;

        var answer = await anchor.CallAsync(HttpMethod.Post, $"/api/v1/federation/keys/{first}/revoke", new { reason = "compromised" });

        var after = await anchor.ConfigurationAsync();
        Assert.Equal((answer["kid"], answer["kid"]), (after.Kid, Assert.Single(after.Keys!.Kids)));
        Assert.Equal("compromised", Assert.Single((await anchor.HistoricalKeysAsync(after)).Keys).Revocation!.Reason);
        Assert.Equal(HttpStatusCode.NotFound, (await anchor.CallAsync(HttpMethod.Post, $"/api/v1/federation/keys/{first}/revoke", new { reason = "compromised" })).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await anchor.CallAsync(HttpMethod.Post, $"/api/v1/federation/keys/{after.Kid}/revoke", new { reason = "boredom" })).Status);
    }

    [Fact]
    public async Task A_configuration_that_has_ended_is_not_served_whether_or_not_anybody_renewed_it()
    {
        await using var signet = await TestSignet.StartAsync();
        var anchor = await Anchor.StartAsync(signet);
        var first = await anchor.ConfigurationAsync();

        signet.Clock.Advance(TimeSpan.FromDays(3));

        Assert.True((await anchor.ConfigurationAsync()).ExpiresAt > first.ExpiresAt);
        await using var other = await signet.StartNodeAsync();
        Assert.Equal((await signet.CallAsync(HttpMethod.Get, WellKnown)).Text, (await other.CallAsync(HttpMethod.Get, WellKnown)).Text);
        await anchor.PutAsync(("enabled", false));
        Assert.Equal(HttpStatusCode.NotFound, (await other.CallAsync(HttpMethod.Get, WellKnown)).Status);
    }

    [Fact]
    public async Task Another_algorithm_is_announced_beside_the_first_and_signs_once_it_comes_first()
    {
        await using var signet = await TestSignet.StartAsync();
        var anchor = await Anchor.StartAsync(signet);

        await anchor.PutAsync(("algorithms", new[] { "Ed25519", "ES256" }));

        var during = await anchor.ConfigurationAsync();
        Assert.Equal(("ES256", 2), (during.Keys!.Find(during.Kid)!.Algorithm!.Name, during.Keys!.Kids.Count));
        signet.Clock.Advance(TimeSpan.FromHours(26));
        await signet.RunScheduledAsync("federation.upkeep");
        var after = await anchor.ConfigurationAsync();
        // Point 14: by its name of RFC 9864.
        Assert.Equal("Ed25519", after.Keys!.Find(after.Kid)!.Algorithm!.Name);
    }

    private static HttpRequestMessage Conditional(TestSignet signet, string tag)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, signet.At(WellKnown));
        request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        return request;
    }
}
