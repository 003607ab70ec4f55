using Signet.Platform.Cache;
using Signet.Platform.Data;
using Signet.Server.Clients.Storage;

namespace Signet.Server.Clients;

/// <summary>Finds applications, from this node's copy; the copy goes the moment the application or a secret of it changes.</summary>
public sealed class ClientDirectory(Db db, Notifications notifications, TimeProvider time)
{
    internal const string Topic = "clients";

    private readonly NodeCache<(TenantId Tenant, ClientId Id), Client?> byId =
        new(Topic, key => key.Id.ToString(), new NodeCacheOptions(20_000) { NegativeAge = TimeSpan.FromSeconds(1) }, notifications, time);

    /// <summary>Null where the tenant has no such application.</summary>
    public ValueTask<Client?> FindAsync(TenantId tenant, ClientId id, CancellationToken ct) => byId.GetAsync((tenant, id), LoadAsync, ct);

    /// <summary>Newest first, without secrets.</summary>
    /// <param name="search">Part of the name, or the whole id.</param>
    public async Task<IReadOnlyList<Client>> ListAsync(TenantId tenant, string? search, ClientId? before, int limit, CancellationToken ct)
    {
        var text = string.IsNullOrWhiteSpace(search) ? null : search.Trim();
        var rows = await db.InTenantAsync(tenant, tx => ClientRows.ListAsync(tx, text, before, limit, ct), ct);
        return [.. rows.Select(row => row.ToClient([]))];
    }

    /// <summary>How many applications the tenant has, counted no further than <paramref name="most"/>.</summary>
    public Task<long> CountAsync(TenantId tenant, int most, CancellationToken ct) =>
        db.InTenantAsync(tenant, tx => ClientRows.CountAsync(tx, most, ct), ct);

    private Task<Client?> LoadAsync((TenantId Tenant, ClientId Id) key, CancellationToken ct) =>
        db.InTenantAsync(key.Tenant, async tx =>
        {
            if (await ClientRows.FindAsync(tx, key.Id, ct) is not { } row)
            {
                return null;
            }

            var secrets = await ClientRows.SecretsAsync(tx, key.Id, ct);
            return row.ToClient([.. secrets.Select(secret => secret.ToSecret())]);
        }, ct);
}
