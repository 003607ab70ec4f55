using Signet.Server.Policy;

namespace Signet.Server.Console;

/// <summary>The policy in a person's words.</summary>
internal static class PolicyWords
{
    public static string Of(PolicySource source) => source switch
    {
        PolicySource.BuiltIn => "Built in",
        PolicySource.Folder => "data/scopes.json in POLICY_DIR",
        PolicySource.Opa => "Open Policy Agent at OPA_URL",
    };

    /// <summary>A reason of ours as a sentence; a policy of the operator's gives its own.</summary>
    public static string Of(string reason) => reason switch
    {
        PolicyReasons.NoRule => "No rule names this method and path.",
        PolicyReasons.EngineUnavailable => "Open Policy Agent gave no decision. The log says why.",
        _ => reason,
    };
}
