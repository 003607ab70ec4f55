using System.Text.Json;
using Signet.Jose;
using Signet.Platform.Http;
using Signet.Server.Keys;
using Signet.Server.Tenants;

namespace Signet.Server.AgentCards;

/// <summary>
/// What the identifiers of agents and of the tenant resolve to (did:web §3.2): their public keys, and where they are reached. An agent's has the keys that
/// were registered here; those it publishes itself are at its own address. <see href="https://www.w3.org/TR/did-1.0/"/>
/// </summary>
internal static class ServeDidDocument
{
    private const string ContentType = "application/did+ld+json";
    private static readonly string[] Contexts = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"];

    public static void Map(RouteGroupBuilder protocol)
    {
        protocol.MapGet("/agents/{id}/did.json", HandleAsync);
        protocol.MapGet("/.well-known/did.json", OfTenantAsync);
        // did:web §3.2: an identifier with a path has no well-known part.
        protocol.MapGet("/did.json", OfTenantAsync);
    }

    private static async Task HandleAsync(string id, HttpContext context, Tenant tenant, CardDirectory cards, TimeProvider time)
    {
        if (await cards.FindPublishedAsync(tenant, id, context.RequestAborted) is not { } published)
        {
            await HttpProblems.NotFound.ExecuteAsync(context);
            return;
        }

        var (agent, now) = (published.Agent, time.GetUtcNow());
        var keys = agent.Credentials.Where(credential => credential.Holds(now)).SelectMany(credential => credential.Keys?.Keys ?? []);
        await AnswerAsync(context, DidWeb.Of(tenant, agent.Id), DidWeb.Of(tenant), keys,
        [
            ("agent-card", "AgentCard", ServeCard.AddressOf(tenant, agent.Id)),
            .. published.Card.Content.SupportedInterfaces.Select((one, at) => ($"a2a-{at + 1}", "A2A", one.Url)),
        ]);
    }

    private static async Task OfTenantAsync(HttpContext context, Tenant tenant, KeyRings rings)
    {
        var ring = await rings.GetAsync(tenant.Id, context.RequestAborted);
        await AnswerAsync(context, DidWeb.Of(tenant), null, ring.Verification.Keys, [("issuer", "OAuthIssuer", tenant.Origin)]);
    }

    private static Task AnswerAsync(
        HttpContext context, string did, string? controller, IEnumerable<Jwk> keys, IReadOnlyList<(string Id, string Type, string Endpoint)> services)
    {
        var document = Make(did, controller, [.. keys.DistinctBy(key => key.Thumbprint)], services);
        return PublicDocument.AnswerAsync(context, ContentType, document, () => document);
    }

    private static byte[] Make(string did, string? controller, IReadOnlyList<Jwk> keys, IReadOnlyList<(string Id, string Type, string Endpoint)> services)
    {
        using var output = new MemoryStream();
        using (var json = new Utf8JsonWriter(output))
        {
            Write(json, did, controller, keys, services);
        }

        return output.ToArray();
    }

    private static void Write(
        Utf8JsonWriter json, string did, string? controller, IReadOnlyList<Jwk> keys, IReadOnlyList<(string Id, string Type, string Endpoint)> services)
    {
        json.WriteStartObject();
        List(json, "@context", Contexts);
        json.WriteString("id"u8, did);
        if (controller is not null)
        {
            json.WriteString("controller"u8, controller);
        }

        if (keys.Count > 0)
        {
            WriteKeys(json, did, keys);
        }

        json.WriteStartArray("service"u8);
        foreach (var (id, type, endpoint) in services)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, $"{did}#{id}");
            json.WriteString("type"u8, type);
            json.WriteString("serviceEndpoint"u8, endpoint);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteKeys(Utf8JsonWriter json, string did, IReadOnlyList<Jwk> keys)
    {
        json.WriteStartArray("verificationMethod"u8);
        foreach (var key in keys)
        {
            json.WriteStartObject();
            // By its thumbprint (RFC 7638): a kid may be anything, a fragment may not.
            json.WriteString("id"u8, $"{did}#{key.Thumbprint}");
            json.WriteString("type"u8, "JsonWebKey2020");
            json.WriteString("controller"u8, did);
            json.WritePropertyName("publicKeyJwk"u8);
            key.WriteTo(json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        string[] ids = [.. keys.Select(key => $"{did}#{key.Thumbprint}")];
        List(json, "authentication", ids);
        List(json, "assertionMethod", ids);
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
}
