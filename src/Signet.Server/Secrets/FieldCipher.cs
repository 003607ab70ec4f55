using System.Security.Cryptography;
using Signet.Platform.Crypto;
using Signet.Platform.Data;

namespace Signet.Server.Secrets;

/// <summary>
/// Encrypts values of declared columns under the tenant's data key, bound to table, column, tenant and row: moved to another row, they do not open.
/// New values are always under the newest version, and no version is dropped while a value is under it.
/// </summary>
public sealed class FieldCipher(DataKeys keys, IEnumerable<EncryptedColumn> columns)
{
    private readonly HashSet<EncryptedColumn> declared = [.. columns];

    /// <param name="rowId">The text form of the row's id, as PostgreSQL writes it: <c>id.ToString()</c> of a typed id.</param>
    public ValueTask<byte[]> SealAsync(Tx tx, EncryptedColumn column, string rowId, ReadOnlyMemory<byte> plain, CancellationToken ct) =>
        SealAsync(tx, tx.Tenant, column, rowId, plain, ct);

    /// <summary>The same where the transaction is across tenants.</summary>
    public async ValueTask<byte[]> SealAsync(
        Tx tx, TenantId tenant, EncryptedColumn column, string rowId, ReadOnlyMemory<byte> plain, CancellationToken ct)
    {
        // An undeclared column would not be found by rotation, which would then drop the key of its values.
        if (!declared.Contains(column))
        {
            throw new InvalidOperationException($"{column.Table}.{column.Column} is not declared as an encrypted column.");
        }

        var key = (await keys.ForTenantAsync(tx, tenant, ct)).Newest;
        keys.Hold(tx, tenant, key);
        return key.Seal(plain.Span, PlaceOf(tenant, column, rowId));
    }

    public ValueTask<FieldOpening> OpenAsync(Tx tx, EncryptedColumn column, string rowId, byte[] value, CancellationToken ct) =>
        OpenAsync(tx, tx.Tenant, column, rowId, value, ct);

    /// <summary>The same where the transaction is across tenants.</summary>
    /// <exception cref="CryptographicException">The value was altered, or belongs to another row.</exception>
    public async ValueTask<FieldOpening> OpenAsync(
        Tx tx, TenantId tenant, EncryptedColumn column, string rowId, byte[] value, CancellationToken ct)
    {
        if (Aead.TryReadKeyVersion(value) is not { } version)
        {
            throw Broken(column);
        }

        var known = await keys.ForTenantAsync(tx, tenant, ct);
        if (known.Find(version) is null && !known.Destroyed.Contains(version))
        {
            // Another node sealed it under a version that is newer than our copy.
            known = await keys.ReadTenantAsync(tx, tenant, ct) ?? known;
        }

        if (known.Find(version) is { } key)
        {
            return new FieldOpening.Opened(key.TryOpen(value, PlaceOf(tenant, column, rowId)) ?? throw Broken(column));
        }

        return known.Destroyed.Contains(version) ? new FieldOpening.Erased() : throw Broken(column);
    }

    internal static string[] PlaceOf(TenantId tenant, EncryptedColumn column, string rowId) => [column.Table, column.Column, tenant.ToString(), rowId];

    private static CryptographicException Broken(EncryptedColumn column) =>
        new($"A value of {column.Table}.{column.Column} was altered, or belongs to another row.");
}
