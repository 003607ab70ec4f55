using System.Text.Json;
using Signet.Jose;

namespace Signet.OpenIdFederation;

/// <summary>Writes the claims of messages we sign. A claim without value is left out; times are whole seconds.</summary>
internal static class DraftWriter
{
    public static void Optional(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    public static void Optional(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, JsonElement? value)
    {
        if (value is { } element)
        {
            writer.WritePropertyName(name);
            Json.WriteRaw(writer, element);
        }
    }

    public static void Optional(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, FederationKeys? keys)
    {
        if (keys is not null)
        {
            writer.WritePropertyName(name);
            keys.WriteTo(writer);
        }
    }

    /// <summary>RFC 7519 §2 lets a time have a fraction; members of federations read it more surely without.</summary>
    public static void Time(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, DateTimeOffset? time)
    {
        if (time is { } moment)
        {
            writer.WriteNumber(name, moment.ToUnixTimeSeconds());
        }
    }

    public static void Texts(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }

    public static void Entities(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<EntityId> entities)
    {
        if (entities.Count == 0)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (var entity in entities)
        {
            writer.WriteStringValue(entity.Value);
        }

        writer.WriteEndArray();
    }

    /// <summary>Claims beyond the specification's.</summary>
    public static void Extra(this Utf8JsonWriter writer, JsonElement? extra)
    {
        foreach (var claim in extra?.EnumerateObject() ?? default)
        {
            writer.WritePropertyName(claim.Name);
            Json.WriteRaw(writer, claim.Value);
        }
    }

    public static void RequireFree(JsonElement? extra, IReadOnlyList<string> taken, string parameter)
    {
        if (extra is { } claims && claims.EnumerateObject().Select(claim => claim.Name).FirstOrDefault(taken.Contains) is { } name)
        {
            throw new ArgumentException($"The claim {name} is defined by the specification.", parameter);
        }
    }

    public static void RequireOrder(DateTimeOffset issuedAt, DateTimeOffset? expiresAt, string parameter)
    {
        if (expiresAt <= issuedAt)
        {
            throw new ArgumentException("A message expires after it is issued.", parameter);
        }
    }

    /// <summary>Signs claims with header members beside the usual ones; without any, as fast as the key can.</summary>
    public static string Sign<T>(SigningKey key, string typ, T draft, Action<Utf8JsonWriter, T> writeClaims, IReadOnlyList<(string Name, IReadOnlyList<string> Chain)> chains)
    {
        if (chains.Count == 0)
        {
            return Jwt.Issue(key, typ, draft, writeClaims);
        }

        var payload = Json.ToUtf8(writer =>
        {
            writer.WriteStartObject();
            writeClaims(writer, draft);
            writer.WriteEndObject();
        });
        return Jws.SignCompact(key, typ, writer =>
        {
            foreach (var (name, chain) in chains)
            {
                writer.WriteStartArray(name);
                foreach (var jwt in chain)
                {
                    writer.WriteStringValue(jwt);
                }

                writer.WriteEndArray();
            }
        }, payload);
    }
}
