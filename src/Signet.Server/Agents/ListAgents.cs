using Microsoft.AspNetCore.Mvc;
using Signet.Platform.Data;
using Signet.Server.Agents.Storage;
using Signet.Server.Permissions;
using Signet.Server.Users;

namespace Signet.Server.Agents;

/// <summary>Agents of the tenant, newest first, a page at a time.</summary>
public static class ListAgents
{
    private const int LargestPage = 200;

    /// <param name="Next">Give it as <c>before</c> to get the next page; null on the last.</param>
    public sealed record Page(IReadOnlyList<AgentView> Agents, AgentId? Next);

    public static void Map(RouteGroupBuilder agents)
    {
        agents.MapGet("", HandleAsync).Requires(Permission.ReadAgents).Produces<Page>().WithSummary("List agents.");
        agents.MapGet("/{id}", FindAsync).Requires(Permission.ReadAgents).Produces<AgentView>().WithSummary("One agent.");
    }

    /// <summary>The agents a person answers for, newest first; 200 at most.</summary>
    public static async Task<IReadOnlyList<AgentId>> OwnedAsync(Db db, TenantId tenant, UserId owner, CancellationToken ct) =>
        [.. (await db.InTenantAsync(tenant, tx => AgentRows.ListAsync(tx, new AgentsWanted(null, owner, null, null, null), null, LargestPage, ct), ct))
            .Select(row => row.AgentId)];

    /// <summary>The agents a person answers or stands in for that are not decommissioned, newest first; 200 at most.</summary>
    public static async Task<IReadOnlyList<Agent>> OfPersonAsync(Db db, TenantId tenant, UserId person, CancellationToken ct) =>
        [.. (await db.InTenantAsync(tenant, tx => AgentRows.ListAsync(tx, new AgentsWanted(Person: person), null, LargestPage, ct), ct))
            .Where(row => row.State is not AgentState.Decommissioned).Select(row => row.ToAgent([]))];

    private static async Task<IResult> HandleAsync(
        Actor actor, Db db, CancellationToken ct, string? search = null, UserId? owner = null, [FromQuery(Name = "agentType")] string? type = null,
        string? status = null, [FromQuery(Name = "deploymentEnv")] string? env = null, [FromQuery] string[]? label = null,
        BlueprintId? blueprint = null, bool? orphaned = null, AgentId? before = null, int limit = 50)
    {
        if ((Unknown<AgentType>("agentType", type) ?? Unknown<AgentState>("status", status) ?? Unknown<DeploymentEnv>("deploymentEnv", env)) is { } refusal)
        {
            return refusal;
        }

        if (AgentLabels.RefuseFilter(label) is { } noLabel)
        {
            return noLabel;
        }

        var wanted = new AgentsWanted(
            string.IsNullOrWhiteSpace(search) ? null : search.Trim(), owner, Parse<AgentType>(type), Parse<AgentState>(status), Parse<DeploymentEnv>(env),
            label is { Length: > 0 } ? label : null, blueprint, orphaned);
        var size = Math.Clamp(limit, 1, LargestPage);
        var rows = await db.InTenantAsync(actor.Tenant, tx => AgentRows.ListAsync(tx, wanted, before, size + 1, ct), ct);
        return TypedResults.Ok(new Page([.. rows.Take(size).Select(row => AgentView.Of(row.ToAgent([])))], rows.Count > size ? rows[size - 1].AgentId : null));
    }

    private static async Task<IResult> FindAsync(AgentId id, Actor actor, AgentDirectory directory, TokenBudget budget, CancellationToken ct) =>
        await directory.FindAsync(actor.Tenant, id, ct) is { } agent
            ? TypedResults.Ok(AgentView.Of(agent) with { Usage = await budget.FindUsageAsync(actor.Tenant, agent, ct) })
            : AgentProblems.NotFound;

    private static Platform.Http.Problem? Unknown<T>(string field, string? text) where T : struct, Enum =>
        text is null || SnakeCase.TryParse<T>(text, out _)
            ? null
            : AgentProblems.Invalid.WithError(field, $"one of {string.Join(", ", Enum.GetValues<T>().Select(value => SnakeCase.Of(value)))}");

    private static T? Parse<T>(string? text) where T : struct, Enum => text is null ? null : SnakeCase.Parse<T>(text);
}
