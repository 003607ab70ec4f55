using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Signet.OAuth.Authorization;
using Signet.OAuth.TokenExchange;
using Signet.OAuth.Tokens;

namespace Signet.OAuth;

/// <summary>Writes claims without reflection; a member without value is left out.</summary>
internal static class ClaimsJson
{
    // The documents are JSON responses and token payloads, never HTML, so that names in any script stay readable.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] ToUtf8(Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(output, Options))
        {
            write(writer);
        }

        return output.WrittenSpan.ToArray();
    }

    public static void Optional(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    public static void Optional(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, bool? value)
    {
        if (value is { } present)
        {
            writer.WriteBoolean(name, present);
        }
    }

    // RFC 7519 §2: NumericDate, whole seconds.
    public static void Optional(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, DateTimeOffset? value)
    {
        if (value is { } present)
        {
            writer.WriteNumber(name, present.ToUnixTimeSeconds());
        }
    }

    public static void Optional(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<string>? values)
    {
        if (values is { Count: > 0 })
        {
            writer.WriteStartArray(name);
            foreach (var value in values)
            {
                writer.WriteStringValue(value);
            }

            writer.WriteEndArray();
        }
    }

    public static void Optional(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, ScopeSet? scope)
    {
        if (scope is { IsEmpty: false })
        {
            writer.WriteString(name, scope.ToString());
        }
    }

    public static void Optional(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, Confirmation? confirmation)
    {
        if (confirmation is not null)
        {
            writer.WritePropertyName(name);
            confirmation.WriteTo(writer);
        }
    }

    public static void Optional(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, ActorClaim? actors, string issuer)
    {
        if (actors is not null)
        {
            writer.WritePropertyName(name);
            actors.WriteTo(writer, issuer);
        }
    }

    public static void Optional(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, AuthorizationDetails? details)
    {
        if (details is not null)
        {
            writer.WritePropertyName(name);
            details.WriteTo(writer);
        }
    }

    // RFC 7519 §4.1.3: one audience may be a plain string.
    public static void Audience(this Utf8JsonWriter writer, IReadOnlyList<string> audience)
    {
        if (audience is [var only])
        {
            writer.WriteString("aud"u8, only);
        }
        else
        {
            writer.Optional("aud"u8, audience);
        }
    }
}
