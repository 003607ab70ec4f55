using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Signet.Platform.Data;

namespace Signet.Server.Audit;

/// <summary>
/// Writes RFC 8785 JSON straight to bytes. The caller names members in order; strings, numbers and literals come out in the one canonical form.
/// Text is capped, so that what a stranger typed can't make a record of any size.
/// </summary>
internal sealed class RecordText
{
    /// <summary>In UTF-16 units; what is longer ends in an ellipsis.</summary>
    public const int LongestText = 1024;

    public const int LongestList = 128;

    // RFC 8785 §3.2.2.3: numbers are IEEE doubles, which hold no larger integers exactly.
    private const long LargestInteger = (1L << 53) - 1;

    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(c => (char)c), '"', '\\']);

    private byte[] buffer = new byte[1024];
    private int length;

    public ReadOnlySpan<byte> Written => buffer.AsSpan(0, length);

    public void Clear() => length = 0;

    public void Open() => Value((byte)'{');

    public void Close() => Append((byte)'}');

    /// <param name="quoted">The name with its quotes and colon: <c>"at":</c>. Names need no escapes and come in RFC 8785 §3.2.3 order.</param>
    public void Name(ReadOnlySpan<byte> quoted) => Raw(quoted);

    public void Name(byte[] quoted) => Raw(quoted);

    /// <summary>Canonical JSON made elsewhere by this writer.</summary>
    public void Raw(ReadOnlySpan<byte> json)
    {
        Separate();
        Append(json);
    }

    public void Text(string text)
    {
        Separate();
        Quote(Cap(text));
    }

    public void Text(Guid id)
    {
        Separate();
        Reserve(38);
        buffer[length] = (byte)'"';
        Utf8Formatter.TryFormat(id, buffer.AsSpan(length + 1), out _);
        buffer[length + 37] = (byte)'"';
        length += 38;
    }

    /// <summary>UTC to the microsecond, which is what the database keeps.</summary>
    public void Text(DateTimeOffset at)
    {
        Separate();
        Reserve(40);
        buffer[length] = (byte)'"';
        at.UtcDateTime.TryFormat(buffer.AsSpan(length + 1), out var written, TimeFormat);
        buffer[length + 1 + written] = (byte)'"';
        length += written + 2;
    }

    public void Text(Enum value) => Text(SnakeCase.Of(value));

    public void Base64(ReadOnlySpan<byte> bytes)
    {
        Separate();
        Append((byte)'"');
        Reserve(Base64Url.GetEncodedLength(bytes.Length));
        length += Base64Url.EncodeToUtf8(bytes, buffer.AsSpan(length));
        Append((byte)'"');
    }

    public void Number(long number)
    {
        if (number is > LargestInteger or < -LargestInteger)
        {
            throw new ArgumentOutOfRangeException(nameof(number), "An audit record holds integers below 2^53.");
        }

        Separate();
        Reserve(20);
        Utf8Formatter.TryFormat(number, buffer.AsSpan(length), out var written);
        length += written;
    }

    public void Literal(bool value) => Raw(value ? "true"u8 : "false"u8);

    public void List(IEnumerable<string> texts)
    {
        Value((byte)'[');
        foreach (var text in texts.Take(LongestList))
        {
            Text(text);
        }

        Append((byte)']');
    }

    public static string Cap(string text) => Cap(text, LongestText);

    /// <summary>Never cuts a character in two.</summary>
    public static string Cap(string text, int longest) =>
        text.Length <= longest ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[longest - 2]) ? longest - 2 : longest - 1), "…");

    internal const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    private void Value(byte opening)
    {
        Separate();
        Append(opening);
    }

    // A value is followed by a comma unless it is the first of its object or list, or belongs to the name before it.
    private void Separate()
    {
        if (length > 0 && buffer[length - 1] is not ((byte)'{' or (byte)'[' or (byte)':'))
        {
            Append((byte)',');
        }
    }

    // RFC 8785 §3.2.2.2.
    private void Quote(ReadOnlySpan<char> text)
    {
        Append((byte)'"');
        for (int next; (next = text.IndexOfAny(Escaped)) >= 0; text = text[(next + 1)..])
        {
            Encode(text[..next]);
            Escape(text[next]);
        }

        Encode(text);
        Append((byte)'"');
    }

    // A lone surrogate, which no JSON text may hold (RFC 8785 §3.2.2.2), becomes U+FFFD.
    private void Encode(ReadOnlySpan<char> text)
    {
        Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        length += Encoding.UTF8.GetBytes(text, buffer.AsSpan(length));
    }

    private void Escape(char c)
    {
        ReadOnlySpan<byte> escape = c switch
        {
            '"' => "\\\""u8,
            '\\' => "\\\\"u8,
            '\b' => "\\b"u8,
            '\t' => "\\t"u8,
            '\n' => "\\n"u8,
            '\f' => "\\f"u8,
            '\r' => "\\r"u8,
            _ => [],
        };
        if (!escape.IsEmpty)
        {
            Append(escape);
            return;
        }

        Append("\\u00"u8);
        Append((byte)('0' + (c >> 4)));
        Append("0123456789abcdef"u8[c & 0xF]);
    }

    private void Append(byte b)
    {
        Reserve(1);
        buffer[length++] = b;
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(buffer.AsSpan(length));
        length += bytes.Length;
    }

    private void Reserve(int count)
    {
        if (buffer.Length - length < count)
        {
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, length + count));
        }
    }
}
