using System.Text;
using Signet.Platform.Crypto;

namespace Signet.Server.Passwords.Hashing;

/// <summary>
/// What is hashed of a password: its UTF-8 bytes in Unicode form KC, so that the same password typed on another keyboard or system is the same.
/// Its length is bounded before any work is done.
/// </summary>
internal static class PasswordText
{
    /// <summary>In code points, when a password is set; NIST SP 800-63B §3.1.1.2 counts so.</summary>
    public const int Shortest = 12;
    public const int Longest = 256;

    // 256 code points of four bytes. As typed, before normalisation, which may lengthen it eighteen times.
    private const int MaxBytes = 4 * Longest;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Null for what no password can be: nothing, more than 1024 bytes, or not Unicode.</summary>
    public static byte[]? TryPrepare(string typed)
    {
        if (typed.Length is 0 or > MaxBytes || !IsUnicode(typed) || Encoding.UTF8.GetByteCount(typed) > MaxBytes)
        {
            return null;
        }

        return Strict.GetBytes(Nfkc.Normalize(typed));
    }

    public static int CountCodePoints(ReadOnlySpan<byte> utf8)
    {
        var count = 0;
        foreach (var unit in utf8)
        {
            count += (unit & 0xC0) == 0x80 ? 0 : 1;
        }

        return count;
    }

    private static bool IsUnicode(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[++i])))
            {
                return false;
            }
        }

        return true;
    }
}
