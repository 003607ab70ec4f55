using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Server.Tests.Agents;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.AgentCards;

/// <summary>What an agent says of itself to anybody: where, signed by whom, and for how long.</summary>
public sealed class CardTests(TestSignet signet) : IClassFixture<TestSignet>, IAsyncLifetime
{
    private string key = "";
    private CardDesk desk = null!;

    public async ValueTask InitializeAsync()
    {
        key = await signet.CreateApiKeyAsync(Role.Owner);
        desk = new CardDesk(signet, key);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_published_card_is_served_in_the_protocols_words_and_signed_by_the_tenant()
    {
        var id = await desk.PublishAsync(
            ("name", "<script>alert(1)</script> \"é\" 😀"),
            ("provider", CardDesk.Of(("organization", "Acme"), ("url", "https://acme.example/"))),
            ("documentationUrl", "https://acme.example/docs"),
            ("capabilities", CardDesk.Of(("streaming", true))),
            ("skills", new[] { CardDesk.Skill(("examples", new[] { "Screen this." })) }));

        var answer = await desk.ReadAsync(id);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("application/json", answer.Headers["Content-Type"]);
        Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
        Assert.Equal("public, max-age=60", answer.Headers["Cache-Control"]);
        Assert.Equal("*", answer.Headers["Access-Control-Allow-Origin"]);
        Assert.True(await CardDesk.IsSignedAsync(signet, answer.Json));
        var card = JsonNode.Parse(answer.Text)!.AsObject();
        card.Remove("signatures");
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse($$$"""
            {
              "name": "<script>alert(1)</script> \"é\" 😀",
              "description": "Reads résumés\nand sorts them.",
              "version": "1.0.0",
              "supportedInterfaces": [{"url": "https://screener.example/a2a", "protocolBinding": "JSONRPC", "protocolVersion": "1.0"}],
              "provider": {"organization": "Acme", "url": "https://acme.example/"},
              "documentationUrl": "https://acme.example/docs",
              "capabilities": {"streaming": true, "pushNotifications": false, "extendedAgentCard": false},
              "securitySchemes": {"signet": {"oauth2SecurityScheme": {
                "description": "An access token of {{{signet.Issuer}}} for the URL of the interface as its resource (RFC 8707).",
                "oauth2MetadataUrl": "{{{signet.Issuer}}}/.well-known/oauth-authorization-server",
                "flows": {"clientCredentials": {"tokenUrl": "{{{signet.Issuer}}}/oauth2/token", "scopes": {"resume:read": "resume:read"} } } } } },
              "securityRequirements": [{"schemes": {"signet": {"list": ["resume:read"] } } }],
              "defaultInputModes": ["text/plain"],
              "defaultOutputModes": ["text/plain"],
              "skills": [{"id": "screen", "name": "Screen", "description": "Screens one résumé.", "tags": ["hr"], "examples": ["Screen this."]}]
            }
            """), card), answer.Text);
    }

    [Fact]
    public async Task A_card_with_one_letter_changed_is_not_signed()
    {
        var answer = await desk.ReadAsync(await desk.PublishAsync());

        Assert.False(await CardDesk.IsSignedAsync(signet, JsonDocument.Parse(answer.Text.Replace("screener.example", "screener.examp1e", StringComparison.Ordinal)).RootElement));
    }

    [Fact]
    public async Task A_card_is_private_until_it_is_published()
    {
        var id = await desk.PublishAsync(("published", null));

        Assert.Equal(HttpStatusCode.NotFound, (await desk.ReadAsync(id)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await desk.ResolveAsync(id)).Status);
        var own = await ShowAsync(id);
        Assert.Equal((HttpStatusCode.OK, "False", "False"), (own.Status, own["published"], own["served"]));
        Assert.Equal((signet.Issuer + $"/agents/{id}/.well-known/agent-card.json", $"did:web:localhost%3A{new Uri(signet.Issuer).Port}:agents:{id}"), (own["cardUrl"], own["did"]));

        await desk.SetAsync(id, CardDesk.Body());

        Assert.Equal((HttpStatusCode.OK, "True"), ((await desk.ReadAsync(id)).Status, (await ShowAsync(id))["served"]));
    }

    [Theory]
    [InlineData("suspended")]
    [InlineData("decommissioned")]
    [InlineData("expired")]
    [InlineData("withdrawn")]
    [InlineData("removed")]
    [InlineData("without a card")]
    [InlineData("spelled otherwise")]
    [InlineData("unknown")]
    [InlineData("no id")]
    public async Task What_is_not_to_be_known_is_not_there(string how)
    {
        await using var own = await TestSignet.StartAsync();
        var theirs = new CardDesk(own, await own.CreateApiKeyAsync(Role.Owner));
        var id = await theirs.PublishAsync();
        Assert.Equal(HttpStatusCode.OK, (await theirs.ReadAsync(id)).Status);
        switch (how)
        {
            case "suspended" or "decommissioned":
                await theirs.PatchAsync(id, new { status = how });
                break;
            case "expired":
                await theirs.PatchAsync(id, CardDesk.Of(("expiresAt", own.Clock.GetUtcNow().AddMinutes(1))));
                own.Clock.Advance(TimeSpan.FromMinutes(2));
                break;
            case "withdrawn":
                await theirs.SetAsync(id, CardDesk.Body(("published", false)));
                break;
            case "removed":
                Assert.Equal(HttpStatusCode.NoContent, (await own.CallAsync(HttpMethod.Delete, $"/api/v1/agents/{id}/card", await own.CreateApiKeyAsync(Role.Owner))).Status);
                break;
            case "without a card":
                id = await new AgentDesk(own, await own.CreateApiKeyAsync(Role.Owner)).RegisterAsync();
                break;
            case "spelled otherwise":
                id = id.ToUpperInvariant();
                break;
            default:
                id = how is "unknown" ? "0197f2a0-0000-7000-8000-000000000001" : "nobody";
                break;
        }

        var (card, did) = (await theirs.ReadAsync(id), await theirs.ResolveAsync(id));

        // Not one word tells the causes apart.
        Assert.Equal((HttpStatusCode.NotFound, "There is nothing here."), (card.Status, card["error_description"]));
        Assert.Equal((HttpStatusCode.NotFound, "There is nothing here."), (did.Status, did["error_description"]));
        Assert.Equal("no-store", card.Headers["Cache-Control"]);
    }

    [Fact]
    public async Task A_card_is_of_its_tenant_alone()
    {
        var (first, second) = (await signet.CreateTenantAsync(), await signet.CreateTenantAsync());
        var theirs = new CardDesk(signet, await signet.CreateApiKeyAsync(Role.Owner, first.Id), $"/t/{first.Slug}");
        var id = await theirs.PublishAsync();

        var own = await theirs.ReadAsync(id);

        Assert.True(own.Status == HttpStatusCode.OK, own.Text);
        Assert.True(await CardDesk.IsSignedAsync(signet, own.Json));
        Assert.Contains($"{signet.Issuer}/.well-known/oauth-authorization-server/t/{first.Slug}", own.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await theirs.ResolveAsync(id)).Status);
        foreach (var path in (string[])["", $"/t/{second.Slug}"])
        {
            var stranger = new CardDesk(signet, path.Length == 0 ? key : await signet.CreateApiKeyAsync(Role.Owner, second.Id), path);
            Assert.Equal(HttpStatusCode.NotFound, (await stranger.ReadAsync(id)).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await stranger.ResolveAsync(id)).Status);
            Assert.Equal((HttpStatusCode.NotFound, "AGENT_NOT_FOUND"), (await stranger.SetAsync(id, CardDesk.Body())) is var refused ? (refused.Status, refused["code"]) : default);
        }
    }

    [Fact]
    public async Task What_is_done_on_one_node_holds_on_the_others_at_once()
    {
        await using var second = await signet.StartNodeAsync();
        var id = await desk.PublishAsync();
        await BecomesAsync(HttpStatusCode.OK);
        var before = await desk.ReadAsync(id, second);

        await desk.PatchAsync(id, new { status = "suspended" });
        await BecomesAsync(HttpStatusCode.NotFound);
        Assert.Equal(HttpStatusCode.NotFound, (await desk.ResolveAsync(id, second)).Status);

        await desk.PatchAsync(id, new { status = "active" });
        await BecomesAsync(HttpStatusCode.OK);
        Assert.Equal(before.Headers["ETag"], (await desk.ReadAsync(id, second)).Headers["ETag"]);

        await desk.SetAsync(id, CardDesk.Body(("published", false)));
        await BecomesAsync(HttpStatusCode.NotFound);

        Task BecomesAsync(HttpStatusCode status) =>
            Until.TrueAsync(async () => (await desk.ReadAsync(id, second)).Status == status, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task The_tag_is_the_same_on_every_node_until_something_on_the_card_is_not()
    {
        await using var second = await signet.StartNodeAsync();
        var id = await desk.PublishAsync();
        var tag = (await desk.ReadAsync(id)).Headers["ETag"];

        var same = await desk.ReadAsync(id, second, tag);
        Assert.Equal((HttpStatusCode.NotModified, ""), (same.Status, same.Text));
        await desk.PatchAsync(id, new { version = "1.1.0" });
        var newer = await desk.ReadAsync(id, tag: tag);
        Assert.Equal((HttpStatusCode.OK, "1.1.0"), (newer.Status, newer["version"]));
        await signet.CallAsync(HttpMethod.Post, "/api/v1/keys/rotate", key, new { algorithm = "ES256", at_once = true });
        var resigned = await desk.ReadAsync(id, tag: newer.Headers["ETag"]);
        Assert.Equal(HttpStatusCode.OK, resigned.Status);
        Assert.True(await CardDesk.IsSignedAsync(signet, resigned.Json));
    }

    [Theory]
    [InlineData("name", """{"name": ""}""")]
    [InlineData("name", """{"name": "a\u0007b"}""")]
    [InlineData("description", """{"description": " "}""")]
    [InlineData("supportedInterfaces", """{"supportedInterfaces": []}""")]
    [InlineData("supportedInterfaces", """{"supportedInterfaces": [null]}""")]
    [InlineData("supportedInterfaces", """{"supportedInterfaces": [{"url": "http://screener.example/a2a"}]}""")]
    [InlineData("supportedInterfaces", """{"supportedInterfaces": [{"url": "javascript:alert(1)"}]}""")]
    [InlineData("supportedInterfaces", """{"supportedInterfaces": [{"url": "https://u:p@screener.example/"}]}""")]
    [InlineData("supportedInterfaces", """{"supportedInterfaces": [{"url": "https://screener.example/#a"}]}""")]
    [InlineData("supportedInterfaces", """{"supportedInterfaces": [{"url": "https://screener.example/", "protocolBinding": "SOAP"}]}""")]
    [InlineData("supportedInterfaces", """{"supportedInterfaces": [{"url": "https://screener.example/", "protocolVersion": "one"}]}""")]
    [InlineData("supportedInterfaces", """{"supportedInterfaces": [{"url": "https://screener.example/"}, {"url": "https://screener.example/"}]}""")]
    [InlineData("skills", """{"skills": []}""")]
    [InlineData("skills", """{"skills": [null]}""")]
    [InlineData("skills", """{"skills": [{"id": "a b", "name": "n", "description": "d", "tags": ["t"]}]}""")]
    [InlineData("skills", """{"skills": [{"id": "a", "name": "n", "description": "d", "tags": []}]}""")]
    [InlineData("skills", """{"skills": [{"id": "a", "name": "n", "description": "d", "tags": [null]}]}""")]
    [InlineData("skills", """{"skills": [{"id": "a", "name": "n", "description": "d", "tags": ["t"]}, {"id": "a", "name": "n", "description": "d", "tags": ["t"]}]}""")]
    [InlineData("scopes", """{"scopes": []}""")]
    [InlineData("scopes", """{"scopes": ["a b"]}""")]
    [InlineData("provider", """{"provider": {"organization": "Acme", "url": "ftp://acme.example"}}""")]
    [InlineData("documentationUrl", """{"documentationUrl": "/docs"}""")]
    [InlineData("iconUrl", """{"iconUrl": "data:image/png;base64,AA=="}""")]
    [InlineData("defaultInputModes", """{"defaultInputModes": ["text"]}""")]
    [InlineData("defaultOutputModes", """{"defaultOutputModes": [null]}""")]
    public async Task A_card_that_can_not_be_so_is_refused_by_field(string field, string change)
    {
        var id = await desk.PublishAsync();
        using var members = JsonDocument.Parse(change);

        var answer = await desk.SetAsync(id, CardDesk.Body(members.RootElement.EnumerateObject().Select(member => (member.Name, (object?)member.Value))));

        Assert.Equal((HttpStatusCode.BadRequest, "VALIDATION_ERROR"), (answer.Status, answer["code"]));
        Assert.Equal(field, Assert.Single(answer.Json.GetProperty("errors").EnumerateObject()).Name);
    }

    [Fact]
    public async Task A_card_has_a_size_it_does_not_pass()
    {
        var id = await desk.PublishAsync();
        var skills = Enumerable.Range(0, 20).Select(number => CardDesk.Skill(("id", $"s{number}"), ("examples", Enumerable.Repeat(new string('x', 490), 5))));

        var answer = await desk.SetAsync(id, CardDesk.Body(("skills", skills)));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("at most 49152 bytes", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_http_to_this_machine_is_taken_while_the_server_is_on_it_too()
    {
        var id = await desk.PublishAsync();

        Assert.Equal(HttpStatusCode.OK, (await desk.SetAsync(id, CardDesk.Body(("supportedInterfaces", new[] { CardDesk.Of(("url", "http://127.0.0.1:9000/")) })))).Status);
    }

    [Fact]
    public async Task What_is_done_to_a_card_is_on_record_and_what_changes_nothing_is_not()
    {
        var id = await desk.PublishAsync();
        await desk.SetAsync(id, CardDesk.Body());
        await desk.SetAsync(id, CardDesk.Body(("name", "Another"), ("published", false)));
        await signet.CallAsync(HttpMethod.Delete, $"/api/v1/agents/{id}/card", key);

        Assert.Equal(
            ["agent.card_changed", "agent.card_changed", "agent.card_published", "agent.card_removed", "agent.card_withdrawn"],
            (await signet.ActionsAsync(id)).Where(action => action.StartsWith("agent.card", StringComparison.Ordinal)).Order());
        Assert.Equal((HttpStatusCode.NotFound, "AGENT_CARD_NOT_FOUND"), (await ShowAsync(id)) is var gone ? (gone.Status, gone["code"]) : default);
    }

    [Fact]
    public async Task Of_many_who_publish_at_once_one_does()
    {
        var id = await desk.PublishAsync(("published", false));

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => desk.SetAsync(id, CardDesk.Body())));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Single(await signet.ActionsAsync(id), "agent.card_published");
    }

    [Fact]
    public async Task Nothing_is_stated_of_an_agent_that_has_ended_but_what_was_can_be_taken_away()
    {
        var id = await desk.PublishAsync();
        await desk.PatchAsync(id, new { status = "decommissioned" });

        var set = await desk.SetAsync(id, CardDesk.Body());

        Assert.Equal((HttpStatusCode.Conflict, "AGENTS_DECOMMISSIONED"), (set.Status, set["code"]));
        Assert.Equal(HttpStatusCode.NoContent, (await signet.CallAsync(HttpMethod.Delete, $"/api/v1/agents/{id}/card", key)).Status);
    }

    [Fact]
    public async Task Who_may_only_read_agents_reads_their_cards_and_states_nothing()
    {
        var id = await desk.PublishAsync();
        var auditor = await signet.CreateApiKeyAsync(Role.Auditor);
        var agent = await signet.RegisterAgentAsync(key, "agents:read", "agents:write");
        var token = (await signet.ClientCredentialsAsync(agent))["access_token"];

        foreach (var reader in (string[])[auditor, token])
        {
            Assert.Equal(HttpStatusCode.OK, (await signet.CallAsync(HttpMethod.Get, $"/api/v1/agents/{id}/card", reader)).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await signet.CallAsync(HttpMethod.Put, $"/api/v1/agents/{id}/card", reader, CardDesk.Body())).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await signet.CallAsync(HttpMethod.Delete, $"/api/v1/agents/{id}/card", reader)).Status);
        }
    }

    private Task<TestAnswer> ShowAsync(string id) => signet.CallAsync(HttpMethod.Get, $"/api/v1/agents/{id}/card", key);
}
