using Signet.Platform.Cache;
using Signet.Platform.Data;
using Signet.Server.Settings;
using Signet.Server.Tenants.Storage;

namespace Signet.Server.Tenants;

/// <summary>Finds tenants by host, path and id, from a copy that every node drops the moment a tenant changes.</summary>
public sealed class TenantDirectory(Db db, HostSettings settings, Notifications notifications, TimeProvider time)
{
    internal const string Topic = "tenants";

    private readonly NodeCache<string, Tenant?> bySlug =
        new(Topic, slug => slug, new NodeCacheOptions(10_000) { NegativeAge = TimeSpan.FromSeconds(5) }, notifications, time);

    /// <summary>Null where no tenant is called so, or it was deleted.</summary>
    public ValueTask<Tenant?> FindBySlugAsync(string slug, CancellationToken ct) =>
        bySlug.GetAsync(slug, async (key, token) =>
            await db.AsSystemAsync(tx => TenantRows.FindBySlugAsync(tx, key, token), token) is { State: not TenantState.Deleted } row
                ? ToTenant(row)
                : null, ct);

    /// <summary>An active tenant that lives behind <c>/t/slug</c>, for addresses that have something before that path; null where none does.</summary>
    public async ValueTask<Tenant?> FindByPathAsync(string slug, CancellationToken ct) =>
        TenantSlug.IsValid(slug) && await FindBySlugAsync(slug, ct) is { State: TenantState.Active, Address: TenantAddress.Path } tenant ? tenant : null;

    public ValueTask<Tenant?> FindDefaultAsync(CancellationToken ct) => FindBySlugAsync(DefaultSlug, ct);

    /// <summary>Of background work, which knows the id only.</summary>
    public async Task<Tenant?> FindAsync(TenantId id, CancellationToken ct) =>
        await db.AsSystemAsync(tx => TenantRows.FindAsync(tx, id, ct), ct) is { State: not TenantState.Deleted } row ? ToTenant(row) : null;

    /// <summary>
    /// The tenant a host name stands for: the public host is the default tenant, one label below the base domain is that tenant.
    /// Names of this machine also reach the default tenant while the public address is this machine's own.
    /// </summary>
    public ValueTask<Tenant?> FindByHostAsync(string host, CancellationToken ct)
    {
        if (host.Equals(settings.PublicUrl.Host, StringComparison.OrdinalIgnoreCase)
            || host.Equals(settings.BaseDomain, StringComparison.OrdinalIgnoreCase)
            || (settings.IsDevelopment && host is "localhost" or "127.0.0.1" or "[::1]" or "::1"))
        {
            return FindDefaultAsync(ct);
        }

        var label = host.Length > settings.BaseDomain.Length + 1
            && host.EndsWith(settings.BaseDomain, StringComparison.OrdinalIgnoreCase)
            && host[^(settings.BaseDomain.Length + 1)] == '.'
                ? host[..^(settings.BaseDomain.Length + 1)].ToLowerInvariant()
                : null;
        return TenantSlug.IsValid(label) && label is not DefaultSlug ? FindBySlugAsync(label!, ct) : new((Tenant?)null);
    }

    internal Tenant ToTenant(TenantRow row) =>
        new(row.TenantId, row.Slug, row.Name, row.Address, row.State, OriginOf(row));

    private string OriginOf(TenantRow row)
    {
        if (row.TenantId == TenantId.Default)
        {
            return settings.Origin;
        }

        var port = settings.PublicUrl.IsDefaultPort ? "" : $":{settings.PublicUrl.Port}";
        return row.Address switch
        {
            TenantAddress.Host => $"{settings.PublicUrl.Scheme}://{row.Slug}.{settings.BaseDomain}{port}",
            TenantAddress.Path => $"{settings.Origin}/t/{row.Slug}",
        };
    }

    internal const string DefaultSlug = "default";
}
