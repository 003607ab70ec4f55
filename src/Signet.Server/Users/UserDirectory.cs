using Signet.Platform.Cache;
using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Server.Users.Storage;

namespace Signet.Server.Users;

/// <summary>Finds people: by id from this node's copy, which goes the moment something about them changes; by address and by search from the database.</summary>
public sealed class UserDirectory
{
    internal const string Topic = "users";

    private readonly Db db;
    private readonly UserSeal seal;
    private readonly BlindIndex index;
    private readonly NodeCache<(TenantId Tenant, UserId Id), User?> byId;

    internal UserDirectory(Db db, UserSeal seal, BlindIndex index, Notifications notifications, TimeProvider time)
    {
        this.db = db;
        this.seal = seal;
        this.index = index;
        byId = new(Topic, key => key.Id.ToString(), new NodeCacheOptions(50_000), notifications, time);
    }

    /// <summary>Null where the tenant has no such person.</summary>
    public ValueTask<User?> FindAsync(TenantId tenant, UserId id, CancellationToken ct) =>
        byId.GetAsync((tenant, id), LoadAsync, ct);

    /// <summary>Whether this person may act, asked in a transaction: never from a copy, and without a second connection.</summary>
    internal static async Task<bool> IsActiveAsync(Tx tx, UserId id, CancellationToken ct) =>
        await UserRows.FindAsync(tx, id, ct) is { State: UserState.Active };

    public Task<User?> FindByEmailAsync(TenantId tenant, EmailAddress email, CancellationToken ct) =>
        db.InTenantAsync(tenant, tx => FindByEmailAsync(tx, email, ct), ct);

    public async Task<User?> FindByEmailAsync(Tx tx, EmailAddress email, CancellationToken ct) =>
        await UserRows.FindByEmailAsync(tx, IndexOf(tx.Tenant, email), ct) is { } row ? await seal.OpenAsync(tx, row, ct) : null;

    /// <summary>Newest first, up to <paramref name="limit"/>, before the one whose id is given.</summary>
    /// <param name="search">An address, or beginnings of words of name and address; null or empty: everybody.</param>
    public Task<IReadOnlyList<User>> ListAsync(TenantId tenant, string? search, UserState? state, UserId? before, int limit, CancellationToken ct) =>
        db.InTenantAsync<IReadOnlyList<User>>(tenant, async tx =>
        {
            var rows = UserSearch.TermsFor(index, tenant, search) is { } terms
                ? await UserRows.FindByTermsAsync(tx, terms, state, before, limit, ct)
                : await UserRows.ListAsync(tx, state, before, limit, ct);
            var users = new List<User>(rows.Count);
            foreach (var row in rows)
            {
                users.Add(await seal.OpenAsync(tx, row, ct));
            }

            return users;
        }, ct);

    /// <summary>How many people the tenant has, counted no further than <paramref name="most"/>.</summary>
    public Task<long> CountAsync(TenantId tenant, int most, CancellationToken ct) =>
        db.InTenantAsync(tenant, tx => UserRows.CountAsync(tx, most, ct), ct);

    internal byte[] IndexOf(TenantId tenant, EmailAddress email) => index.Of(tenant, "users.email", email.Normalised);

    private Task<User?> LoadAsync((TenantId Tenant, UserId Id) key, CancellationToken ct) =>
        db.InTenantAsync(key.Tenant, async tx => await UserRows.FindAsync(tx, key.Id, ct) is { } row ? await seal.OpenAsync(tx, row, ct) : null, ct);
}
