using Signet.OpenIdFederation.Chains;
using Signet.OpenIdFederation.Statements;

namespace Signet.OpenIdFederation.TrustMarks;

/// <summary>
/// Decides whether a trust mark may be believed (OIDFed §7.3). Trust in the issuer comes first: its own chain, to the same anchor. Whether the
/// mark was withdrawn, only the issuer's status endpoint can tell.
/// </summary>
public static class TrustMarkValidation
{
    /// <summary>Whether the anchor has said anything about marks of this type. Others are not looked at (OIDFed §8.3).</summary>
    public static bool IsRecognized(EntityStatement anchor, string type) =>
        anchor.TrustMarkIssuers.ContainsKey(type) || anchor.TrustMarkOwners.ContainsKey(type);

    /// <summary>Validates a mark.</summary>
    /// <param name="mark">The mark.</param>
    /// <param name="subject">The entity in whose configuration it was found.</param>
    /// <param name="issuerChain">
    /// The issuer's chain, with the anchor's configuration at its end: the anchor whose federation counts. Where the anchor itself issues, the
    /// chain of its configuration alone.
    /// </param>
    /// <param name="now">The moment.</param>
    /// <param name="rules">What is accepted.</param>
    public static TrustMarkVerification Validate(TrustMark mark, EntityId subject, TrustChain issuerChain, DateTimeOffset now, FederationRules rules)
    {
        if (issuerChain.AnchorConfiguration is not { } anchor)
        {
            return Refuse(FaultKind.BrokenChain, "The issuer's chain came without the anchor's configuration, which says whose marks count.");
        }

        if (issuerChain.Subject != mark.Issuer)
        {
            return Refuse(FaultKind.WrongIssuer, "The chain is not that of the mark's issuer.");
        }

        if (mark.Subject != subject)
        {
            return Refuse(FaultKind.WrongSubject, "The mark is about another entity.");
        }

        var fault = issuerChain.ExpiresAt <= now - rules.ClockSkew ? new FederationFault(FaultKind.Expired, "The issuer's chain has expired.") : null;
        fault ??= FindRecognitionFault(mark, anchor) ?? mark.FindTimeFault(now, rules) ?? mark.FindSignatureFault(issuerChain.Configuration.Keys!, rules);
        if (fault is not null)
        {
            return new TrustMarkVerification.Refused(fault);
        }

        TrustMarkDelegation? delegation = null;
        fault = mark.Delegation is null ? null : FindDelegationFault(mark, anchor, now, rules, out delegation);
        return fault is null
            ? new TrustMarkVerification.Valid(mark, Earlier(mark.ExpiresAt, delegation?.ExpiresAt))
            : new TrustMarkVerification.Refused(fault.In("delegation"));
    }

    private static TrustMarkVerification.Refused Refuse(FaultKind kind, string detail) => new(new FederationFault(kind, detail));

    private static FederationFault? FindRecognitionFault(TrustMark mark, EntityStatement anchor)
    {
        var isListed = anchor.TrustMarkIssuers.TryGetValue(mark.Type, out var issuers);
        var isOwned = anchor.TrustMarkOwners.ContainsKey(mark.Type);
        if (!isListed && !isOwned)
        {
            return new FederationFault(FaultKind.UnrecognizedTrustMark, "The trust anchor does not know this trust_mark_type.");
        }

        // OIDFed §3: an empty list means that anyone may issue.
        if (isListed && issuers!.Count > 0 && !issuers.Contains(mark.Issuer))
        {
            return new FederationFault(FaultKind.UnrecognizedTrustMark, "The trust anchor does not let this issuer issue marks of this type.");
        }

        // OIDFed §7.3 step 8: whoever issues marks of a type that has an owner shows the owner's leave, the owner included.
        return isOwned && mark.Delegation is null
            ? new FederationFault(FaultKind.MissingClaim, "Marks of this type have an owner, and this one has no delegation.")
            : null;
    }

    private static FederationFault? FindDelegationFault(
        TrustMark mark, EntityStatement anchor, DateTimeOffset now, FederationRules rules, out TrustMarkDelegation? delegation)
    {
        delegation = null;
        if (!anchor.TrustMarkOwners.TryGetValue(mark.Type, out var owner))
        {
            return new FederationFault(FaultKind.UnrecognizedTrustMark, "The trust anchor knows no owner of this type, so no keys to verify with.");
        }

        delegation = TrustMarkDelegation.TryParse(mark.Delegation!, rules, out var fault);
        return fault ?? delegation!.FindFault(owner, mark.Issuer, mark.Type, now, rules);
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other : one;
}

/// <summary>What can come of validating a trust mark.</summary>
public abstract record TrustMarkVerification
{
    private TrustMarkVerification()
    {
    }

    /// <summary>The mark may be believed.</summary>
    /// <param name="Mark">The mark.</param>
    /// <param name="ExpiresAt">When it or its delegation ends, whichever is earlier; null when neither does.</param>
    public sealed record Valid(TrustMark Mark, DateTimeOffset? ExpiresAt) : TrustMarkVerification;

    /// <summary>It may not.</summary>
    /// <param name="Fault">Why.</param>
    public sealed record Refused(FederationFault Fault) : TrustMarkVerification;
}
