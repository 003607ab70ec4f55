using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Signet.Jose;

/// <summary>
/// Compact JSON Web Signatures. Signing writes <c>alg</c>, <c>kid</c> and <c>typ</c> from the key; verifying accepts one spelling of a token,
/// keys the caller brings, and nothing a header suggests. <see href="https://www.rfc-editor.org/rfc/rfc7515"/>
/// </summary>
public static class Jws
{
    /// <summary>Longest token read unless the caller says otherwise, in characters.</summary>
    public const int DefaultMaxLength = 64 * 1024;

    /// <summary>Signs a payload: header <c>alg</c>, <c>kid</c>, <c>typ</c> (left out when empty).</summary>
    public static string SignCompact(SigningKey key, string typ, ReadOnlySpan<byte> payload) =>
        Sign(key, key.EncodedHeader(typ), payload);

    /// <summary>Signs a payload, with header members beside <c>alg</c>, <c>kid</c> and <c>typ</c>, such as <c>trust_chain</c> or <c>jwk</c>.</summary>
    public static string SignCompact(SigningKey key, string typ, Action<Utf8JsonWriter> writeHeaderMembers, ReadOnlySpan<byte> payload) =>
        Sign(key, EncodeHeader(key, typ, writeHeaderMembers), payload);

    /// <summary>Splits and decodes a token without judging its signature; null when malformed.</summary>
    public static UnverifiedJws? TryParse(ReadOnlySpan<char> token, int maxLength = DefaultMaxLength)
    {
        if (token.Length > maxLength)
        {
            return null;
        }

        var bytes = new byte[token.Length];
        return Ascii.FromUtf16(token, bytes, out _) is OperationStatus.Done ? TryParseOwned(bytes) : null;
    }

    /// <summary>Verifies a token with the key its header means in a set.</summary>
    public static JwsVerification Verify(ReadOnlySpan<char> token, Jwks keys, JwsExpectations expectations) =>
        TryParse(token, expectations.MaxLength)?.Verify(keys, expectations) ?? new JwsVerification.Malformed();

    /// <summary>Verifies a token with one key, whatever <c>kid</c> its header names.</summary>
    public static JwsVerification Verify(ReadOnlySpan<char> token, VerificationKey key, JwsExpectations expectations) =>
        TryParse(token, expectations.MaxLength)?.Verify(key, expectations) ?? new JwsVerification.Malformed();

    internal static byte[] EncodeHeader(SigningKey key, string typ, Action<Utf8JsonWriter>? writeMembers)
    {
        var json = JsonBytes.Compact(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("alg"u8, key.Algorithm.Name);
            writer.WriteString("kid"u8, key.Kid);
            if (typ.Length > 0)
            {
                writer.WriteString("typ"u8, typ);
            }

            writeMembers?.Invoke(writer);
            writer.WriteEndObject();
        });
        return Base64Url.EncodeToUtf8(json);
    }

    internal static string Sign(SigningKey key, ReadOnlySpan<byte> encodedHeader, ReadOnlySpan<byte> payload)
    {
        var payloadLength = Base64Url.GetEncodedLength(payload.Length);
        var signatureLength = Base64Url.GetEncodedLength(key.SignatureBytes);
        var signingInputLength = encodedHeader.Length + 1 + payloadLength;
        var length = signingInputLength + 1 + signatureLength;
        var rented = ArrayPool<byte>.Shared.Rent(length + key.SignatureBytes);
        try
        {
            var token = rented.AsSpan(0, length);
            encodedHeader.CopyTo(token);
            token[encodedHeader.Length] = (byte)'.';
            Base64Url.EncodeToUtf8(payload, token[(encodedHeader.Length + 1)..]);
            token[signingInputLength] = (byte)'.';

            var signature = rented.AsSpan(length, key.SignatureBytes);
            key.Sign(token[..signingInputLength], signature);
            Base64Url.EncodeToUtf8(signature, token[(signingInputLength + 1)..]);
            return Encoding.Latin1.GetString(token);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static UnverifiedJws? TryParseOwned(byte[] token)
    {
        // RFC 7515 §3.1: header, payload and signature, so two dots and no more.
        var text = token.AsSpan();
        var firstDot = text.IndexOf((byte)'.');
        var lastDot = text.LastIndexOf((byte)'.');
        if (firstDot <= 0 || lastDot == firstDot || text[(firstDot + 1)..lastDot].Contains((byte)'.'))
        {
            return null;
        }

        return StrictBase64Url.TryDecode(text[..firstDot]) is { } headerJson
            && JwsHeader.TryRead(headerJson) is { } header
            && StrictBase64Url.TryDecode(text[(firstDot + 1)..lastDot]) is { } payload
            && StrictBase64Url.TryDecode(text[(lastDot + 1)..]) is { Length: > 0 } signature
            ? new UnverifiedJws(token, lastDot, header, payload, signature)
            : null;
    }
}
