using System.Text;
using System.Text.Json;
using Signet.Jose;
using Signet.Server.Tenants;

namespace Signet.Server.AgentCards;

/// <summary>
/// An agent's card in the JSON form of A2A 1.0 (§4.4, §5.5), with the signature of the tenant.
/// <see href="https://a2a-protocol.org/v1.0.0/specification"/>
/// </summary>
internal static class WriteCard
{
    private const string Scheme = "signet";

    /// <summary>What is signed: the card without signatures, in the form of RFC 8785 (A2A §8.4.1).</summary>
    public static byte[] Canonical(Tenant tenant, PublishedAgent published)
    {
        using var output = new MemoryStream();
        using (var json = new Utf8JsonWriter(output))
        {
            Write(json, tenant, published);
        }

        return CanonicalJson.TryCanonicalize(output.ToArray(), maxBytes: 1024 * 1024) ?? throw new InvalidOperationException("The card has no canonical form.");
    }

    /// <summary>A2A §8.4.2: a JWS whose payload is the card beside it.</summary>
    public static byte[] Sign(Tenant tenant, byte[] card, SigningKey key)
    {
        var jws = Jws.SignCompact(key, "JOSE", header => header.WriteString("jku"u8, $"{tenant.Origin}/oauth2/jwks"), card).Split('.');
        return [.. card.AsSpan()[..^1], .. Encoding.ASCII.GetBytes($$""","signatures":[{"protected":"{{jws[0]}}","signature":"{{jws[2]}}"}]}""")];
    }

    private static void Write(Utf8JsonWriter json, Tenant tenant, PublishedAgent published)
    {
        var content = published.Card.Content;
        json.WriteStartObject();
        json.WriteString("name"u8, content.Name);
        json.WriteString("description"u8, content.Description);
        json.WriteString("version"u8, published.Agent.Version);
        WriteInterfaces(json, content.SupportedInterfaces);
        if (content.Provider is { } provider)
        {
            json.WriteStartObject("provider"u8);
            json.WriteString("organization"u8, provider.Organization);
            json.WriteString("url"u8, provider.Url);
            json.WriteEndObject();
        }

        Optional(json, "documentationUrl", content.DocumentationUrl);
        Optional(json, "iconUrl", content.IconUrl);
        json.WriteStartObject("capabilities"u8);
        json.WriteBoolean("streaming"u8, content.Capabilities.Streaming);
        json.WriteBoolean("pushNotifications"u8, content.Capabilities.PushNotifications);
        json.WriteBoolean("extendedAgentCard"u8, false);
        json.WriteEndObject();
        WriteSecurity(json, tenant, content.Scopes);
        List(json, "defaultInputModes", content.DefaultInputModes);
        List(json, "defaultOutputModes", content.DefaultOutputModes);
        WriteSkills(json, content.Skills);
        json.WriteEndObject();
    }

    private static void WriteInterfaces(Utf8JsonWriter json, IReadOnlyList<CardInterface> interfaces)
    {
        json.WriteStartArray("supportedInterfaces"u8);
        foreach (var one in interfaces)
        {
            json.WriteStartObject();
            json.WriteString("url"u8, one.Url);
            json.WriteString("protocolBinding"u8, one.ProtocolBinding);
            json.WriteString("protocolVersion"u8, one.ProtocolVersion);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // A2A §4.5: our tokens, and what one needs to be good for.
    private static void WriteSecurity(Utf8JsonWriter json, Tenant tenant, IReadOnlyList<string> scopes)
    {
        json.WriteStartObject("securitySchemes"u8);
        json.WriteStartObject(Scheme);
        json.WriteStartObject("oauth2SecurityScheme"u8);
        json.WriteString("description"u8, $"An access token of {tenant.Origin} for the URL of the interface as its resource (RFC 8707).");
        json.WriteString("oauth2MetadataUrl"u8, MetadataUrlOf(tenant));
        json.WriteStartObject("flows"u8);
        json.WriteStartObject("clientCredentials"u8);
        json.WriteString("tokenUrl"u8, $"{tenant.Origin}/oauth2/token");
        json.WriteStartObject("scopes"u8);
        foreach (var scope in scopes.Distinct(StringComparer.Ordinal))
        {
            json.WriteString(scope, scope);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartArray("securityRequirements"u8);
        json.WriteStartObject();
        json.WriteStartObject("schemes"u8);
        json.WriteStartObject(Scheme);
        List(json, "list", [.. scopes.Distinct(StringComparer.Ordinal)]);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static string MetadataUrlOf(Tenant tenant) =>
        // RFC 8414 §3.1: between host and path.
        $"{tenant.SchemeAndHost}/.well-known/oauth-authorization-server{tenant.Origin[tenant.SchemeAndHost.Length..]}";

    private static void WriteSkills(Utf8JsonWriter json, IReadOnlyList<CardSkill> skills)
    {
        json.WriteStartArray("skills"u8);
        foreach (var skill in skills)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, skill.Id);
            json.WriteString("name"u8, skill.Name);
            json.WriteString("description"u8, skill.Description);
            List(json, "tags", skill.Tags);
            if (skill.Examples is { Count: > 0 } examples)
            {
                List(json, "examples", examples);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void List(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static void Optional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
