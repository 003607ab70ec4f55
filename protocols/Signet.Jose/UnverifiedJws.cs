using System.Text.Json;

namespace Signet.Jose;

/// <summary>
/// A well-formed JWS nobody has vouched for yet: for looking up which key should have signed it, as with the issuer of a client assertion
/// or the key inside a DPoP proof.
/// </summary>
public sealed class UnverifiedJws
{
    private readonly byte[] token;
    private readonly int signingInputLength;
    private readonly byte[] payload;
    private readonly byte[] signature;

    internal UnverifiedJws(byte[] token, int signingInputLength, JwsHeader header, byte[] payload, byte[] signature)
    {
        this.token = token;
        this.signingInputLength = signingInputLength;
        this.payload = payload;
        this.signature = signature;
        Header = header;
    }

    /// <summary>The protected header, as the sender wrote it.</summary>
    public JwsHeader Header { get; }

    /// <summary>The payload, as the sender wrote it.</summary>
    public ReadOnlyMemory<byte> UnverifiedPayload => payload;

    /// <summary>The payload as a strict JSON object; null when it is none.</summary>
    public JsonElement? TryReadUnverifiedClaims() =>
        StrictJson.TryParseElement(payload, payload.Length) is { ValueKind: JsonValueKind.Object } claims ? claims : null;

    /// <summary>Verifies with the key the header means in a set.</summary>
    public JwsVerification Verify(Jwks keys, JwsExpectations expectations)
    {
        if (!IsSupported(Header.Algorithm))
        {
            return new JwsVerification.UnacceptableAlgorithm();
        }

        return keys.Find(Header.Kid, Header.Algorithm) is { } key ? Verify(key, expectations) : new JwsVerification.UnknownKey(Header.Kid);
    }

    /// <summary>Verifies with one key, whatever <c>kid</c> the header names: the caller has chosen.</summary>
    public JwsVerification Verify(VerificationKey key, JwsExpectations expectations)
    {
        if (key.Resolve(Header.Algorithm, expectations.Algorithms) is not { } algorithm)
        {
            return new JwsVerification.UnacceptableAlgorithm();
        }

        if (!expectations.Accepts(Header))
        {
            return new JwsVerification.UnexpectedType();
        }

        // RFC 7515 §5.2 step 8: over the octets received, never over a re-encoding of what was read from them.
        return key.Verify(algorithm, token.AsSpan(0, signingInputLength), signature)
            ? new JwsVerification.Valid(Header, payload, key.Key)
            : new JwsVerification.BadSignature();
    }

    private static bool IsSupported(string alg) => JwsAlgorithm.All.Any(algorithm => algorithm.IsNamed(alg));
}
