using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Signet.Jose;

/// <summary>
/// The JSON Canonicalization Scheme: equal values give equal bytes, whatever order, spacing or escapes they came with.
/// Numbers are IEEE 754 doubles (RFC 8785 §3.2.2.3), so integers beyond 2^53 belong in strings. <see href="https://www.rfc-editor.org/rfc/rfc8785"/>
/// </summary>
public static class CanonicalJson
{
    /// <summary>Canonicalises UTF-8 JSON text. Null when it is not strict JSON or holds a number no double can hold.</summary>
    public static byte[]? TryCanonicalize(
        ReadOnlyMemory<byte> utf8, int maxBytes = StrictJson.DefaultMaxBytes, int maxDepth = StrictJson.DefaultMaxDepth)
    {
        using var document = StrictJson.TryParse(utf8, maxBytes, maxDepth);
        if (document is null)
        {
            return null;
        }

        var output = new ArrayBufferWriter<byte>(Math.Max(utf8.Length, 16));
        return TryWrite(document.RootElement, output) ? output.WrittenSpan.ToArray() : null;
    }

    /// <summary>Canonicalises a value the program made itself. Duplicate members or a number beyond a double are a bug, hence the exception.</summary>
    /// <exception cref="ArgumentException">The value has no canonical form.</exception>
    public static byte[] Canonicalize(JsonElement value)
    {
        var output = new ArrayBufferWriter<byte>(256);
        Write(value, output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Like <see cref="Canonicalize"/>, into a buffer of the caller's.</summary>
    /// <exception cref="ArgumentException">The value has no canonical form.</exception>
    public static void Write(JsonElement value, IBufferWriter<byte> output)
    {
        if (!TryWrite(value, output))
        {
            throw new ArgumentException("The value has no canonical JSON form.", nameof(value));
        }
    }

    private static bool TryWrite(JsonElement value, IBufferWriter<byte> output)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                return TryWriteObject(value, output);
            case JsonValueKind.Array:
                return TryWriteArray(value, output);
            case JsonValueKind.String:
                WriteString(JsonMarshal.GetRawUtf8Value(value)[1..^1], output);
                return true;
            case JsonValueKind.Number:
                return CanonicalNumber.TryWrite(JsonMarshal.GetRawUtf8Value(value), output);
            case JsonValueKind.True:
                output.Write("true"u8);
                return true;
            case JsonValueKind.False:
                output.Write("false"u8);
                return true;
            case JsonValueKind.Null:
                output.Write("null"u8);
                return true;
            default:
                return false;
        }
    }

    private static bool TryWriteArray(JsonElement array, IBufferWriter<byte> output)
    {
        output.Write("["u8);
        var first = true;
        foreach (var item in array.EnumerateArray())
        {
            if (!first)
            {
                output.Write(","u8);
            }

            first = false;
            if (!TryWrite(item, output))
            {
                return false;
            }
        }

        output.Write("]"u8);
        return true;
    }

    private static bool TryWriteObject(JsonElement value, IBufferWriter<byte> output)
    {
        var count = value.GetPropertyCount();
        var members = ArrayPool<(string Name, JsonElement Value)>.Shared.Rent(count);
        try
        {
            var filled = 0;
            foreach (var member in value.EnumerateObject())
            {
                members[filled++] = (member.Name, member.Value);
            }

            // RFC 8785 §3.2.3: by UTF-16 code units, which is what an ordinal comparison of .NET strings does.
            members.AsSpan(0, count).Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
            return TryWriteSorted(members.AsSpan(0, count), output);
        }
        finally
        {
            ArrayPool<(string, JsonElement)>.Shared.Return(members, clearArray: true);
        }
    }

    private static bool TryWriteSorted(ReadOnlySpan<(string Name, JsonElement Value)> members, IBufferWriter<byte> output)
    {
        output.Write("{"u8);
        for (var i = 0; i < members.Length; i++)
        {
            if (i > 0)
            {
                if (string.Equals(members[i - 1].Name, members[i].Name, StringComparison.Ordinal))
                {
                    return false;
                }

                output.Write(","u8);
            }

            CanonicalString.Write(members[i].Name, output);
            output.Write(":"u8);
            if (!TryWrite(members[i].Value, output))
            {
                return false;
            }
        }

        output.Write("}"u8);
        return true;
    }

    private static void WriteString(ReadOnlySpan<byte> raw, IBufferWriter<byte> output)
    {
        // What JSON lets through without an escape, the canonical form leaves without one too (RFC 8785 §3.2.2.2).
        if (!raw.Contains((byte)'\\'))
        {
            output.Write("\""u8);
            output.Write(raw);
            output.Write("\""u8);
            return;
        }

        CanonicalString.WriteUnescaping(raw, output);
    }
}
