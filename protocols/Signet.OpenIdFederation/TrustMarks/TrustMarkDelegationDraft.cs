using Signet.Jose;

namespace Signet.OpenIdFederation.TrustMarks;

/// <summary>An owner's leave for an issuer, about to be given (OIDFed §7.2.1).</summary>
public sealed record TrustMarkDelegationDraft
{
    /// <summary>The owner of the type.</summary>
    public required EntityId Owner { get; init; }

    /// <summary>Who may issue.</summary>
    public required EntityId Issuer { get; init; }

    /// <summary>The <c>trust_mark_type</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The <c>iat</c>, written in whole seconds.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>The <c>exp</c>, written in whole seconds; null for leave without end.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Where people can read about it.</summary>
    public string? Reference { get; init; }

    /// <summary>Signs the delegation with a key of the owner's.</summary>
    /// <exception cref="ArgumentException">The times are in the wrong order.</exception>
    public string Sign(SigningKey key)
    {
        DraftWriter.RequireOrder(IssuedAt, ExpiresAt, nameof(ExpiresAt));
        return Jwt.Issue(key, JwtTypes.TrustMarkDelegation, this, static (writer, draft) =>
        {
            writer.WriteString("iss"u8, draft.Owner.Value);
            writer.WriteString("sub"u8, draft.Issuer.Value);
            writer.WriteString("trust_mark_type"u8, draft.Type);
            writer.Time("iat"u8, draft.IssuedAt);
            writer.Time("exp"u8, draft.ExpiresAt);
            writer.Optional("ref"u8, draft.Reference);
        });
    }
}
