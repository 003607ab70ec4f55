namespace Signet.Jose;

/// <summary>What a caller demands of a JWS beyond a good signature. Said once, as a constant, beside the code that uses the token.</summary>
public sealed record JwsExpectations
{
    /// <summary>
    /// Media types of which <c>typ</c> must be one (RFC 8725 §3.11), such as <c>at+jwt</c>. Null leaves <c>typ</c> unchecked,
    /// which is right only where the kind of token is clear from elsewhere.
    /// </summary>
    public required IReadOnlyList<string>? Types { get; init; }

    /// <summary>Accepts a token without <c>typ</c> although <see cref="Types"/> names some, as for ID tokens.</summary>
    public bool TypeMayBeAbsent { get; init; }

    /// <summary>
    /// Algorithms the caller accepts, on top of the key's own pin. Null accepts whatever the key is bound to; an RSA key bound to none then
    /// verifies RS256 only.
    /// </summary>
    public IReadOnlyList<JwsAlgorithm>? Algorithms { get; init; }

    /// <summary>Longest token read, in characters.</summary>
    public int MaxLength { get; init; } = Jws.DefaultMaxLength;

    /// <summary>Expects exactly this <c>typ</c>.</summary>
    public static JwsExpectations OfType(string type) => new() { Types = [type] };

    internal bool Accepts(JwsHeader header) =>
        Types is not { } types || (header.Type is null ? TypeMayBeAbsent : types.Any(header.IsType));
}
