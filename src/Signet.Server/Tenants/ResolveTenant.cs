using Signet.Platform.Http;

namespace Signet.Server.Tenants;

/// <summary>
/// Puts the tenant on the request before a route is chosen, by path prefix <c>/t/slug</c> or by host.
/// The host comes from the one function that decides it; the issuer never comes from the request at all.
/// Refusing a request without a tenant is the <see cref="Permissions.Gate"/>'s, which knows whether its route needs one.
/// </summary>
public sealed class ResolveTenant(RequestDelegate next, TenantDirectory directory)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (await FindAsync(context) is { } tenant)
        {
            context.Features.Set(tenant);
        }

        await next(context);
    }

    private ValueTask<Tenant?> FindAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments("/t", StringComparison.Ordinal, out var rest) || rest.Value is not ['/', .. var named])
        {
            return directory.FindByHostAsync(NameOf(ClientAddress.Of(context).Host), context.RequestAborted);
        }

        var end = named.IndexOf('/', StringComparison.Ordinal);
        var slug = end < 0 ? named : named[..end];
        if (!TenantSlug.IsValid(slug))
        {
            return new((Tenant?)null);
        }

        context.Request.PathBase = context.Request.PathBase.Add($"/t/{slug}");
        context.Request.Path = end < 0 ? "/" : named[end..];
        return directory.FindBySlugAsync(slug, context.RequestAborted);
    }

    // Without the port: it says where the name was asked for, not who.
    private static string NameOf(string host) =>
        host.LastIndexOf(':') is > 0 and var colon && host.IndexOf(']', colon) < 0 ? host[..colon] : host;
}
