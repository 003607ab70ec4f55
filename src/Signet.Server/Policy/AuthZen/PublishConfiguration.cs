using System.Text.Json;
using Signet.Platform.Http;
using Signet.Server.Tenants;

namespace Signet.Server.Policy.AuthZen;

/// <summary>
/// The metadata of this decision point (AuthZEN §9), one a tenant. It names what there is: there are no search endpoints, so none are named.
/// <see href="https://openid.net/specs/authorization-api-1_0.html"/>
/// </summary>
internal static class PublishConfiguration
{
    private const string Path = "/.well-known/authzen-configuration";

    private static readonly string CacheControl = $"public, max-age={(int)TimeSpan.FromHours(1).TotalSeconds}";

    public static void Map(RouteGroupBuilder protocol)
    {
        protocol.MapGet(Path, (HttpContext context, Tenant tenant) => WriteAsync(context, tenant));
        // AuthZEN §9.2: of an identifier with a path, the well-known part goes between its host and that path.
        protocol.MapGet($"{Path}/t/{{slug}}", async (string slug, HttpContext context, TenantDirectory directory, CancellationToken ct) =>
            await (await directory.FindByPathAsync(slug, ct) is { } tenant
                ? WriteAsync(context, tenant)
                : HttpProblems.NotFound.ExecuteAsync(context)));
    }

    private static async Task WriteAsync(HttpContext context, Tenant tenant)
    {
        context.Response.Headers.CacheControl = CacheControl;
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("policy_decision_point"u8, tenant.Origin);
        json.WriteString("access_evaluation_endpoint"u8, $"{tenant.Origin}/access/v1/evaluation");
        json.WriteString("access_evaluations_endpoint"u8, $"{tenant.Origin}/access/v1/evaluations");
        json.WriteEndObject();
    }
}
