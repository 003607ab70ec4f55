using Signet.Platform.Data;

namespace Signet.Server.Tenants;

/// <summary>A tenant as every request sees it.</summary>
/// <param name="Slug">Its label below the base domain and behind <c>/t/</c>: lower-case letters, digits and hyphens.</param>
/// <param name="Origin">Its issuer and the start of every link it gives out: from stored configuration, never from a request. No trailing slash.</param>
public sealed record Tenant(TenantId Id, string Slug, string Name, TenantAddress Address, TenantState State, string Origin)
{
    /// <summary>What browsers call the origin of its pages (RFC 6454 §7): without the path of a tenant that lives behind one.</summary>
    public string SchemeAndHost { get; } = Address is TenantAddress.Path && Origin.LastIndexOf("/t/", StringComparison.Ordinal) is > 0 and var path ? Origin[..path] : Origin;

    public bool IsDefault => Id == TenantId.Default;

    /// <summary>The tenant of the request; every route that needs one has one.</summary>
    public static ValueTask<Tenant?> BindAsync(HttpContext context) => new(context.Features.Get<Tenant>());
}

/// <summary>How a tenant's canonical origin is made.</summary>
public enum TenantAddress
{
    /// <summary><c>https://slug.BASE_DOMAIN</c>; needs a DNS record.</summary>
    Host,

    /// <summary>The public URL and <c>/t/slug</c>; needs none.</summary>
    Path,
}

public enum TenantState
{
    Active,

    /// <summary>Nobody signs in, no token is issued or valid; everything is kept.</summary>
    Suspended,

    /// <summary>Its data key is destroyed; the name stays taken.</summary>
    Deleted,
}
