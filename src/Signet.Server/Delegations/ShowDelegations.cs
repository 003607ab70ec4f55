using System.Text.Json.Serialization;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Delegations.Storage;
using Signet.Server.Permissions;

namespace Signet.Server.Delegations;

/// <summary>Whether a hand-over holds now.</summary>
public enum DelegationStatus
{
    Active,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>It was ended itself.</summary>
    Revoked,

    /// <summary>Something it hangs on ended: a hand-over before it, an agent, a credential, a consent.</summary>
    Broken,
}

/// <summary>Who acts for whom: the chains an agent has a part in, as trees; and the end of one branch.</summary>
public static class ShowDelegations
{
    private const int LargestPage = 50;

    /// <param name="DelegatorAgentId">Null where a person allowed it.</param>
    public sealed record Node(
        [property: JsonPropertyName("delegationId")] DelegationId DelegationId,
        DelegationKind Kind,
        [property: JsonPropertyName("delegatorAgentId")] AgentId? DelegatorAgentId,
        [property: JsonPropertyName("actorAgentId")] AgentId ActorAgentId,
        IReadOnlyList<string> Scopes,
        IReadOnlyList<string> Audience,
        DelegationStatus Status,
        [property: JsonPropertyName("createdAt")] DateTimeOffset CreatedAt,
        [property: JsonPropertyName("expiresAt")] DateTimeOffset ExpiresAt,
        [property: JsonPropertyName("revokedAt")] DateTimeOffset? RevokedAt,
        IReadOnlyList<Node> Delegations);

    /// <param name="SubjectType"><c>agent</c> or <c>user</c>: whose right it is.</param>
    public sealed record Chain(
        [property: JsonPropertyName("chainId")] DelegationId ChainId,
        [property: JsonPropertyName("subjectType")] SubjectKind SubjectType,
        [property: JsonPropertyName("subjectId")] Guid SubjectId,
        Node Root);

    /// <param name="Next">Give it as <c>before</c> to get the next page; null on the last.</param>
    public sealed record Page(IReadOnlyList<Chain> Chains, DelegationId? Next);

    public static void Map(RouteGroupBuilder agents)
    {
        agents.MapGet("/{id}/delegations", ListAsync).Requires(Permission.ReadAgents).Produces<Page>().WithSummary("The delegation chains an agent has a part in.");
        agents.MapDelete("/{id}/delegations/{delegation}", RevokeAsync).Requires(Permission.ManageOwnAgent).WithSummary("End a delegation and all that came of it.");
    }

    private static async Task<IResult> ListAsync(
        AgentId id, Actor actor, Db db, AgentDirectory agents, DelegationRecord record, TimeProvider time, CancellationToken ct,
        DelegationId? before = null, int limit = 20)
    {
        if (await agents.FindAsync(actor.Tenant, id, ct) is null)
        {
            return AgentProblems.NotFound;
        }

        return TypedResults.Ok(await RunAsync(db, record, actor.Tenant, id, before, Math.Clamp(limit, 1, LargestPage), time.GetUtcNow(), ct));
    }

    public static async Task<Page> RunAsync(
        Db db, DelegationRecord record, TenantId tenant, AgentId agent, DelegationId? before, int limit, DateTimeOffset now, CancellationToken ct)
    {
        var rows = await db.InTenantAsync(tenant, tx => DelegationRows.ListChainsAsync(tx, agent, before, limit + 1, ct), ct);
        Dictionary<DelegationId, DelegationStatus> states = [];
        foreach (var row in rows)
        {
            states[row.DelegationId] = row.RevokedAt is not null ? DelegationStatus.Revoked
                : row.ExpiresAt <= now ? DelegationStatus.Expired
                : await record.FindLiveAsync(tenant, row.DelegationId, ct) is null ? DelegationStatus.Broken
                : DelegationStatus.Active;
        }

        var children = rows.Where(row => row.ParentId is not null).ToLookup(row => row.ParentId!.Value);
        // A chain whose beginning was purged is over.
        var firsts = rows.Where(row => row.ParentId is null).ToList();
        return new Page(
            [.. firsts.Take(limit).Select(first => new Chain(first.ChainId, first.SubjectKind, first.SubjectId, NodeOf(first)))],
            firsts.Count > limit ? firsts[limit - 1].ChainId : null);

        Node NodeOf(HandOver row) => new(
            row.DelegationId, row.Kind, row.DelegatorId, row.ActorId, row.Scopes, row.Audience, states[row.DelegationId], row.CreatedAt, row.ExpiresAt,
            row.RevokedAt, [.. children[row.DelegationId].Select(NodeOf)]);
    }

    /// <summary>To end what has ended is no refusal: it is what was wanted.</summary>
    private static async Task<IResult> RevokeAsync(
        AgentId id, DelegationId delegation, Actor actor, Origin origin, Db db, AgentDirectory agents, CancellationToken ct)
    {
        if (!actor.May(Permission.ManageAgents) && !(actor.Kind is ActorKind.Agent && actor.Id == id.Value))
        {
            return AgentProblems.NotYours;
        }

        if (await agents.FindAsync(actor.Tenant, id, ct) is null)
        {
            return AgentProblems.NotFound;
        }

        var known = await DelegationRows.FindAsync(db, actor.Tenant, delegation, ct);
        if (known is null || (known.ActorId != id && known.DelegatorId != id))
        {
            return DelegationProblems.NotFound;
        }

        await db.InTenantAsync(actor.Tenant, tx => RevokeDelegations.RunAsync(tx, origin, delegation, id, "revoked", ct), ct);
        return TypedResults.NoContent();
    }
}
