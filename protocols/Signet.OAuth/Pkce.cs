using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Signet.OAuth;

/// <summary>Proof Key for Code Exchange, S256 only. <see href="https://www.rfc-editor.org/rfc/rfc7636"/></summary>
public static class Pkce
{
    /// <summary>RFC 7636 §4.3: the only <c>code_challenge_method</c> taken; a missing one would mean <c>plain</c>.</summary>
    public const string Method = "S256";

    private const int ChallengeLength = 43;
    private static readonly SearchValues<char> Base64UrlAlphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private static readonly SearchValues<char> Unreserved =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

    /// <summary>RFC 7636 §4.2: a SHA-256 hash in base64url has 43 characters.</summary>
    public static bool IsChallenge(ReadOnlySpan<char> text) =>
        text.Length == ChallengeLength && !text.ContainsAnyExcept(Base64UrlAlphabet);

    /// <summary>RFC 7636 §4.1: 43 to 128 unreserved characters.</summary>
    public static bool IsVerifier(ReadOnlySpan<char> text) =>
        text.Length is >= 43 and <= 128 && !text.ContainsAnyExcept(Unreserved);

    /// <summary>RFC 7636 §4.6: BASE64URL(SHA256(verifier)) must equal the challenge bound to the code. Malformed input never matches.</summary>
    public static bool Matches(ReadOnlySpan<char> verifier, ReadOnlySpan<char> challenge)
    {
        if (!IsVerifier(verifier) || !IsChallenge(challenge))
        {
            return false;
        }

        Span<byte> verifierBytes = stackalloc byte[verifier.Length];
        Span<byte> challengeBytes = stackalloc byte[ChallengeLength];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> encoded = stackalloc byte[ChallengeLength];
        Encoding.ASCII.GetBytes(verifier, verifierBytes);
        Encoding.ASCII.GetBytes(challenge, challengeBytes);
        SHA256.HashData(verifierBytes, hash);
        Base64Url.EncodeToUtf8(hash, encoded);
        return CryptographicOperations.FixedTimeEquals(encoded, challengeBytes);
    }
}
