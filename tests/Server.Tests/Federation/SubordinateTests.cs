using System.Net;
using System.Text.Json;
using Signet.Jose;
using Signet.OpenIdFederation;
using Signet.OpenIdFederation.Statements;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Federation;

/// <summary>Subordinates from the first look to the day they are removed, as an operator and as everybody else sees them.</summary>
public sealed class SubordinateTests : SubordinateEstate, IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await OpenAsync(await TestSignet.StartAsync());

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Server.DisposeAsync();
    }

    [Fact]
    public async Task An_entity_is_enrolled_and_what_is_said_of_it_is_believed()
    {
        var entity = Entities.Add(Superior.Id);
        var policy = new { openid_relying_party = new { contacts = new { add = new[] { "noc@federation.example" } } } };

        var enrolled = await EnrolAsync(entity, ("metadata_policy", policy), ("forced_metadata", new { openid_relying_party = new { organization_name = "Campus" } }),
            ("constraints", new { max_path_length = 0 }), ("additional_claims", new { level = 3 }), ("crit", new[] { "level" }), ("valid_for", 24));
        var configuration = await Superior.ConfigurationAsync();
        var served = await Server.CallAsync(HttpMethod.Get, FetchPath(entity));
        var statement = EntityStatement.TryReadSubordinate(
            served.Text, configuration, entity.Id, Server.Clock.GetUtcNow(), FederationRules.Standard with { UnderstoodClaims = ["level"] }, out var fault);

        Assert.True(statement is not null, fault?.Detail ?? served.Text);
        Assert.Equal("application/entity-statement+jwt", served.Headers["Content-Type"]);
        Assert.Equal(entity.Keys.Kids, statement.Keys!.Kids);
        Assert.Equal(Server.Clock.GetUtcNow().AddHours(24).ToUnixTimeSeconds(), statement.ExpiresAt.ToUnixTimeSeconds());
        Assert.Equal(0, statement.Constraints!.MaxPathLength);
        Assert.Equal("Campus", statement.Metadata!.Value.GetProperty("openid_relying_party").GetProperty("organization_name").GetString());
        Assert.Equal(3, statement.Claims.GetProperty("level").GetInt32());
        Assert.Equal($"{Superior.Id.Value}/fetch", statement.SourceEndpoint);
        Assert.Equal($"{Superior.Id.Value}/fetch", configuration.FetchEndpoint);
        // OIDFed §3: whole seconds.
        Assert.All((string[])["iat", "exp"], name => Assert.DoesNotContain('.', statement.Claims.GetProperty(name).GetRawText()));
        Assert.Equal([entity.Id.Value], await ListAsync());
        Assert.Equal("active", enrolled["state"]);
        Assert.Equal(["registration"], await HistoryAsync(entity));
    }

    [Fact]
    public async Task A_look_shows_what_was_found_and_what_would_be_said_and_stores_nothing()
    {
        await Superior.PutAsync(("metadata_policy", new { openid_relying_party = new { client_name = new { @default = "Somebody" } } }));
        var entity = Entities.Add(Superior.Id);
        entity.Hints.Clear();
        entity.Hints.Add(EntityId.Parse("https://other.example"));

        var look = await Superior.CallAsync(HttpMethod.Post, $"{Path}/fetch-config", new { url = entity.Id.Value });
        entity.Hints.Add(Superior.Id);
        var plan = await Superior.CallAsync(HttpMethod.Post, Path, new Dictionary<string, object> { ["entityid"] = entity.Id.Value, ["dry_run"] = true });

        Assert.Equal(HttpStatusCode.OK, look.Status);
        Assert.True(look.Json.GetProperty("faults").TryGetProperty("authority_hints", out _), look.Text);
        Assert.Equal("Somebody", look.Json.GetProperty("preview").GetProperty("metadata").GetProperty("openid_relying_party").GetProperty("client_name").GetString());
        Assert.Equal(entity.Id.Value, plan.Json.GetProperty("statement").GetProperty("sub").GetString());
        Assert.Empty(await ListAsync());
        Assert.Equal(0, (await Superior.CallAsync(HttpMethod.Get, Path)).Json.GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task Of_sixteen_who_enrol_one_entity_one_does()
    {
        var entity = Entities.Add(Superior.Id);

        var enrolled = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Superior.CallAsync(HttpMethod.Post, Path, Body(entity))));

        Assert.Single(enrolled, answer => answer.Status == HttpStatusCode.Created);
        Assert.All(enrolled.Where(answer => answer.Status != HttpStatusCode.Created), answer =>
            Assert.Equal((HttpStatusCode.Conflict, "subordinates.exists"), (answer.Status, answer["code"])));
    }

    [Fact]
    public async Task Point_12_2_10_of_itself_an_entity_is_not_fetched_and_of_nobody_nothing()
    {
        var itself = await Server.CallAsync(HttpMethod.Get, $"/fetch?sub={Uri.EscapeDataString(Superior.Id.Value)}");
        var nobody = await Server.CallAsync(HttpMethod.Get, "/fetch?sub=https%3A%2F%2Fnobody.example");
        var nothing = await Server.CallAsync(HttpMethod.Get, "/fetch");

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (itself.Status, itself["error"]));
        Assert.Equal((HttpStatusCode.NotFound, "not_found"), (nobody.Status, nobody["error"]));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (nothing.Status, nothing["error"]));
    }

    [Fact]
    public async Task One_that_is_suspended_or_revoked_is_served_on_no_node_though_it_can_not_be_reached()
    {
        await using var second = await Server.StartNodeAsync();
        var entity = Entities.Add(Superior.Id);
        var id = (await EnrolAsync(entity))["id"];
        Assert.Equal(HttpStatusCode.OK, (await second.CallAsync(HttpMethod.Get, FetchPath(entity))).Status);
        entity.Instead = context => StatusAsync(context, 500);

        Server.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("suspended", (await ActAsync(id, "suspend", "late"))["state"]);
        await Until.TrueAsync(async () => (await second.CallAsync(HttpMethod.Get, FetchPath(entity))).Status == HttpStatusCode.NotFound, TestContext.Current.CancellationToken);
        Assert.Empty(await ListAsync());
        Server.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("active", (await ActAsync(id, "activate", null))["state"]);
        Server.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, (await Server.CallAsync(HttpMethod.Get, FetchPath(entity))).Status);
        Assert.Equal("revoked", (await ActAsync(id, "revoke", "left"))["state"]);
        Assert.Equal(HttpStatusCode.NotFound, (await Server.CallAsync(HttpMethod.Get, FetchPath(entity))).Status);
        Assert.Equal("subordinates.state", (await ActAsync(id, "activate", null))["code"]);
        Assert.Equal("subordinates.state", (await Superior.CallAsync(HttpMethod.Post, $"{Path}/{id}/renew"))["code"]);
        Assert.Equal(["revocation", "reactivation", "suspension", "registration"], await HistoryAsync(entity));
    }

    [Fact]
    public async Task One_that_waits_is_served_once_it_is_activated()
    {
        var entity = Entities.Add(Superior.Id);
        var id = (await EnrolAsync(entity, ("active", false)))["id"];

        Assert.Equal(HttpStatusCode.NotFound, (await Server.CallAsync(HttpMethod.Get, FetchPath(entity))).Status);
        Assert.Equal("subordinates.state", (await ActAsync(id, "suspend", null))["code"]);
        await ActAsync(id, "activate", null);
        Assert.Equal(HttpStatusCode.OK, (await Server.CallAsync(HttpMethod.Get, FetchPath(entity))).Status);
    }

    [Fact]
    public async Task A_statement_whose_time_is_over_is_signed_anew_by_whoever_asks_and_not_served()
    {
        var entity = Entities.Add(Superior.Id);
        await EnrolAsync(entity, ("valid_for", 1));
        var before = (await Server.CallAsync(HttpMethod.Get, FetchPath(entity))).Text;
        Server.Clock.Advance(TimeSpan.FromHours(2));

        var after = await Server.CallAsync(HttpMethod.Get, FetchPath(entity));

        Assert.Equal(HttpStatusCode.OK, after.Status);
        Assert.NotEqual(before, after.Text);
    }

    [Fact]
    public async Task A_key_signed_in_by_the_old_one_is_in_the_next_statement()
    {
        var entity = Entities.Add(Superior.Id);
        var id = (await EnrolAsync(entity))["id"];
        Server.Clock.Advance(TimeSpan.FromSeconds(1));
        var fresh = SigningKey.Generate(JwsAlgorithm.ES256);
        entity.Published = [entity.Key, fresh];

        var renewed = await Superior.CallAsync(HttpMethod.Post, $"{Path}/{id}/renew");

        Assert.True(renewed.Status == HttpStatusCode.OK, renewed.Text);
        Assert.Contains(fresh.Kid, (await StatementAsync(entity)).Keys!.Kids);
        Server.Clock.Advance(TimeSpan.FromSeconds(1));
        // The old one goes: the new one, known by now, says so itself.
        (entity.Key, entity.Published) = (fresh, null);
        Assert.Equal(HttpStatusCode.OK, (await Superior.CallAsync(HttpMethod.Post, $"{Path}/{id}/renew")).Status);
        Assert.Equal([fresh.Kid], (await StatementAsync(entity)).Keys!.Kids);
        Assert.Equal(["jwks_update", "jwks_update", "registration"], await HistoryAsync(entity));
    }

    [Fact]
    public async Task A_key_nobody_vouched_for_is_not_taken_and_the_fault_is_told_until_an_operator_knows_better()
    {
        var entity = Entities.Add(Superior.Id);
        var id = (await EnrolAsync(entity))["id"];
        var before = (await StatementAsync(entity)).Keys!.Kids;
        entity.Key = SigningKey.Generate(JwsAlgorithm.ES256);

        var refused = await Superior.CallAsync(HttpMethod.Post, $"{Path}/{id}/renew");

        Assert.Equal("subordinates.configuration_invalid", refused["code"]);
        Assert.NotEmpty((await Superior.CallAsync(HttpMethod.Get, $"{Path}/{id}"))["fault"]);
        Assert.Equal(before, (await StatementAsync(entity)).Keys!.Kids);
        // Out of band.
        var patched = await Superior.CallAsync(HttpMethod.Patch, $"{Path}/{id}", new Dictionary<string, object> { ["jwks"] = JsonElement.Parse(KeysOf(entity)) });
        Assert.True(patched.Status == HttpStatusCode.OK, patched.Text);
        Assert.Equal(HttpStatusCode.OK, (await Superior.CallAsync(HttpMethod.Post, $"{Path}/{id}/renew")).Status);
        Assert.Equal([entity.Key.Kid], (await StatementAsync(entity)).Keys!.Kids);
        Assert.False((await Superior.CallAsync(HttpMethod.Get, $"{Path}/{id}")).Has("fault"));
    }

    [Fact]
    public async Task A_new_general_policy_is_in_every_statement_at_once()
    {
        var entity = Entities.Add(Superior.Id);
        await EnrolAsync(entity);
        Assert.Null((await StatementAsync(entity)).MetadataPolicy);

        await Superior.PutAsync(("metadata_policy", new { openid_relying_party = new { contacts = new { essential = true } } }));

        Assert.NotNull((await StatementAsync(entity)).MetadataPolicy);
    }

    [Fact]
    public async Task What_a_revoked_key_signed_is_signed_anew()
    {
        var entity = Entities.Add(Superior.Id);
        await EnrolAsync(entity);
        var kid = (await StatementAsync(entity)).Kid;

        await Superior.CallAsync(HttpMethod.Post, $"/api/v1/federation/keys/{kid}/revoke", new { reason = "compromised" });

        Assert.NotEqual(kid, (await StatementAsync(entity)).Kid);
    }

    [Fact]
    public async Task A_change_made_for_another_version_is_refused_and_what_is_not_named_stays()
    {
        var entity = Entities.Add(Superior.Id);
        var enrolled = await EnrolAsync(entity, ("valid_for", 24), ("additional_claims", new { level = 3 }));
        var (id, tag) = (enrolled["id"], (await Superior.CallAsync(HttpMethod.Get, $"{Path}/{enrolled["id"]}")).Headers["ETag"]);

        var first = await PatchAsync(id, tag, new Dictionary<string, object> { ["constraints"] = new { max_path_length = 1 } });
        var second = await PatchAsync(id, tag, new Dictionary<string, object> { ["constraints"] = new { max_path_length = 2 } });

        Assert.Equal(HttpStatusCode.OK, first.Status);
        Assert.Equal((HttpStatusCode.PreconditionFailed, "federation.changed_meanwhile"), (second.Status, second["code"]));
        Assert.Equal(3, (await Superior.CallAsync(HttpMethod.Get, $"{Path}/{id}")).Json.GetProperty("additional_claims").GetProperty("level").GetInt32());
        Assert.Equal(1, (await StatementAsync(entity)).Constraints!.MaxPathLength);
        var whole = await Superior.CallAsync(HttpMethod.Put, $"{Path}/{id}", new Dictionary<string, object> { ["valid_for"] = 48 });
        Assert.False(whole.Has("additional_claims"));
        Assert.Null((await StatementAsync(entity)).Constraints);
    }

    [Fact]
    public async Task Point_12_2_18_the_list_is_narrowed_by_what_is_in_force()
    {
        var marked = Entities.Add(Superior.Id);
        var plain = Entities.Add(Superior.Id);
        var above = Entities.Add(Superior.Id);
        above.Metadata["federation_entity"] = new { federation_fetch_endpoint = $"{above.Id.Value}/fetch", federation_list_endpoint = $"{above.Id.Value}/list" };
        above.Metadata.Remove("openid_relying_party");
        foreach (var entity in (TestEntity[])[marked, plain, above])
        {
            await EnrolAsync(entity);
        }

        const string Type = "https://federation.example/marks/member";
        await Superior.CallAsync(HttpMethod.Post, "/api/v1/trustmarktypes", new Dictionary<string, object> { ["tmtype"] = Type, ["valid_for"] = 24, ["renewal_time"] = 1 });
        var mark = await Superior.CallAsync(HttpMethod.Post, "/api/v1/trustmarks", new Dictionary<string, object> { ["tmtype"] = Type, ["domain"] = marked.Id.Value, ["autorenew"] = false });
        Assert.Equal(HttpStatusCode.Created, mark.Status);

        Assert.Equal(3, (await ListAsync()).Count);
        Assert.Equal([marked.Id.Value], await ListAsync("?trust_marked=true"));
        Assert.Equal([marked.Id.Value], await ListAsync($"?trust_mark_type={Uri.EscapeDataString(Type)}"));
        Assert.Equal([above.Id.Value], await ListAsync("?intermediate=true"));
        Assert.Equal(2, (await ListAsync("?intermediate=false")).Count);
        Assert.Equal(3, (await ListAsync("?entity_type=federation_entity&entity_type=openid_relying_party&unknown=1")).Count);
        Assert.Empty(await ListAsync("?entity_type=openid_provider"));
        Assert.Equal("invalid_request", (await Server.CallAsync(HttpMethod.Get, "/list?trust_marked=maybe"))["error"]);
        Server.Clock.Advance(TimeSpan.FromHours(25));
        Assert.Empty(await ListAsync("?trust_marked=true"));
    }

    [Fact]
    public async Task The_extended_list_is_read_page_by_page_with_the_statements()
    {
        foreach (var _ in Enumerable.Range(0, 3))
        {
            await EnrolAsync(Entities.Add(Superior.Id));
        }

        var first = await Server.CallAsync(HttpMethod.Get, "/extended_list?limit=2&claims=subordinate_statement&audit_timestamps=true");
        var last = await Server.CallAsync(HttpMethod.Get, $"/extended_list?limit=2&from_entity_id={Uri.EscapeDataString(first["next_entity_id"])}");

        var shown = first.Json.GetProperty("immediate_subordinate_entities").EnumerateArray().ToList();
        Assert.Equal(2, shown.Count);
        Assert.All(shown, one => Assert.Equal(3, one.GetProperty("subordinate_statement").GetString()!.Split('.').Length));
        Assert.Equal(Server.Clock.GetUtcNow().ToUnixTimeSeconds(), shown[0].GetProperty("registered").GetInt64());
        Assert.Single(last.Json.GetProperty("immediate_subordinate_entities").EnumerateArray());
        Assert.False(last.Has("next_entity_id"));
        Assert.Equal("invalid_request", (await Server.CallAsync(HttpMethod.Get, "/extended_list?limit=0"))["error"]);
    }

    [Fact]
    public async Task One_that_is_removed_can_be_enrolled_again_and_its_past_is_still_told()
    {
        var entity = Entities.Add(Superior.Id);
        var id = (await EnrolAsync(entity))["id"];

        Server.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.NoContent, (await Superior.CallAsync(HttpMethod.Delete, $"{Path}/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Server.CallAsync(HttpMethod.Get, FetchPath(entity))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Superior.CallAsync(HttpMethod.Delete, $"{Path}/{id}")).Status);
        Server.Clock.Advance(TimeSpan.FromSeconds(1));
        await EnrolAsync(entity);
        Assert.Equal(["registration", "revocation", "registration"], await HistoryAsync(entity));
    }

    [Fact]
    public async Task Another_signet_is_enrolled_as_an_intermediate_and_a_chain_leads_through_it()
    {
        await using var below = await TestSignet.StartAsync();
        below.Clock.Set(Server.Clock.GetUtcNow());
        var intermediate = await Anchor.StartAsync(below, ("authority_hints", new[] { Superior.Id.Value }));
        var leaf = Entities.Add(intermediate.Id);

        var above = await Superior.CallAsync(HttpMethod.Post, Path, new Dictionary<string, object> { ["entityid"] = intermediate.Id.Value });
        var under = await intermediate.CallAsync(HttpMethod.Post, Path, Body(leaf));

        Assert.True(above.Status == HttpStatusCode.Created, above.Text);
        Assert.True(under.Status == HttpStatusCode.Created, under.Text);
        Assert.Equal([intermediate.Id.Value], await ListAsync("?intermediate=true"));
    }
}
