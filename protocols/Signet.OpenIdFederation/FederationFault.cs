namespace Signet.OpenIdFederation;

/// <summary>A refusal: its kind, for programs, and what exactly is wrong, for whoever has to mend it.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Detail">
/// One sentence. It may name claims, parameters and entities of the document that was refused, shortened; it never holds keys or signatures.
/// </param>
public sealed record FederationFault(FaultKind Kind, string Detail)
{
    private const int LongestQuote = 120;

    /// <summary>Whether the same question may be answered differently later without anybody changing anything (OIDFed §10.5).</summary>
    public bool IsTransient => Kind is FaultKind.Unreachable;

    /// <summary>The answer of a federation endpoint to a chain, statement or policy refused for this reason.</summary>
    public FederationError ToError() => Kind switch
    {
        FaultKind.Unreachable => FederationError.TemporarilyUnavailable(Detail),
        FaultKind.UntrustedAnchor => FederationError.InvalidTrustAnchor(Detail),
        FaultKind.InvalidPolicy or FaultKind.InvalidMetadata => FederationError.InvalidMetadata(Detail),
        FaultKind.NotFound => FederationError.NotFound(Detail),
        _ => FederationError.InvalidTrustChain(Detail),
    };

    internal FederationFault In(string place) => this with { Detail = $"{place}: {Detail}" };

    internal static string Quote(string text) => text.Length <= LongestQuote ? text : string.Concat(text.AsSpan(0, LongestQuote), "…");
}
