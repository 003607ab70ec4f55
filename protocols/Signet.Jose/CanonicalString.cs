using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Signet.Jose;

/// <summary>Strings escaped exactly as ECMAScript's <c>JSON.stringify</c> does (RFC 8785 §3.2.2.2).</summary>
internal static class CanonicalString
{
    private static readonly SearchValues<byte> Escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(control => (byte)control), (byte)'"', (byte)'\\']);

    public static void Write(string text, IBufferWriter<byte> output)
    {
        var length = Encoding.UTF8.GetMaxByteCount(text.Length);
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            WriteUtf8(rented.AsSpan(0, Encoding.UTF8.GetBytes(text, rented)), output);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Writes the content of a JSON string token (without its quotes) that holds escapes.</summary>
    public static void WriteUnescaping(ReadOnlySpan<byte> raw, IBufferWriter<byte> output)
    {
        var token = new byte[raw.Length + 2];
        token[0] = token[^1] = (byte)'"';
        raw.CopyTo(token.AsSpan(1));
        var reader = new Utf8JsonReader(token);
        reader.Read();
        var text = new byte[raw.Length];
        WriteUtf8(text.AsSpan(0, reader.CopyString(text)), output);
    }

    private static void WriteUtf8(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        output.Write("\""u8);
        while (text.IndexOfAny(Escaped) is >= 0 and var at)
        {
            output.Write(text[..at]);
            WriteEscape(text[at], output);
            text = text[(at + 1)..];
        }

        output.Write(text);
        output.Write("\""u8);
    }

    private static void WriteEscape(byte character, IBufferWriter<byte> output)
    {
        switch (character)
        {
            case (byte)'"': output.Write("\\\""u8); break;
            case (byte)'\\': output.Write("\\\\"u8); break;
            case 0x08: output.Write("\\b"u8); break;
            case 0x09: output.Write("\\t"u8); break;
            case 0x0A: output.Write("\\n"u8); break;
            case 0x0C: output.Write("\\f"u8); break;
            case 0x0D: output.Write("\\r"u8); break;
            default:
                output.Write("\\u00"u8);
                output.Write([HexDigit(character >> 4), HexDigit(character & 0xF)]);
                break;
        }
    }

    private static byte HexDigit(int value) => "0123456789abcdef"u8[value];
}
