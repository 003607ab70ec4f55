using Signet.Platform.Http;
using Signet.Server.Settings;
using Signet.Server.Tenants;

namespace Signet.Server.OAuth;

/// <summary>RFC 8705 §5: the address of a tenant for clients with certificates, where the host has one that asks for them.</summary>
internal static class MtlsAddress
{
    /// <summary>Null where everybody comes to the one address.</summary>
    public static string? Of(HostSettings settings, Tenant tenant) =>
        settings.MtlsUrl is not { } url ? null
        : tenant.IsDefault ? url.GetLeftPart(UriPartial.Authority)
        : $"{url.GetLeftPart(UriPartial.Authority)}/t/{tenant.Slug}";

    /// <summary>The address of ours that a request came to, from stored configuration: the tenant's own, or the one for clients with certificates.</summary>
    public static string Asked(HttpContext context, HostSettings settings, Tenant tenant) =>
        Of(settings, tenant) is { } alias && ClientAddress.Of(context).Host == HostOf(settings.MtlsUrl!) ? alias : tenant.Origin;

    private static string HostOf(Uri url) => url.IsDefaultPort ? url.Host : $"{url.Host}:{url.Port}";
}
