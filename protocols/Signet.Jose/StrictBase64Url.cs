using System.Buffers;
using System.Buffers.Text;

namespace Signet.Jose;

/// <summary>
/// Base64url in which every byte string has exactly one spelling: no padding, no white space, no characters outside the alphabet and no
/// stray bits in the last character (RFC 7515 §2, RFC 4648 §3.5).
/// </summary>
public static class StrictBase64Url
{
    private static readonly SearchValues<byte> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);

    /// <summary>Encodes without padding.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    /// <summary>Decodes ASCII text; null when it is not the one spelling of some byte string.</summary>
    public static byte[]? TryDecode(ReadOnlySpan<byte> ascii)
    {
        if (!IsCanonical(ascii))
        {
            return null;
        }

        var bytes = new byte[Base64Url.GetMaxDecodedLength(ascii.Length)];
        var written = Base64Url.DecodeFromUtf8(ascii, bytes);
        return written == bytes.Length ? bytes : bytes[..written];
    }

    /// <inheritdoc cref="TryDecode(ReadOnlySpan{byte})" />
    public static byte[]? TryDecode(ReadOnlySpan<char> text)
    {
        var ascii = text.Length <= 1024 ? stackalloc byte[text.Length] : new byte[text.Length];
        return System.Text.Ascii.FromUtf16(text, ascii, out _) is OperationStatus.Done ? TryDecode(ascii) : null;
    }

    internal static bool IsCanonical(ReadOnlySpan<byte> ascii)
    {
        if (ascii.ContainsAnyExcept(Alphabet))
        {
            return false;
        }

        // A group of two characters carries four bits too many, a group of three carries two: they must be zero.
        return (ascii.Length % 4) switch
        {
            0 => true,
            2 => (Sextet(ascii[^1]) & 0b1111) == 0,
            3 => (Sextet(ascii[^1]) & 0b11) == 0,
            _ => false,
        };
    }

    private static int Sextet(byte character) => character switch
    {
        >= (byte)'A' and <= (byte)'Z' => character - 'A',
        >= (byte)'a' and <= (byte)'z' => character - 'a' + 26,
        >= (byte)'0' and <= (byte)'9' => character - '0' + 52,
        (byte)'-' => 62,
        _ => 63,
    };
}
