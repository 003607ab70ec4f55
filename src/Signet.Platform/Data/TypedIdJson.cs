using System.Text.Json;
using System.Text.Json.Serialization;

namespace Signet.Platform.Data;

/// <summary>Writes a typed id as its text, and refuses any other spelling with an ordinary JSON error.</summary>
public sealed class TypedIdJson<TId> : JsonConverter<TId> where TId : struct, ITypedId<TId>
{
    public override TId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && TypedId.TryParse<TId>(reader.GetString(), out var id)
            ? id
            : throw new JsonException("An id is a UUID in its hyphenated form.");

    public override void Write(Utf8JsonWriter writer, TId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}
