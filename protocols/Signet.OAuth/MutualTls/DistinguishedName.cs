using System.Buffers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Signet.OAuth.MutualTls;

/// <summary>
/// Distinguished names as lists of attribute and value, the last of the certificate first, so that the types of ASN.1 strings don't count.
/// Multi-valued parts are not taken. <see href="https://www.rfc-editor.org/rfc/rfc4514"/>
/// </summary>
internal static class DistinguishedName
{
    private static readonly SearchValues<char> Escaped = SearchValues.Create("\"+,;<>");

    /// <summary>Reads the string form; null when malformed. Spaces after a comma are allowed, as most tools print them.</summary>
    public static IReadOnlyList<(string Attribute, string Value)>? TryParse(string text)
    {
        List<(string, string)> parts = [];
        for (var rest = text.AsSpan(); ;)
        {
            var equals = rest.IndexOf('=');
            if (equals < 0 || AttributeOf(rest[..equals].TrimStart(' ')) is not { } attribute)
            {
                return null;
            }

            rest = rest[(equals + 1)..];
            var end = EndOfValue(rest);
            if (TryUnescape(rest[..end]) is not { } value)
            {
                return null;
            }

            parts.Add((attribute, value));
            if (end == rest.Length)
            {
                return parts;
            }

            rest = rest[(end + 1)..];
        }
    }

    /// <summary>The parts of a certificate's name; null where one can't be compared.</summary>
    public static IReadOnlyList<(string Attribute, string Value)>? TryRead(X500DistinguishedName name)
    {
        List<(string, string)> parts = [];
        try
        {
            foreach (var part in name.EnumerateRelativeDistinguishedNames(reversed: true))
            {
                if (part.HasMultipleElements || part.GetSingleElementType().Value is not { } attribute || part.GetSingleElementValue() is not { } value)
                {
                    return null;
                }

                parts.Add((attribute, value));
            }
        }
        catch (CryptographicException)
        {
            return null;
        }

        return parts;
    }

    // RFC 4514 §3, and two more that certificates of clients have. Any other is written as its number.
    private static string? AttributeOf(ReadOnlySpan<char> name) => name.ToString().ToUpperInvariant() switch
    {
        "CN" => "2.5.4.3",
        "L" => "2.5.4.7",
        "ST" => "2.5.4.8",
        "O" => "2.5.4.10",
        "OU" => "2.5.4.11",
        "C" => "2.5.4.6",
        "STREET" => "2.5.4.9",
        "DC" => "0.9.2342.19200300.100.1.25",
        "UID" => "0.9.2342.19200300.100.1.1",
        "SERIALNUMBER" => "2.5.4.5",
        "EMAILADDRESS" => "1.2.840.113549.1.9.1",
        { Length: > 2 } number when number.All(c => char.IsAsciiDigit(c) || c == '.') && char.IsAsciiDigit(number[0]) => number,
        _ => null,
    };

    // The comma that ends the value, or the end of the text.
    private static int EndOfValue(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == ',')
            {
                return i;
            }
        }

        return text.Length;
    }

    // RFC 4514 §2.4 and §3: a backslash before a special character, or before the two hex digits of an octet of UTF-8.
    private static string? TryUnescape(ReadOnlySpan<char> text)
    {
        // An empty value names nobody; '#' begins raw BER, which nobody can read; a bare space at either end is not allowed.
        if (text.IsEmpty || text[0] is '#' or ' ' || (text[^1] == ' ' && !text.EndsWith("\\ ")))
        {
            return null;
        }

        var bytes = new ArrayBufferWriter<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                if (Escaped.Contains(text[i]) || text[i] == '\0' || Rune.DecodeFromUtf16(text[i..], out var rune, out var length) is not OperationStatus.Done)
                {
                    return null;
                }

                bytes.Advance(rune.EncodeToUtf8(bytes.GetSpan(4)));
                i += length - 1;
            }
            else if (i + 1 < text.Length && (Escaped.Contains(text[i + 1]) || text[i + 1] is ' ' or '#' or '=' or '\\'))
            {
                bytes.Write([(byte)text[++i]]);
            }
            else if (i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                bytes.Write(Convert.FromHexString(text.Slice(i + 1, 2)));
                i += 2;
            }
            else
            {
                return null;
            }
        }

        return FormText.Text(bytes.WrittenSpan);
    }
}
