using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Secrets.Storage;

namespace Signet.Server.Secrets;

/// <summary>
/// Replaces the master encryption key and every data key while the server runs, and drops the old ones only when no row is under them.
/// Killed at any moment it goes on where it was when it is run again: what is left to do is read from the rows, never counted.
/// </summary>
public sealed class RotateSecrets(Db db, BootstrapSecrets secrets, CheckSecrets check, TenantRotation tenants, TimeProvider time)
{
    // Rows that others hold are left for the next pass.
    private const int Passes = 3;
    private readonly MasterKeys masters = secrets.MasterEncryption;

    /// <exception cref="SecretUnusableException">A new version is needed and the key's file can't be written; the message says what to do.</exception>
    public async Task<SecretRotation> RunAsync(Origin origin, IProgress<RotationProgress>? progress, CancellationToken ct)
    {
        var newest = await BeginAsync(origin, ct);
        var done = new RotationProgress(newest, 0, 0, await CountAsync(origin, newest, ct));
        progress?.Report(done);
        var rowsLeft = 0L;
        for (var pass = 1; pass <= Passes && (done.KeysLeft > 0 || pass == 1); pass++)
        {
            if (pass > 1)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), time, ct);
            }

            (done, rowsLeft) = await RunPassAsync(origin, done, progress, ct);
            done = done with { KeysLeft = await CountAsync(origin, newest, ct) };
            progress?.Report(done);
        }

        return done.KeysLeft == 0 && await DropOldMastersAsync(origin, done, ct)
            ? new SecretRotation.Completed(done, RemoveOldVersions: !await TryCleanFileAsync(newest, ct))
            : new SecretRotation.Unfinished(done, rowsLeft);
    }

    // More than one version in the file means that a rotation has begun, by us or by an operator who put the new one there, and has not ended.
    private async Task<int> BeginAsync(Origin origin, CancellationToken ct)
    {
        masters.Reload();
        if (masters.Versions.Length == 1 && await CountAsync(origin, masters.Newest.Version, ct) == 0)
        {
            await masters.AddVersionAsync(ct);
        }

        await check.RunAsync(ct);
        return masters.Newest.Version;
    }

    private async Task<(RotationProgress Done, long RowsLeft)> RunPassAsync(
        Origin origin, RotationProgress done, IProgress<RotationProgress>? progress, CancellationToken ct)
    {
        var rowsLeft = 0L;
        TenantId? last = null;
        while (true)
        {
            var after = last;
            var page = await db.AcrossTenantsAsync(
                origin, "find the tenants whose keys are to be rotated", tx => DataKeyRows.ListTenantsToRotateAsync(tx, done.MasterVersion, after, ct), ct);
            if (page.Count == 0)
            {
                return (done, rowsLeft);
            }

            foreach (var tenant in page)
            {
                var result = await tenants.RunAsync(tenant, masters.Newest, ct);
                done = done with { KeysDone = done.KeysDone + result.Keys, FieldsDone = done.FieldsDone + result.Fields };
                rowsLeft += result.RowsLeft;
                progress?.Report(done);
            }

            last = page[^1];
        }
    }

    private Task<long> CountAsync(Origin origin, int newest, CancellationToken ct) =>
        db.AcrossTenantsAsync(origin, "count the keys that are to be rotated", tx => DataKeyRows.CountToRotateAsync(tx, newest, ct), ct);

    // Whoever makes a key holds its master version until commit; after the lock nobody can add one under an old version, so zero stays zero.
    private Task<bool> DropOldMastersAsync(Origin origin, RotationProgress done, CancellationToken ct) =>
        db.AcrossTenantsAsync(origin, "drop the old master encryption key", async tx =>
        {
            await SecretVersions.LockForDroppingAsync(tx, done.MasterVersion, ct);
            if (await DataKeyRows.CountToRotateAsync(tx, done.MasterVersion, ct) > 0)
            {
                return false;
            }

            await SecretVersions.DropMastersBeforeAsync(tx, done.MasterVersion, ct);
            tx.Emit(origin, new SecretsRotated(done.MasterVersion, done.KeysDone, done.FieldsDone));
            return true;
        }, ct);

    private async Task<bool> TryCleanFileAsync(int newest, CancellationToken ct)
    {
        if (masters.Versions.Length == 1)
        {
            return true;
        }

        try
        {
            await masters.DropVersionsBeforeAsync(newest, ct);
            return true;
        }
        catch (SecretUnusableException refused) when (refused.Fault is SecretFault.Unwritable)
        {
            return false;
        }
    }
}
