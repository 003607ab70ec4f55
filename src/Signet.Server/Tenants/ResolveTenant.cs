using Signet.Platform.Http;
using Signet.Server.Settings;

namespace Signet.Server.Tenants;

/// <summary>
/// Puts the tenant on the request, by path prefix <c>/t/slug</c> or by host, in two steps: before a route is chosen the prefix is taken off the path,
/// after it the tenant is looked up, where the route needs one. So probes answer while the database does not.
/// The host comes from the one function that decides it; the issuer never comes from the request at all.
/// Refusing a request without a tenant is the <see cref="Permissions.Gate"/>'s.
/// </summary>
public static class ResolveTenant
{
    /// <summary>Comes before routing.</summary>
    public static IApplicationBuilder UseTenantPath(this IApplicationBuilder app) => app.Use(next => context =>
    {
        if (context.Request.Path.StartsWithSegments("/t", StringComparison.Ordinal, out var rest) && rest.Value is ['/', .. var named])
        {
            var end = named.IndexOf('/', StringComparison.Ordinal);
            var slug = end < 0 ? named : named[..end];
            context.Features.Set(new NamedByPath(slug));
            context.Request.PathBase = context.Request.PathBase.Add($"/t/{slug}");
            context.Request.Path = end < 0 ? "/" : named[end..];
        }

        return next(context);
    });

    /// <summary>Comes after routing, before the gate.</summary>
    /// <param name="settings">Say under which other name the default tenant sees clients with certificates.</param>
    public static IApplicationBuilder UseTenant(this IApplicationBuilder app, TenantDirectory directory, HostSettings settings) => app.Use(next => async context =>
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<RouteFamily>() is { NeedsTenant: true } && await FindAsync(context, directory, settings) is { } tenant)
        {
            context.Features.Set(tenant);
        }

        await next(context);
    });

    private static ValueTask<Tenant?> FindAsync(HttpContext context, TenantDirectory directory, HostSettings settings)
    {
        if (context.Features.Get<NamedByPath>() is not { } named)
        {
            var host = NameOf(ClientAddress.Of(context).Host);
            return directory.FindByHostAsync(host == settings.MtlsUrl?.Host ? settings.PublicUrl.Host : host, context.RequestAborted);
        }

        return TenantSlug.IsValid(named.Slug) ? directory.FindBySlugAsync(named.Slug, context.RequestAborted) : new((Tenant?)null);
    }

    // Without the port: it says where the name was asked for, not who.
    private static string NameOf(string host) =>
        host.LastIndexOf(':') is > 0 and var colon && host.IndexOf(']', colon) < 0 ? host[..colon] : host;

    private sealed record NamedByPath(string Slug);
}
