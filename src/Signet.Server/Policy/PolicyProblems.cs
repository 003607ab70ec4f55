using Signet.Platform.Http;

namespace Signet.Server.Policy;

public static class PolicyProblems
{
    public static readonly Problem HeldByOpa = new(409, "policy.held_by_opa", "OPA holds the policy; change it there. Signet has none to reload.");

    public static readonly Problem NotReloaded = new(409, "policy.not_reloaded", "The new policy can't be used, and the old one holds.");

    public static readonly Problem RequestInvalid = new(400, "invalid_input", "This is no access evaluation request.");

    public static readonly Problem RequestIdInvalid =
        new(400, "invalid_input", "X-Request-ID: is to be one value of at most 200 printable ASCII characters.");

    /// <summary>For a route of ours that a caller with an access token asked for.</summary>
    public static Problem Denied(string reason) => new(403, "policy.denied", "The policy does not allow this.") { Detail = reason };
}
