using System.Security.Cryptography;
using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Server.Secrets.Storage;

namespace Signet.Server.Secrets;

/// <summary>
/// Refuses to go on with secrets that are not the ones this database was made with, before anything is read or written under them.
/// The first start, and the first after a version was added, leave the fingerprints that later starts compare with.
/// </summary>
public sealed class CheckSecrets(Db db, BootstrapSecrets secrets)
{
    private const int FingerprintLength = 16;

    /// <exception cref="SecretUnusableException">Names the secret and says what to do.</exception>
    public Task RunAsync(CancellationToken ct) => db.AsSystemAsync(tx => InAsync(tx, ct), ct);

    internal async Task InAsync(Tx tx, CancellationToken ct)
    {
        foreach (var (secret, version, key) in All())
        {
            var fingerprint = HKDF.DeriveKey(HashAlgorithmName.SHA256, key, FingerprintLength, info: LengthPrefixed.Join("signet/fingerprint", SnakeCase.Of(secret)));
            var recorded = await SecretVersions.RecordAsync(tx, secret, version, fingerprint, ct);
            if (!CryptographicOperations.FixedTimeEquals(fingerprint, recorded.Fingerprint))
            {
                throw new SecretUnusableException(
                    secret,
                    SecretFault.Foreign,
                    $"{BootstrapSecrets.FileNameOf(secret)} is not the secret this database was made with. Restore it from the backup of the secrets, or use the database it belongs to.");
            }
        }

        // A version in use that the file has lost would only show when the first row under it is read.
        foreach (var version in await SecretVersions.ListMastersAsync(tx, ct))
        {
            if (secrets.MasterEncryption.Find(version) is null)
            {
                throw new SecretUnusableException(
                    BootstrapSecret.MasterEncryption,
                    SecretFault.Missing,
                    $"This database has data under version {version} of the master encryption key, which {BootstrapSecrets.FileNameOf(BootstrapSecret.MasterEncryption)} does not have. Restore it from the backup of the secrets.");
            }
        }
    }

    private IEnumerable<(BootstrapSecret Secret, int Version, byte[] Key)> All() =>
    [
        .. secrets.MasterEncryption.Versions.Select(key => (BootstrapSecret.MasterEncryption, key.Version, key.Key)),
        (BootstrapSecret.MasterIntegrity, 1, secrets.MasterIntegrity),
        (BootstrapSecret.App, 1, secrets.App),
        (BootstrapSecret.Audit, 1, secrets.AuditSeed),
    ];
}
