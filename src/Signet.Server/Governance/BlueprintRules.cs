using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Permissions;
using Signet.Server.Tenants;

namespace Signet.Server.Governance;

/// <summary>What a blueprint may be. Whatever an agent of it could not be is refused here, under the same names.</summary>
internal static class BlueprintRules
{
    public const int MostInstances = 100_000;
    private const int LongestLife = 3650;

    /// <summary>Null where it may be so.</summary>
    public static Problem? Refuse(Blueprint blueprint, AgentLimits limits)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        // The words an agent of it is checked by; its address is nobody's yet.
        var likeness = new AgentMetadata
        {
            Email = "agent@example.com",
            Version = blueprint.Version,
            Description = blueprint.Description,
            Capabilities = blueprint.Capabilities,
            Scopes = blueprint.Scopes,
            ApprovalScopes = blueprint.ApprovalScopes,
            TokenAlgorithm = blueprint.TokenAlgorithm,
            TokenSeconds = blueprint.TokenSeconds,
        };
        Problem?[] refusals =
        [
            likeness.Refuse(), AgentLabels.Refuse(blueprint.Labels), AgentAttestation.Refuse(blueprint.AttestationDays), AgentBudgets.Refuse(blueprint.MonthlyTokens, limits),
        ];
        foreach (var (field, messages) in refusals.SelectMany(refusal => refusal?.Errors ?? new Dictionary<string, string[]>()))
        {
            errors[field] = messages;
        }

        Check("name", blueprint.Name is { Length: >= 1 and <= 200 } && !blueprint.Name.Any(char.IsControl), "is to have 1 to 200 characters");
        Check("lifetimeDays", blueprint.LifetimeDays is null or (>= 1 and <= LongestLife), $"is to be 1 to {LongestLife}");
        Check("maxInstances", blueprint.MaxInstances is null or (>= 1 and <= MostInstances), $"is to be 1 to {MostInstances}");
        return errors.Count == 0 ? null : BlueprintProblems.Invalid with { Errors = errors };

        void Check(string field, bool ok, string message)
        {
            if (!ok)
            {
                errors[field] = [message];
            }
        }
    }

    /// <summary>Null where this caller may hand out what the blueprint gives.</summary>
    /// <param name="by">Null: the operator at the machine.</param>
    public static Problem? RefuseRights(Blueprint? before, Blueprint after, Actor? by) =>
        !AgentScopes.MayGive(by, after.Scopes, after.ApprovalScopes) ? BlueprintProblems.BeyondYours
        : before is null || by is not { Kind: ActorKind.Agent } ? null
        // No agent frees an agent of asking or of being attested, not even agents to come.
        : before.ApprovalScopes.Except(after.ApprovalScopes).Any() ? BlueprintProblems.BeyondYours
        : AgentAttestation.IsLooser(before.AttestationDays, after.AttestationDays) ? AgentProblems.AttestedByPeople
        : null;
}
