using System.Text.Json;
using System.Text.Unicode;

namespace Signet.Jose;

/// <summary>
/// Reads JSON that has one meaning only: no duplicate members at any level (RFC 8259 §4, RFC 7515 §4), well-formed Unicode, no comments,
/// no trailing commas, bounded size and depth. What does not fit is refused, never repaired.
/// </summary>
public static class StrictJson
{
    /// <summary>Largest document read unless the caller says otherwise: 64 KiB.</summary>
    public const int DefaultMaxBytes = 64 * 1024;

    /// <summary>Deepest nesting read unless the caller says otherwise.</summary>
    public const int DefaultMaxDepth = 32;

    /// <summary>
    /// Parses without copying: the document reads from <paramref name="utf8"/>, which must not change while it lives. Null when refused.
    /// </summary>
    public static JsonDocument? TryParse(ReadOnlyMemory<byte> utf8, int maxBytes = DefaultMaxBytes, int maxDepth = DefaultMaxDepth)
    {
        if (utf8.Length > maxBytes || !Utf8.IsValid(utf8.Span))
        {
            return null;
        }

        try
        {
            RequireWholeSurrogatePairs(utf8.Span, maxDepth);
            return JsonDocument.Parse(utf8, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = maxDepth });
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            // The reader's way to say that an escape is half a surrogate pair.
            return null;
        }
    }

    /// <summary>Parses into an element that owns its memory and needs no disposal. Null when refused.</summary>
    public static JsonElement? TryParseElement(ReadOnlySpan<byte> utf8, int maxBytes = DefaultMaxBytes, int maxDepth = DefaultMaxDepth)
    {
        if (utf8.Length > maxBytes)
        {
            return null;
        }

        using var document = TryParse(utf8.ToArray(), maxBytes, maxDepth);
        return document?.RootElement.Clone();
    }

    private static void RequireWholeSurrogatePairs(ReadOnlySpan<byte> utf8, int maxDepth)
    {
        if (utf8.IndexOf("\\u"u8) < 0)
        {
            return;
        }

        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = maxDepth });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
            {
                _ = reader.GetString();
            }
        }
    }
}
