using System.Text.Json.Serialization;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Permissions;
using Signet.Server.Users;

namespace Signet.Server.Delegations;

/// <summary>What people allowed an agent, for whoever answers for the agent: to see, and to take back.</summary>
public static class WithdrawConsent
{
    public sealed record View(
        [property: JsonPropertyName("consentId")] ConsentId ConsentId,
        [property: JsonPropertyName("userId")] UserId UserId,
        IReadOnlyList<string> Scopes,
        IReadOnlyList<string> Resources,
        [property: JsonPropertyName("createdAt")] DateTimeOffset CreatedAt,
        [property: JsonPropertyName("expiresAt")] DateTimeOffset ExpiresAt);

    public sealed record List(IReadOnlyList<View> Consents);

    public static void Map(RouteGroupBuilder agents)
    {
        agents.MapGet("/{id}/consents", ListAsync).Requires(Permission.ManageOwnAgent).Produces<List>().WithSummary("What people allowed an agent.");
        agents.MapDelete("/{id}/consents/{consent}", HandleAsync).Requires(Permission.ManageOwnAgent).WithSummary("Withdraw what a person allowed an agent.");
    }

    /// <summary>An agent speaks for itself; who manages agents, for all.</summary>
    internal static Problem? RefuseStranger(Actor actor, AgentId id) =>
        actor.May(Permission.ManageAgents) || (actor.Kind is ActorKind.Agent && actor.Id == id.Value) ? null : AgentProblems.NotYours;

    private static async Task<IResult> ListAsync(AgentId id, Actor actor, AgentDirectory agents, AgentConsents consents, CancellationToken ct) =>
        RefuseStranger(actor, id) is { } stranger ? stranger
        : await agents.FindAsync(actor.Tenant, id, ct) is null ? AgentProblems.NotFound
        : TypedResults.Ok(new List([.. (await consents.ListOfAgentsAsync(actor.Tenant, [id], ct)).Select(consent => new View(
            consent.ConsentId, consent.UserId, consent.Scopes, consent.Resources, consent.CreatedAt, consent.ExpiresAt))]));

    private static async Task<IResult> HandleAsync(
        AgentId id, ConsentId consent, Actor actor, Origin origin, Db db, AgentConsents consents, CancellationToken ct)
    {
        if (RefuseStranger(actor, id) is { } stranger)
        {
            return stranger;
        }

        if (await consents.FindLiveAsync(actor.Tenant, consent, ct) is not { } found || found.AgentId != id)
        {
            return DelegationProblems.ConsentNotFound;
        }

        await db.InTenantAsync(actor.Tenant, tx => AgentConsents.WithdrawAsync(tx, origin, found, ct), ct);
        return TypedResults.NoContent();
    }
}
