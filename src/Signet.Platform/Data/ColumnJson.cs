using System.Text.Json;
using System.Text.Json.Serialization;

namespace Signet.Platform.Data;

/// <summary>How objects stand in <c>jsonb</c> columns: snake_case names and enum values, ids as text. What is written today must be readable after an upgrade.</summary>
public static class ColumnJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };
}
