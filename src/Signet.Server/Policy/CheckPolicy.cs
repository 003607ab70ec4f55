using Signet.Server.Settings;

namespace Signet.Server.Policy;

/// <summary>What a policy is good for, found out without a server.</summary>
public abstract record PolicyCheck
{
    private PolicyCheck()
    {
    }

    public sealed record Rules(IReadOnlyList<PolicyRule> All) : PolicyCheck;

    public sealed record OpaAnswers : PolicyCheck;

    public sealed record Unusable(string Fault) : PolicyCheck;
}

/// <summary>Reads the policy as a start of the server does, or asks OPA one question.</summary>
public static class CheckPolicy
{
    public static async Task<PolicyCheck> RunAsync(HostSettings settings, ILogger log, CancellationToken ct)
    {
        if (settings.OpaUrl is { } url)
        {
            using var opa = new OpaEngine(url, log);
            // Whatever it thinks of it, an answer is an answer.
            return await opa.DecideAsync(new PolicyInput("GET", "/", [], null), ct) is PolicyDecision.Denied { Reason: PolicyReasons.EngineUnavailable }
                ? new PolicyCheck.Unusable($"{KnownSettings.OpaUrl.Name}: no decision came for data.signet.authz.")
                : new PolicyCheck.OpaAnswers();
        }

        return settings.PolicyFolder is not { } folder ? new PolicyCheck.Rules(ScopesEngine.BuiltIn().Rules)
            : ReadPolicyFolder.Run(folder) switch
            {
                PolicyFolder.Valid valid => new PolicyCheck.Rules(valid.Engine.Rules),
                PolicyFolder.Invalid invalid => new PolicyCheck.Unusable($"{KnownSettings.PolicyFolder.Name}: {invalid.Fault}"),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
    }
}
