using Signet.Jose;
using Signet.OpenIdFederation.Policy;

namespace Signet.OpenIdFederation;

/// <summary>
/// What a reader of federation messages accepts, said once and kept. What no member of it bounds is bounded by the specification.
/// </summary>
public sealed record FederationRules
{
    /// <summary>The rules unless a federation says otherwise.</summary>
    public static FederationRules Standard { get; } = new();

    /// <summary>Signature algorithms accepted. Symmetric ones and <c>none</c> can't be named.</summary>
    public IReadOnlyList<JwsAlgorithm> Algorithms { get; init; } = JwsAlgorithm.All;

    /// <summary>How far clocks may differ; at most five minutes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or more than five minutes.</exception>
    public TimeSpan ClockSkew
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, JwtExpectations.MaxClockSkew);
            field = value;
        }
    } = TimeSpan.FromSeconds(60);

    /// <summary>Longest statement, trust mark or other message read, in characters. Resolve responses may be four times as long.</summary>
    public int MaxLength { get; init; } = 256 * 1024;

    /// <summary>Most statements in a chain, the subject's and the anchor's configuration among them.</summary>
    public int MaxChainLength { get; init; } = 12;

    /// <summary>Most superiors an entity's <c>authority_hints</c> may name; the rest is not looked at (OIDFed §18.1).</summary>
    public int MaxAuthorityHints { get; init; } = 16;

    /// <summary>Most documents one search fetches.</summary>
    public int MaxFetches { get; init; } = 128;

    /// <summary>Most documents fetched at once.</summary>
    public int MaxConcurrentFetches { get; init; } = 8;

    /// <summary>Most paths from a subject upwards that one search follows.</summary>
    public int MaxPaths { get; init; } = 64;

    /// <summary>Claims beyond the specification that the caller processes: what <c>crit</c> of a statement may list.</summary>
    public IReadOnlyList<string> UnderstoodClaims { get; init; } = [];

    /// <summary>The policy operators understood: the standard ones, and those a federation has added (OIDFed §6.1.3.2).</summary>
    public PolicyOperators PolicyOperators { get; init; } = PolicyOperators.Standard;
}
