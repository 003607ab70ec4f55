using System.Security.Cryptography;
using System.Text;
using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Server.Audit.Storage;
using Signet.Transparency;

namespace Signet.Server.Audit;

/// <summary>
/// Which keys may have signed a tenant's checkpoints: today's, and those that a MAC under the integrity key proves to have been ours.
/// When the audit key is replaced, the log itself says so, and old checkpoints keep their proof.
/// </summary>
internal sealed class TrustedKeys(DerivedKeys derived, CheckpointSigner signer)
{
    /// <summary>Newest last; today's key is there even before it has signed anything.</summary>
    public async Task<List<VerifierKey>> ListAsync(Tx tx, TenantId tenant, CancellationToken ct)
    {
        var today = signer.KeyOf(tenant);
        var keys = new List<VerifierKey>();
        foreach (var row in await AuditKeys.ListAsync(tx, tenant, ct))
        {
            if (CryptographicOperations.FixedTimeEquals(MacOf(row.Key), row.Mac) && VerifierKey.TryParse(row.Key, out var key) && key! != today)
            {
                keys.Add(key!);
            }
        }

        keys.Add(today);
        return keys;
    }

    /// <summary>Before today's key signs a tenant's log for the first time: keeps it, and puts that on record in the same log.</summary>
    public async Task IntroduceAsync(Tx tx, TenantId tenant, CancellationToken ct)
    {
        var key = signer.KeyOf(tenant).ToString();
        if (await AuditKeys.AddAsync(tx, tenant, key, MacOf(key), ct))
        {
            tx.EmitFor(tenant, SealAudit.Origin, new AuditKeyIntroduced(tenant, key));
        }
    }

    // The text has a name, so it is never as long as the 64 bytes of a record's MAC.
    private byte[] MacOf(string key) => HMACSHA256.HashData(derived.For(KeyPurpose.AuditMac), Encoding.UTF8.GetBytes($"verifier key\n{key}"));
}
