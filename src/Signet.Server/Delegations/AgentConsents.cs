using Signet.Platform.Cache;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Delegations.Storage;
using Signet.Server.Users;

namespace Signet.Server.Delegations;

/// <summary>What a person allowed one agent.</summary>
/// <param name="Resources">Where the agent may act for them; at least one.</param>
public sealed record AgentConsent(
    ConsentId ConsentId, UserId UserId, AgentId AgentId, string[] Scopes, string[] Resources, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt,
    DateTimeOffset? WithdrawnAt);

/// <summary>What people allowed agents, from this node's copy, which goes the moment somebody withdraws.</summary>
public sealed class AgentConsents(Db db, UserDirectory users, Notifications notifications, TimeProvider time)
{
    private const string Topic = "agent_consents";

    private static readonly Origin Worker = Origin.OfWorker("delegations", "events");

    private readonly NodeCache<(TenantId Tenant, ConsentId Id), AgentConsent?> byId =
        new(Topic, key => key.Id.ToString(), new NodeCacheOptions(50_000), notifications, time);

    /// <summary>Null where it is over, withdrawn, none, or of a person whose account has ended.</summary>
    public async ValueTask<AgentConsent?> FindLiveAsync(TenantId tenant, ConsentId id, CancellationToken ct) =>
        await byId.GetAsync((tenant, id), (key, token) => ConsentRows.FindAsync(db, key.Tenant, key.Id, token), ct) is { WithdrawnAt: null } found
        && found.ExpiresAt > time.GetUtcNow()
        && await users.FindAsync(tenant, found.UserId, ct) is { IsActive: true }
            ? found
            : null;

    /// <summary>The newest that the person gave this agent and that holds.</summary>
    public async ValueTask<AgentConsent?> FindLiveAsync(TenantId tenant, UserId user, AgentId agent, CancellationToken ct) =>
        await ConsentRows.ListAsync(db, tenant, user, [agent], time.GetUtcNow(), ct) is [var newest, ..] ? newest : null;

    /// <summary>Those a person gave that hold, newest first; 200 at most.</summary>
    public Task<List<AgentConsent>> ListOfUserAsync(TenantId tenant, UserId user, CancellationToken ct) =>
        ConsentRows.ListAsync(db, tenant, user, null, time.GetUtcNow(), ct);

    /// <summary>Those these agents have that hold, newest first; 200 at most.</summary>
    public Task<List<AgentConsent>> ListOfAgentsAsync(TenantId tenant, IEnumerable<AgentId> agents, CancellationToken ct) =>
        ConsentRows.ListAsync(db, tenant, null, [.. agents], time.GetUtcNow(), ct);

    /// <summary>Ends it with every token that hangs on it. False where it had ended.</summary>
    public static async Task<bool> WithdrawAsync(Tx tx, Origin origin, AgentConsent consent, CancellationToken ct)
    {
        if (!await ConsentRows.WithdrawAsync(tx, consent.ConsentId, ct))
        {
            return false;
        }

        Announce(tx, origin, consent, "withdrawn");
        return true;
    }

    /// <summary>A person's account ended. Their agents' tokens stopped with it; this is so that nothing comes back with the person.</summary>
    internal static Task EndAsync(Db db, TenantId tenant, UserId user, CancellationToken ct) =>
        db.InTenantAsync(tenant, async tx =>
        {
            foreach (var consent in await ConsentRows.WithdrawOfUserAsync(tx, user, ct))
            {
                Announce(tx, Worker, consent, "user_ended");
            }
        }, ct);

    private static void Announce(Tx tx, Origin origin, AgentConsent consent, string because)
    {
        tx.Emit(origin, new AgentConsentWithdrawn(consent.AgentId, consent.ConsentId, consent.UserId, because));
        tx.Notify(Topic, consent.ConsentId.ToString());
    }
}
