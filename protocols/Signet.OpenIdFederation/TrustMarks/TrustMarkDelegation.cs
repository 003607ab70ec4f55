namespace Signet.OpenIdFederation.TrustMarks;

/// <summary>An owner's leave for another entity to issue its trust marks, whose form passed (OIDFed §7.2.1).</summary>
public sealed class TrustMarkDelegation
{
    private readonly SignedMessage message;

    private TrustMarkDelegation(SignedMessage message, ClaimsReader reader)
    {
        this.message = message;
        Owner = reader.RequireEntity("iss");
        Issuer = reader.RequireEntity("sub");
        Type = reader.RequireText("trust_mark_type");
        IssuedAt = reader.RequireTime("iat", message.Claims.IssuedAt);
        ExpiresAt = message.Claims.ExpiresAt;
        Reference = reader.FindText("ref");
    }

    /// <summary>The <c>iss</c>: who owns the type.</summary>
    public EntityId Owner { get; }

    /// <summary>The <c>sub</c>: who may issue marks of it.</summary>
    public EntityId Issuer { get; }

    /// <summary>The <c>trust_mark_type</c>.</summary>
    public string Type { get; }

    /// <summary>The <c>iat</c>.</summary>
    public DateTimeOffset IssuedAt { get; }

    /// <summary>The <c>exp</c>; null when the delegation does not expire.</summary>
    public DateTimeOffset? ExpiresAt { get; }

    /// <summary>The <c>ref</c>: where people can read about it.</summary>
    public string? Reference { get; }

    /// <summary>Reads a delegation; null, with the reason, when its form is wrong. Never throws.</summary>
    public static TrustMarkDelegation? TryParse(string jwt, FederationRules rules, out FederationFault? fault)
    {
        if (SignedMessage.TryRead(jwt, JwtTypes.TrustMarkDelegation, rules, out fault) is not { } message)
        {
            return null;
        }

        var reader = new ClaimsReader(message.Claims.Members);
        var delegation = new TrustMarkDelegation(message, reader);
        fault = reader.Fault;
        return fault is null ? delegation : null;
    }

    /// <summary>
    /// OIDFed §7.2.2: why the delegation does not let this issuer issue marks of this type; null when it does.
    /// </summary>
    /// <param name="owner">The owner, as the trust anchor says.</param>
    /// <param name="issuer">The issuer of the mark.</param>
    /// <param name="type">The type of the mark.</param>
    /// <param name="now">The moment.</param>
    /// <param name="rules">What is accepted.</param>
    public FederationFault? FindFault(TrustMarkOwner owner, EntityId issuer, string type, DateTimeOffset now, FederationRules rules)
    {
        if (Issuer != issuer)
        {
            return new FederationFault(FaultKind.WrongSubject, "The delegation is for another issuer.");
        }

        if (Owner != owner.Owner)
        {
            return new FederationFault(FaultKind.WrongIssuer, "The delegation is not by the owner of the type.");
        }

        return !string.Equals(Type, type, StringComparison.Ordinal)
            ? new FederationFault(FaultKind.InvalidClaim, "The delegation is for another trust_mark_type.")
            : message.FindTimeFault(now, rules) ?? message.FindSignatureFault(owner.Keys, rules);
    }
}
