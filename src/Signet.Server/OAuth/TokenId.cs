using System.Buffers.Text;
using System.Security.Cryptography;

namespace Signet.Server.OAuth;

/// <summary>
/// The <c>jti</c> of an access token: 16 random bytes, and where a person stands behind the token the grant's id before them, so that the
/// token can be tied to its grant without a row of its own. Opaque to everybody else.
/// </summary>
internal static class TokenId
{
    private const int RandomBytes = 16;
    private const int GrantBytes = 16;

    public static string New(GrantId? grant)
    {
        Span<byte> bytes = stackalloc byte[GrantBytes + RandomBytes];
        var random = bytes[..RandomBytes];
        if (grant is { } id)
        {
            id.Value.TryWriteBytes(bytes, bigEndian: true, out _);
            random = bytes[GrantBytes..];
        }
        else
        {
            bytes = random;
        }

        RandomNumberGenerator.Fill(random);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The grant a token came of; null where the application speaks for itself.</summary>
    public static GrantId? GrantOf(string tokenId)
    {
        Span<byte> bytes = stackalloc byte[GrantBytes + RandomBytes];
        return Base64Url.TryDecodeFromChars(tokenId, bytes, out var length) && length == bytes.Length
            ? new GrantId(new Guid(bytes[..GrantBytes], bigEndian: true))
            : null;
    }
}
