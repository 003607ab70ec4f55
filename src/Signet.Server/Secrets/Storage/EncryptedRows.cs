using System.Buffers.Binary;
using Signet.Platform.Crypto;
using Signet.Platform.Data;

namespace Signet.Server.Secrets.Storage;

internal sealed record EncryptedRow(string Id, byte[] Value);

/// <summary>
/// Values of a declared column, whichever module's table it is in. Names come from <see cref="EncryptedColumn"/>, which lets nothing but names through.
/// A value's key version stands in it big-endian, so that PostgreSQL's order of bytes is the order of versions.
/// </summary>
internal static class EncryptedRows
{
    private static readonly string Version = $"from {Aead.KeyVersionOffset + 1} for {sizeof(int)}";

    /// <summary>The next rows, in the order of their ids, whose value is under a version before <paramref name="newest"/>; those in use by others are left for later.</summary>
    public static Task<List<EncryptedRow>> LockOldAsync(Tx tx, EncryptedColumn column, int newest, string? after, int limit, CancellationToken ct) =>
        tx.ListAsync<EncryptedRow>($"""
            select {column.RowIdColumn}::text as id, {column.Column} as value from {column.Table}
             where tenant_id = @tenant and substring({column.Column} {Version}) < @newest
               and (@after::text is null or {column.RowIdColumn} > @after::{column.RowIdType})
             order by {column.RowIdColumn}
             limit @limit
               for update skip locked
            """, new { tenant = tx.Tenant, newest = Bytes(newest), after, limit }, ct);

    public static void Replace(Tx tx, EncryptedColumn column, string id, byte[] value) =>
        tx.Defer($"""
            update {column.Table} set {column.Column} = @value where tenant_id = @tenant and {column.RowIdColumn} = @id::{column.RowIdType}
            """, new { tenant = tx.Tenant, id, value });

    public static Task<long> CountOldAsync(Tx tx, EncryptedColumn column, int newest, CancellationToken ct) =>
        tx.GetAsync<long>($"""
            select count(*) from {column.Table} where tenant_id = @tenant and substring({column.Column} {Version}) < @newest
            """, new { tenant = tx.Tenant, newest = Bytes(newest) }, ct);

    private static byte[] Bytes(int version)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, version);
        return bytes;
    }
}
