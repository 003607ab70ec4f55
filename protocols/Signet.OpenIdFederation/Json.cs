using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Signet.OpenIdFederation;

/// <summary>JSON read and written without reflection.</summary>
internal static class Json
{
    // The documents are token payloads and JSON answers, never HTML, so that names in any script stay readable.
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 128 };

    public static byte[] ToUtf8(Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(output, Options))
        {
            write(writer);
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>An element the program itself has written.</summary>
    public static JsonElement ToElement(Action<Utf8JsonWriter> write) =>
        JsonElement.Parse(ToUtf8(write), new JsonDocumentOptions { MaxDepth = Options.MaxDepth });

    public static JsonElement Text(string text) => ToElement(writer => writer.WriteStringValue(text));

    public static void WriteArray(Utf8JsonWriter writer, IEnumerable<JsonElement> items)
    {
        writer.WriteStartArray();
        foreach (var item in items)
        {
            item.WriteTo(writer);
        }

        writer.WriteEndArray();
    }

    /// <summary>Copies the bytes of an element that was parsed before, without reading them again.</summary>
    public static void WriteRaw(Utf8JsonWriter writer, JsonElement element) =>
        writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(element), skipInputValidation: true);

    /// <summary>A set of JSON values: members of objects in any order, numbers by value.</summary>
    public static HashSet<JsonElement> ToSet(IEnumerable<JsonElement> items) => new(items, ElementEquality.Instance);

    /// <summary>Whether every element of <paramref name="part"/> is in <paramref name="whole"/>, as sets.</summary>
    public static bool IsWithin(IEnumerable<JsonElement> part, IEnumerable<JsonElement> whole) => ToSet(whole).IsSupersetOf(part);
}
