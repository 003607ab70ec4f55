using System.Net;
using Npgsql;
using Server.Tests.Agents;
using Signet.Platform.Data;
using Signet.Server.Agents;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Audit;

/// <summary>The record as software for agents asks for it.</summary>
public sealed class AgentAuditTests(TestSignet signet) : IClassFixture<TestSignet>, IAsyncLifetime
{
    private static readonly string[] Eight = ["eventId", "agentId", "action", "outcome", "ipAddress", "userAgent", "metadata", "timestamp"];

    private string key = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => key = await signet.CreateApiKeyAsync(Role.Owner);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A14_Each_act_of_an_agent_and_on_it_is_one_event_with_the_eight_fields()
    {
        var agent = await signet.RegisterAgentAsync(key);
        var token = await TokenAsync(agent);
        await signet.PostAsync("/api/v1/token/introspect", agent, [("token", token)]);
        await signet.PostAsync("/api/v1/token/revoke", agent, [("token", token)]);
        await signet.PostAsync("/api/v1/token", agent with { Secret = "sgt_as_nothing" }, [("grant_type", "client_credentials")]);
        var path = $"/api/v1/agents/{agent.Id}";
        await signet.CallAsync(HttpMethod.Patch, path, key, new { version = "1.1.0" });
        await signet.CallAsync(HttpMethod.Patch, path, key, new { status = "suspended" });
        await signet.CallAsync(HttpMethod.Patch, path, key, new { status = "active" });
        var credential = (await signet.CallAsync(HttpMethod.Get, $"{path}/credentials", key)).Json.GetProperty("credentials")[0].GetProperty("credentialId").GetString();
        await signet.CallAsync(HttpMethod.Post, $"{path}/credentials/{credential}/rotate", key);
        await signet.CallAsync(HttpMethod.Delete, $"{path}/credentials/{credential}", key);
        await signet.CallAsync(HttpMethod.Delete, path, key);

        var events = (await AuditAsync($"agentId={agent.Id}")).Json.GetProperty("entries").EnumerateArray().ToList();

        // The clock stands still, and what happens in one moment has no order.
        Assert.Equal(
            [
                "agent.created", "agent.decommissioned", "agent.reactivated", "agent.suspended", "agent.updated", "auth.failed", "credential.generated",
                "credential.revoked", "credential.rotated", "token.introspected", "token.issued", "token.revoked",
            ],
            events.Select(happened => happened.GetProperty("action").GetString()).Order(StringComparer.Ordinal));
        Assert.All(events, happened => Assert.All(Eight, field => Assert.True(happened.TryGetProperty(field, out _), field)));
        Assert.All(events, happened => Assert.Equal(agent.Id, happened.GetProperty("agentId").GetString()));
        var issued = events.Single(happened => happened.GetProperty("action").GetString() == "token.issued");
        var one = await signet.CallAsync(HttpMethod.Get, $"/api/v1/audit/{issued.GetProperty("eventId").GetString()}", key);
        Assert.All(Eight, field => Assert.Equal(issued.GetProperty(field).ToString(), one.Json.GetProperty(field).ToString()));
        Assert.Equal("agents:read", one.Json.GetProperty("metadata").GetProperty("scope").GetString());
        Assert.StartsWith("10.", one["ipAddress"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A14_Filters_combine_and_pages_meet_while_events_come_in()
    {
        var agent = await signet.RegisterAgentAsync(key);
        await TokenAsync(agent);
        signet.Clock.Advance(TimeSpan.FromDays(2));
        var day = signet.Clock.GetUtcNow().ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        for (var i = 0; i < 5; i++)
        {
            signet.Clock.Advance(TimeSpan.FromSeconds(1));
            await TokenAsync(agent);
        }

        List<string> seen = [];
        for (string? before = ""; before is not null;)
        {
            var page = await AuditAsync($"agentId={agent.Id}&action=token.issued&outcome=success&startDate={day}&endDate={day}&limit=2{(before.Length > 0 ? $"&before={before}" : "")}");
            seen.AddRange(page.Json.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("eventId").GetString()!));
            before = page.Has("next") ? page["next"] : null;
            if (seen.Count < 4)
            {
                signet.Clock.Advance(TimeSpan.FromSeconds(1));
                await TokenAsync(agent);
            }
        }

        Assert.Equal(5, seen.Distinct().Count());
        Assert.Equal(seen.OrderDescending(StringComparer.Ordinal), seen);
    }

    [Theory]
    [InlineData("startDate=yesterday", "startDate")]
    [InlineData("endDate=2030-02-30", "endDate")]
    [InlineData("startDate=2030-01-02&endDate=2030-01-01", "endDate")]
    [InlineData("startDate=2030-01-01T12:00:00Z&endDate=2030-01-01T11:59:59Z", "endDate")]
    [InlineData("agentId=somebody", "agentId")]
    [InlineData("outcome=perhaps", "outcome")]
    public async Task What_can_not_be_asked_for_is_named(string query, string parameter)
    {
        var answer = await AuditAsync(query);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty(parameter, out _), answer.Text);
    }

    [Fact]
    public async Task An_agent_reads_its_own_events_and_those_of_others_only_if_it_manages_agents()
    {
        var other = await signet.RegisterAgentAsync(key);
        var reader = await signet.RegisterAgentAsync(key, AgentScopes.ReadAudit);
        var admin = await signet.RegisterAgentAsync(key, AgentScopes.ReadAudit, AgentScopes.Admin);
        var (read, manage) = (await TokenAsync(reader), await TokenAsync(admin));
        var theirs = (await AuditAsync($"agentId={other.Id}")).Json.GetProperty("entries")[0].GetProperty("eventId").GetString();

        var own = await signet.CallAsync(HttpMethod.Get, "/api/v1/audit", read);

        Assert.All(own.Json.GetProperty("entries").EnumerateArray(), entry => Assert.Equal(reader.Id, entry.GetProperty("agentId").GetString()));
        Assert.NotEmpty(own.Json.GetProperty("entries").EnumerateArray());
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync($"/api/v1/audit?agentId={other.Id}", read));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync($"/api/v1/audit/{theirs}", read));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("/api/v1/audit/export", read));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync($"/api/v1/audit?agentId={other.Id}", manage));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync($"/api/v1/audit/{theirs}", manage));
    }

    [Theory]
    [InlineData("update audit_events set action = 'nothing'")]
    [InlineData("delete from audit_events")]
    public async Task A14_The_application_can_not_change_or_delete_an_event(string sql)
    {
        await using var connection = await new Database(signet.Database.Address).For(DatabaseRole.Application).OpenConnectionAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Ct));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Theory]
    [InlineData("wrong", "wrong_secret")]
    [InlineData("suspended", "suspended")]
    [InlineData("decommissioned", "decommissioned")]
    [InlineData("revoked", "credential_revoked")]
    [InlineData("rotated", "secret_rotated")]
    [InlineData("expired", "credential_expired")]
    public async Task A4_The_record_tells_apart_what_the_answer_does_not(string cause, string reason)
    {
        var desk = await AgentDesk.OpenAsync(signet);
        var agent = new TestClient(await desk.RegisterAsync(), "sgt_as_nothing", "");
        var end = signet.Clock.GetUtcNow().AddMinutes(1);
        var given = await desk.GiveAsync(agent.Id, cause == "expired" ? [("expiresAt", (object)end)] : []);
        var path = $"/api/v1/agents/{agent.Id}";
        var credential = $"{path}/credentials/{given.Json.GetProperty("credential").GetProperty("credentialId").GetString()}";
        agent = cause == "wrong" ? agent : agent with { Secret = given["clientSecret"] };
        await (cause switch
        {
            "suspended" => signet.CallAsync(HttpMethod.Patch, path, key, new { status = "suspended" }),
            "decommissioned" => signet.CallAsync(HttpMethod.Delete, path, key),
            "revoked" => signet.CallAsync(HttpMethod.Delete, credential, key),
            "rotated" => signet.CallAsync(HttpMethod.Post, $"{credential}/rotate", key),
            _ => Task.CompletedTask,
        });
        signet.Clock.Advance(TimeSpan.FromMinutes(2));

        await signet.PostAsync("/oauth2/token", agent, [("grant_type", "client_credentials")]);

        Assert.Equal(cause == "decommissioned" ? "credential_revoked" : reason, await desk.ReasonAsync(agent.Id));
    }

    [Fact]
    public async Task To_verify_is_allowed_thirty_times_at_once()
    {
        var own = await signet.CreateApiKeyAsync(Role.Owner);
        for (var i = 0; i < 30; i++)
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync("/api/v1/audit/verify", own));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync("/api/v1/audit/verify", own));
    }

    private async Task<HttpStatusCode> StatusAsync(string path, string bearer) => (await signet.CallAsync(HttpMethod.Get, path, bearer)).Status;

    private Task<TestAnswer> AuditAsync(string query) => signet.CallAsync(HttpMethod.Get, $"/api/v1/audit?{query}", key);

    private async Task<string> TokenAsync(TestClient agent) => (await signet.PostAsync("/oauth2/token", agent, [("grant_type", "client_credentials")]))["access_token"];
}
