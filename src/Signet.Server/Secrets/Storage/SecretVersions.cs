using Signet.Platform.Crypto;
using Signet.Platform.Data;

namespace Signet.Server.Secrets.Storage;

internal sealed record RecordedSecret(byte[] Fingerprint, DateTimeOffset? DroppedAt);

/// <summary>Which versions of the bootstrap secrets this database knows.</summary>
internal static class SecretVersions
{
    private static readonly string Master = SnakeCase.Of(BootstrapSecret.MasterEncryption);

    /// <summary>What is recorded of this version: the given fingerprint, if it is the first.</summary>
    public static async Task<RecordedSecret> RecordAsync(Tx tx, BootstrapSecret secret, int version, byte[] fingerprint, CancellationToken ct)
    {
        await tx.ExecuteAsync("""
            insert into secret_versions (secret, version, fingerprint, added_at) values (@secret, @version, @fingerprint, @now) on conflict do nothing
            """, new { secret, version, fingerprint, now = tx.Now }, ct);
        return await tx.GetAsync<RecordedSecret>("""
            select fingerprint, dropped_at from secret_versions where secret = @secret and version = @version
            """, new { secret, version }, ct);
    }

    /// <summary>The master versions in use.</summary>
    public static Task<List<int>> ListMastersAsync(Tx tx, CancellationToken ct) =>
        tx.ListAsync<int>("""
            select version from secret_versions where secret = @secret and dropped_at is null order by version
            """, new { secret = Master }, ct);

    /// <summary>0 before the first start has recorded one.</summary>
    public static Task<int> NewestMasterAsync(Tx tx, CancellationToken ct) =>
        tx.GetAsync<int>("select coalesce(max(version), 0) from secret_versions where secret = @secret and dropped_at is null", new { secret = Master }, ct);

    /// <summary>The version is not dropped while this transaction lasts; if it was, the work is done again.</summary>
    public static Task HoldMasterAsync(Tx tx, int version, CancellationToken ct) =>
        tx.ExecuteAsync("select hold_master_key(@version)", new { version }, ct);

    /// <summary>Waits for those who hold an older version, and lets no new one through until this transaction ends.</summary>
    public static async Task LockForDroppingAsync(Tx tx, int before, CancellationToken ct)
    {
        foreach (var version in await ListMastersAsync(tx, ct))
        {
            if (version < before)
            {
                await tx.ExecuteAsync("select pg_advisory_xact_lock(hashtext('master_key'), @version)", new { version }, ct);
            }
        }
    }

    public static Task DropMastersBeforeAsync(Tx tx, int version, CancellationToken ct) =>
        tx.ExecuteAsync("""
            update secret_versions set dropped_at = @now where secret = @secret and version < @version and dropped_at is null
            """, new { secret = Master, version, now = tx.Now }, ct);
}
