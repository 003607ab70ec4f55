using Signet.Jose;

namespace Signet.OAuth.Workload;

/// <summary>What can come of verifying a workload's token under a policy.</summary>
public abstract record WorkloadVerification
{
    private WorkloadVerification() { }

    /// <summary>The issuer vouches for it, and every rule holds.</summary>
    /// <param name="Claims">The claims.</param>
    /// <param name="Subject">The <c>sub</c>; not empty.</param>
    /// <param name="Id">The <c>jti</c>, for a replay guard; null where the issuer writes none.</param>
    /// <param name="ExpiresAt">The <c>exp</c>; the clocks' skew comes on top.</param>
    public sealed record Trusted(JwtClaims Claims, string Subject, string? Id, DateTimeOffset ExpiresAt) : WorkloadVerification;

    /// <summary>The JWS itself was refused. Where its key is unknown, the issuer's keys may be fetched anew, once.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record NotVerified(JwsVerification Reason) : WorkloadVerification;

    /// <summary>Signed, but not by the policy's issuer, for its audience, or now.</summary>
    /// <param name="Defect">The first expectation that does not hold.</param>
    public sealed record ClaimsRefused(JwtDefect Defect) : WorkloadVerification;

    /// <summary>A genuine token of somebody else.</summary>
    /// <param name="Claim">The claim of the first rule that does not hold: for the log, which must not have its value.</param>
    public sealed record RuleBroken(string Claim) : WorkloadVerification;
}
