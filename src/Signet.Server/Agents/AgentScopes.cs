using Signet.Server.Permissions;

namespace Signet.Server.Agents;

/// <summary>The scopes that speak of our own API, as tokens of agents carry them, and what each allows.</summary>
public static class AgentScopes
{
    public const string Read = "agents:read";

    /// <summary>One's own credentials.</summary>
    public const string Write = "agents:write";

    /// <summary>Everybody's.</summary>
    public const string Admin = "agents:admin";

    /// <summary>To ask about tokens of others; about one's own an agent may always ask.</summary>
    public const string ReadTokens = "tokens:read";
    public const string ReadAudit = "audit:read";

    /// <summary>What an agent may ask for if nobody said.</summary>
    public static readonly IReadOnlyList<string> Usual = [Read];

    private static readonly Dictionary<string, Permission[]> Permissions = new(StringComparer.Ordinal)
    {
        [Read] = [Permission.ReadAgents],
        [Write] = [Permission.ManageOwnAgent],
        [Admin] = [Permission.ReadAgents, Permission.ManageOwnAgent, Permission.ManageAgents],
        [ReadTokens] = [Permission.ReadTokens],
        [ReadAudit] = [Permission.ReadAudit],
    };

    /// <summary>All there are.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Permissions.Keys];

    /// <summary>The narrowest scope that allows this; null where none does.</summary>
    public static string? For(Permission permission) =>
        Permissions.Where(scope => scope.Value.Contains(permission)).OrderBy(scope => scope.Value.Length).Select(scope => scope.Key).FirstOrDefault();

    /// <summary>A scope of somebody else's API allows nothing at ours.</summary>
    public static IEnumerable<Permission> PermissionsOf(IEnumerable<string> scopes) => scopes.SelectMany(scope => Permissions.GetValueOrDefault(scope) ?? []);

    /// <summary>The scopes that allow no more than these permissions: those that a wider one has in it.</summary>
    public static IEnumerable<string> Within(IReadOnlySet<Permission> permissions) =>
        Permissions.Where(scope => scope.Value.All(permissions.Contains)).Select(scope => scope.Key);

    /// <summary>
    /// Whether this caller may make or arm an agent with these scopes: nobody hands an agent, whose secret they then hold, what they may not do themselves.
    /// And an agent hands on for good only what its token has for good, whoever's API it is for: else one approval would do for ever, or an agent that has
    /// nothing of it would pass it on for the one who has.
    /// </summary>
    /// <param name="giver">Null: the operator at the machine, who may do everything.</param>
    /// <param name="onApproval">Those of the scopes that are given on approval only.</param>
    public static bool MayGive(Actor? giver, IReadOnlyCollection<string> scopes, IEnumerable<string>? onApproval = null)
    {
        if (giver is null)
        {
            return true;
        }

        if (!PermissionsOf(scopes).All(giver.May) || giver.Lasting is not { } lasting)
        {
            return PermissionsOf(scopes).All(giver.May);
        }

        var unasked = PermissionsOf(lasting).ToHashSet();
        return scopes.Except(onApproval ?? [], StringComparer.Ordinal)
            .All(scope => Permissions.TryGetValue(scope, out var allowed) ? allowed.All(unasked.Contains) : lasting.Contains(scope));
    }
}
