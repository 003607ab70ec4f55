using System.Text.Json;
using Signet.Jose;
using Signet.OAuth.Discovery;
using Signet.OAuth.Dpop;
using Signet.Platform.Http;
using Signet.Server.Agents;
using Signet.Server.Keys;
using Signet.Server.Tenants;

namespace Signet.Server.OAuth;

/// <summary>
/// What our API says of itself as a protected resource (RFC 9728 §3): whose tokens it takes, and which scopes mean anything to it. So a client that knows
/// nothing but an address of ours, one of MCP for example, gets from its first 401 to a token.
/// </summary>
internal static class PublishResource
{
    private const string Path = "/.well-known/oauth-protected-resource";

    /// <summary>RFC 8725 §3.11: lest it be taken for a token.</summary>
    private const string SignedType = "resource-metadata+jwt";

    private static readonly string CacheControl = $"public, max-age={(int)TimeSpan.FromHours(1).TotalSeconds}";

    public static void Map(RouteGroupBuilder protocol)
    {
        foreach (var resource in (string[])["", ApiResource.Management])
        {
            protocol.MapGet(Path + resource, (HttpContext context, Tenant tenant, KeyRings keys, TimeProvider time) =>
                WriteAsync(context, tenant, resource, keys, time));
            // RFC 9728 §3.1: the well-known part goes between the host and the path of a tenant that lives behind one.
            protocol.MapGet($"{Path}/t/{{slug}}{resource}", async (
                    string slug, HttpContext context, TenantDirectory directory, KeyRings keys, TimeProvider time, CancellationToken ct) =>
                await (await directory.FindByPathAsync(slug, ct) is { } tenant
                    ? WriteAsync(context, tenant, resource, keys, time)
                    : HttpProblems.NotFound.ExecuteAsync(context)));
        }
    }

    private static async Task WriteAsync(HttpContext context, Tenant tenant, string resource, KeyRings keys, TimeProvider time)
    {
        var metadata = new ProtectedResourceMetadata(tenant.Origin + resource, [tenant.Origin])
        {
            ScopesSupported = AgentScopes.All,
            ResourceName = tenant.Name,
            ResourceDocumentation = $"{tenant.Origin}/api/openapi.json",
            DPoPSigningAlgValuesSupported = [.. DpopProof.Algorithms.Select(algorithm => algorithm.Name)],
        };
        var key = await keys.GetSigningKeyAsync(tenant.Id, "ES256", context.RequestAborted);
        var signed = Jws.SignCompact(key, SignedType, (metadata with { Further = writer => WriteIssued(writer, tenant, time.GetUtcNow()) }).ToUtf8Json());
        var document = (metadata with { Further = writer => writer.WriteString("signed_metadata"u8, signed) }).ToUtf8Json();
        context.Response.Headers.CacheControl = CacheControl;
        context.Response.Headers.AccessControlAllowOrigin = "*";
        context.Response.ContentType = OAuthAnswer.Json;
        context.Response.ContentLength = document.Length;
        await context.Response.BodyWriter.WriteAsync(document, context.RequestAborted);
    }

    // RFC 9728 §2.2: who attests it.
    private static void WriteIssued(Utf8JsonWriter writer, Tenant tenant, DateTimeOffset now)
    {
        writer.WriteString("iss"u8, tenant.Origin);
        writer.WriteNumber("iat"u8, now.ToUnixTimeSeconds());
    }
}
