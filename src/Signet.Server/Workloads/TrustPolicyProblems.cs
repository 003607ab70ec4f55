using Signet.Platform.Http;

namespace Signet.Server.Workloads;

public static class TrustPolicyProblems
{
    public static readonly Problem NotFound = new(404, "trust_policies.not_found", "There is no such trust policy.");

    public static readonly Problem Invalid = new(400, "invalid_input", "The trust policy can't be so.");

    public static readonly Problem TooMany = new(409, "trust_policies.too_many", "The tenant has as many trust policies as it may.");

    public static readonly Problem BeyondYours = new(403, "trust_policies.beyond_yours", "The scopes allow what you may not do yourself.");

    /// <summary>The same for an unknown, an old and a used token, and for one whose policy is off.</summary>
    public static readonly Problem TokenNotGood = new(401, "trust_policies.token_not_good", "The token registers nothing.") { Challenge = "Bearer error=\"invalid_token\"" };
}
