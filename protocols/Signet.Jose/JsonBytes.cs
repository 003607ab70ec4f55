using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Signet.Jose;

/// <summary>JSON written in one go, compact for the wire or indented for people.</summary>
internal static class JsonBytes
{
    /// <summary>Escapes only what JSON demands: the text goes into base64url or to a JSON content type, never into HTML.</summary>
    public static readonly JsonWriterOptions CompactOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonWriterOptions IndentedOptions = CompactOptions with { Indented = true, NewLine = "\n" };

    public static byte[] Compact(Action<Utf8JsonWriter> write) => Write(write, CompactOptions).WrittenSpan.ToArray();

    public static byte[] Indented(Action<Utf8JsonWriter> write)
    {
        var buffer = Write(write, IndentedOptions);
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static ArrayBufferWriter<byte> Write(Action<Utf8JsonWriter> write, JsonWriterOptions options)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(buffer, options);
        write(writer);
        writer.Flush();
        return buffer;
    }
}
