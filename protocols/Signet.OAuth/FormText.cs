using System.Buffers;
using System.Text;

namespace Signet.OAuth;

/// <summary>application/x-www-form-urlencoded, read strictly: bad escapes, bytes outside ASCII and invalid UTF-8 are refused, not repaired.</summary>
internal static class FormText
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>RFC 6749 §B: the text behind plus signs and percent escapes; null where it is malformed.</summary>
    public static string? Decode(ReadOnlySpan<char> encoded)
    {
        var rented = ArrayPool<byte>.Shared.Rent(encoded.Length);
        try
        {
            return TryUnescape(encoded, rented, out var length) ? Text(rented.AsSpan(..length)) : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    /// <summary>Well-formed UTF-8 as text, else null.</summary>
    public static string? Text(ReadOnlySpan<byte> utf8) =>
        System.Text.Unicode.Utf8.IsValid(utf8) ? Utf8.GetString(utf8) : null;

    /// <summary>The pairs of a query or form, in order; null where any is malformed or there are more than <paramref name="maxPairs"/>.</summary>
    public static List<KeyValuePair<string, string>>? Pairs(ReadOnlySpan<char> text, int maxPairs)
    {
        List<KeyValuePair<string, string>> pairs = [];
        foreach (var range in text.Split('&'))
        {
            var pair = text[range];
            if (pair.IsEmpty)
            {
                continue;
            }

            var split = pair.IndexOf('=');
            var name = Decode(split < 0 ? pair : pair[..split]);
            var value = Decode(split < 0 ? [] : pair[(split + 1)..]);
            if (name is null || value is null || pairs.Count == maxPairs)
            {
                return null;
            }

            pairs.Add(new(name, value));
        }

        return pairs;
    }

    private static bool TryUnescape(ReadOnlySpan<char> encoded, Span<byte> bytes, out int length)
    {
        length = 0;
        for (var i = 0; i < encoded.Length; i++)
        {
            switch (encoded[i])
            {
                case '%':
                    if (i + 2 >= encoded.Length || !char.IsAsciiHexDigit(encoded[i + 1]) || !char.IsAsciiHexDigit(encoded[i + 2]))
                    {
                        return false;
                    }

                    bytes[length++] = (byte)((Nibble(encoded[i + 1]) << 4) | Nibble(encoded[i + 2]));
                    i += 2;
                    break;
                case '+':
                    bytes[length++] = (byte)' ';
                    break;
                case var c when char.IsAscii(c):
                    bytes[length++] = (byte)c;
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    private static int Nibble(char hex) => char.IsAsciiDigit(hex) ? hex - '0' : (hex | 0x20) - 'a' + 10;
}
