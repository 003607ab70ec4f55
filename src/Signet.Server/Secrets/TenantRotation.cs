using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Server.Secrets.Storage;

namespace Signet.Server.Secrets;

/// <summary>The part of a rotation that concerns one tenant, in small transactions of its own: each leaves the tenant whole.</summary>
public sealed class TenantRotation(Db db, BootstrapSecrets secrets, DataKeys keys, IEnumerable<EncryptedColumn> columns, ILogger<TenantRotation> logger)
{
    private const int Batch = 200;
    private readonly MasterKeys masters = secrets.MasterEncryption;
    private readonly EncryptedColumn[] columns = [.. columns];

    internal readonly record struct Result(long Keys, long Fields, long RowsLeft);

    internal async Task<Result> RunAsync(TenantId tenant, MasterKey master, CancellationToken ct)
    {
        var wrapped = await RewrapAsync(tenant, master, ct);
        if (await ReplaceDataKeyAsync(tenant, master, ct) is not { } newest)
        {
            return new Result(wrapped, 0, 0);
        }

        var fields = 0L;
        foreach (var column in columns)
        {
            fields += await ReencryptAsync(tenant, column, newest, ct);
        }

        return new Result(wrapped, fields, await DropOldDataKeysAsync(tenant, newest, ct));
    }

    private async Task<long> RewrapAsync(TenantId tenant, MasterKey master, CancellationToken ct)
    {
        var done = 0L;
        for (var batch = -1; batch != 0; done += batch)
        {
            batch = await db.InTenantAsync(tenant, tx => RewrapBatchAsync(tx, master, ct), ct);
        }

        return done;
    }

    private async Task<int> RewrapBatchAsync(Tx tx, MasterKey master, CancellationToken ct)
    {
        var dataKeys = await DataKeyRows.LockOldMastersAsync(tx, master.Version, ct);
        foreach (var row in dataKeys)
        {
            var place = DataKeys.PlaceOf(tx.Tenant, row.Version);
            DataKeyRows.Rewrap(tx, row.Version, DataKey.Unwrap(row.Version, row.Wrapped!, masters, place).WrapWith(master, place), master.Version);
        }

        var subjectKeys = await SubjectKeyRows.LockOldMastersAsync(tx, master.Version, Batch, ct);
        foreach (var row in subjectKeys)
        {
            var place = DataKeys.PlaceOf(tx.Tenant, row.SubjectId);
            SubjectKeyRows.Rewrap(tx, row.SubjectId, DataKey.Unwrap(1, row.Wrapped!, masters, place).WrapWith(master, place), master.Version);
        }

        return dataKeys.Count + subjectKeys.Count;
    }

    // The version to seal with from now on: one that no older master key has wrapped. Null where the tenant has no key to replace.
    private Task<int?> ReplaceDataKeyAsync(TenantId tenant, MasterKey master, CancellationToken ct) => db.InTenantAsync(tenant, async tx =>
    {
        var rows = await DataKeyRows.ListAsync(tx, tenant, ct);
        if (rows.FindLast(row => row.Wrapped is not null) is not { } current)
        {
            return (int?)null;
        }

        if (current.MadeUnder >= master.Version)
        {
            return current.Version;
        }

        var next = DataKey.New(current.Version + 1);
        await SecretVersions.HoldMasterAsync(tx, master.Version, ct);
        await DataKeyRows.AddAsync(tx, tenant, next.Version, next.WrapWith(master, DataKeys.PlaceOf(tenant, next.Version)), master.Version, ct);
        tx.Notify(DataKeys.TenantTopic, tenant.ToString());
        return next.Version;
    }, ct);

    private async Task<long> ReencryptAsync(TenantId tenant, EncryptedColumn column, int newest, CancellationToken ct)
    {
        var done = 0L;
        string? last = null;
        while (true)
        {
            var after = last;
            var (count, opened, end) = await db.InTenantAsync(tenant, tx => ReencryptBatchAsync(tx, column, newest, after, ct), ct);
            done += opened;
            if (count == 0)
            {
                return done;
            }

            last = end;
        }
    }

    private async Task<(int Count, int Opened, string? Last)> ReencryptBatchAsync(
        Tx tx, EncryptedColumn column, int newest, string? after, CancellationToken ct)
    {
        var rows = await EncryptedRows.LockOldAsync(tx, column, newest, after, Batch, ct);
        if (rows.Count == 0)
        {
            return (0, 0, null);
        }

        var known = await keys.ReadTenantAsync(tx, tx.Tenant, ct);
        var seal = known?.Find(newest) ?? throw new InvalidOperationException("The data key of a rotation is gone.");
        keys.Hold(tx, tx.Tenant, seal);
        var opened = 0;
        foreach (var row in rows)
        {
            var place = FieldCipher.PlaceOf(tx.Tenant, column, row.Id);
            if (Aead.TryReadKeyVersion(row.Value) is { } version && known.Find(version)?.TryOpen(row.Value, place) is { } plain)
            {
                EncryptedRows.Replace(tx, column, row.Id, seal.Seal(plain, place));
                opened++;
            }
            else
            {
                logger.ValueNotOpened(column.Table, column.Column, row.Id, tx.Tenant.ToString());
            }
        }

        return (rows.Count, opened, rows[^1].Id);
    }

    // Gives the number of rows that still are under an old key; with none, the old keys go. After the lock nobody can add such a row.
    private Task<long> DropOldDataKeysAsync(TenantId tenant, int newest, CancellationToken ct) => db.InTenantAsync(tenant, async tx =>
    {
        await DataKeyRows.LockForDroppingAsync(tx, ct);
        var left = 0L;
        foreach (var column in columns)
        {
            left += await EncryptedRows.CountOldAsync(tx, column, newest, ct);
        }

        if (left == 0)
        {
            await DataKeyRows.DestroyBeforeAsync(tx, newest, ct);
            tx.Notify(DataKeys.TenantTopic, tenant.ToString());
        }

        return left;
    }, ct);
}
