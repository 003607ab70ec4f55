using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Signet.Platform.Http;

/// <summary>
/// The one way our APIs read and write JSON: snake_case names, exact case, no member twice, no text where a number is meant,
/// required means required, nesting bounded, and no text that PostgreSQL could not hold.
/// </summary>
public static class HttpJson
{
    private const int Depth = 32;

    public static JsonSerializerOptions Options { get; } = Make();

    /// <summary>Makes minimal APIs read and write so, and refuse aloud: what cannot be bound reaches the error handler.</summary>
    public static IServiceCollection AddHttpJson(this IServiceCollection services) => services
        .ConfigureHttpJsonOptions(json => Shape(json.SerializerOptions))
        .Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };
        Shape(options);
        options.MakeReadOnly();
        return options;
    }

    private static void Shape(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DictionaryKeyPolicy = null;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.AllowDuplicateProperties = false;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.MaxDepth = Depth;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.Converters.Add(new StorableText());
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
    }

    /// <summary>Refuses NUL and unpaired surrogates, which no store of ours can hold, where they enter.</summary>
    private sealed class StorableText : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType is JsonTokenType.String or JsonTokenType.Null ? Check(ReadText(ref reader)) : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

        public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Check(ReadText(ref reader))!;

        public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
            writer.WritePropertyName(value);

        private static string? ReadText(ref Utf8JsonReader reader)
        {
            try
            {
                return reader.GetString();
            }
            catch (InvalidOperationException)
            {
                // An escaped surrogate without its partner.
                throw new JsonException();
            }
        }

        private static string? Check(string? text) => text?.Contains('\0') is true ? throw new JsonException() : text;
    }
}
