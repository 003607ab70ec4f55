namespace Signet.Jose;

/// <summary>What a caller demands of the claims of a JWT. Everything named here must hold; what is null is left to the caller.</summary>
public sealed record JwtExpectations
{
    /// <summary>Most clock skew a caller can allow.</summary>
    public static readonly TimeSpan MaxClockSkew = TimeSpan.FromMinutes(5);

    /// <summary>Demands on the JWS around the claims.</summary>
    public required JwsExpectations Jws { get; init; }

    /// <summary>The one <c>iss</c>, compared octet by octet (RFC 8725 §3.8). Null only where the caller has looked the key up by <c>iss</c>.</summary>
    public required string? Issuer { get; init; }

    /// <summary>Names of the recipient, of which <c>aud</c> must hold one (RFC 8725 §3.9). Null where the kind of token has no audience.</summary>
    public required IReadOnlyList<string>? Audiences { get; init; }

    /// <summary>Demands that <c>aud</c> holds nothing beside <see cref="Audiences"/>, as for client assertions.</summary>
    public bool SoleAudience { get; init; }

    /// <summary>Whether a token without <c>exp</c> is refused.</summary>
    public bool RequireExpiry { get; init; } = true;

    /// <summary>Demands <c>iat</c>, no older than this: for proofs that are used once, at once (RFC 9449 §11.1).</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>Longest time between now and <c>exp</c>: for tokens whose makers should not be able to make them last.</summary>
    public TimeSpan? MaxLifetime { get; init; }

    /// <summary>How far the clocks may differ; at most <see cref="MaxClockSkew"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or more than <see cref="MaxClockSkew"/>.</exception>
    public TimeSpan ClockSkew
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxClockSkew);
            field = value;
        }
    } = TimeSpan.FromSeconds(30);
}
