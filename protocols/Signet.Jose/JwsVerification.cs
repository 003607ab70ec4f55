namespace Signet.Jose;

/// <summary>What can come of verifying a JWS. Only <see cref="Valid"/> carries a payload, so nothing else can be trusted by mistake.</summary>
public abstract record JwsVerification
{
    private JwsVerification()
    {
    }

    /// <summary>The signature is good, and everything expected holds.</summary>
    /// <param name="Header">The protected header.</param>
    /// <param name="Payload">The payload's bytes.</param>
    /// <param name="Key">The key that signed.</param>
    public sealed record Valid(JwsHeader Header, ReadOnlyMemory<byte> Payload, Jwk Key) : JwsVerification;

    /// <summary>Not a compact JWS in its one spelling, too long, or with a header that is no strict JSON or names critical extensions.</summary>
    public sealed record Malformed : JwsVerification;

    /// <summary><c>alg</c> is none of the supported ones, not the key's, or not one the caller accepts.</summary>
    public sealed record UnacceptableAlgorithm : JwsVerification;

    /// <summary><c>typ</c> is not an expected one.</summary>
    public sealed record UnexpectedType : JwsVerification;

    /// <summary>No key, or more than one, is meant by the header. A caller with a cached key set may fetch it anew, once.</summary>
    /// <param name="Kid">The key id looked for.</param>
    public sealed record UnknownKey(string? Kid) : JwsVerification;

    /// <summary>The key exists, and did not sign this.</summary>
    public sealed record BadSignature : JwsVerification;
}
