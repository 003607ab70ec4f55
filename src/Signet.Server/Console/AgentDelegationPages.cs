using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Delegations;
using Signet.Server.Permissions;
using Signet.Server.Users;

namespace Signet.Server.Console;

/// <summary>The chains an agent has a part in, with what agents and people in them are called; and the end of a branch.</summary>
/// <param name="Next">Where the next chains begin; null where there are no more.</param>
public sealed record AgentTrees(IReadOnlyList<ShowDelegations.Chain> Chains, IReadOnlyDictionary<Guid, string> Names, string? Next)
{
    public static readonly AgentTrees None = new([], new Dictionary<Guid, string>(), null);

    /// <summary>Every hand-over of these chains.</summary>
    public IEnumerable<ShowDelegations.Node> All => Chains.SelectMany(chain => Below(chain.Root));

    public string NameOf(Guid id) => Names.GetValueOrDefault(id) ?? $"{id.ToString()[..8]}…";

    private static IEnumerable<ShowDelegations.Node> Below(ShowDelegations.Node node) => node.Delegations.SelectMany(Below).Prepend(node);
}

internal static class AgentDelegationPages
{
    private const int Chains = 20;

    public static void Map(RouteGroupBuilder delegations) =>
        delegations.MapPost("/{delegation}/end", EndAsync).Requires(Permission.ManageAgents);

    public static async Task<AgentTrees> FindAsync(HttpContext context, TenantId tenant, AgentId id, CancellationToken ct)
    {
        var services = context.RequestServices;
        DelegationId? before = DelegationId.TryParse(context.Request.Query["chains"], null, out var cursor) ? cursor : null;
        var page = await ShowDelegations.RunAsync(
            services.GetRequiredService<Db>(), services.GetRequiredService<DelegationRecord>(), tenant, id, before, Chains,
            services.GetRequiredService<TimeProvider>().GetUtcNow(), ct);
        var trees = new AgentTrees(page.Chains, new Dictionary<Guid, string>(), page.Next?.ToString());
        return trees with { Names = await NamesAsync(services, tenant, trees, ct) };
    }

    private static async Task<IReadOnlyDictionary<Guid, string>> NamesAsync(IServiceProvider services, TenantId tenant, AgentTrees trees, CancellationToken ct)
    {
        var (agents, users) = (services.GetRequiredService<AgentDirectory>(), services.GetRequiredService<UserDirectory>());
        var names = new Dictionary<Guid, string>();
        foreach (var id in trees.All.Select(node => node.ActorAgentId.Value)
            .Concat(trees.Chains.Where(chain => chain.SubjectType is SubjectKind.Agent).Select(chain => chain.SubjectId)).Distinct())
        {
            if (await agents.FindAsync(tenant, new AgentId(id), ct) is { } agent)
            {
                names[id] = agent.Email;
            }
        }

        foreach (var id in trees.Chains.Where(chain => chain.SubjectType is SubjectKind.User).Select(chain => chain.SubjectId).Distinct())
        {
            if (await users.FindAsync(tenant, new UserId(id), ct) is { } user)
            {
                names[id] = user.Name;
            }
        }

        return names;
    }

    /// <summary>Whoever manages agents ends any branch; one that has ended, or is over and no longer kept, is what was wanted.</summary>
    private static async Task<IResult> EndAsync(
        AgentId id, DelegationId delegation, HttpContext context, Actor actor, Origin origin, Db db, AgentDirectory directory, CancellationToken ct)
    {
        if (await directory.FindAsync(actor.Tenant, id, ct) is null)
        {
            return AgentProblems.NotFound;
        }

        await db.InTenantAsync(actor.Tenant, tx => RevokeDelegations.RunAsync(tx, origin, delegation, null, "revoked", ct), ct);
        return Done.To(context, $"/console/agents/{id}", "delegation-ended");
    }
}
