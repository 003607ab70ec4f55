using System.Globalization;
using Signet.Jose;
using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Transparency;

namespace Signet.Server.Audit;

/// <summary>
/// Signs each tenant's checkpoints with the installation's one audit key, under the tenant's own log name,
/// so that a signature for one log says nothing of another.
/// </summary>
internal sealed class CheckpointSigner(BootstrapSecrets secrets)
{
    private readonly byte[] publicKey = Ed25519.PublicKeyOf(secrets.AuditSeed);

    /// <summary>The first line of every checkpoint of this tenant's log, and the name of its key. It never changes: no host name is in it.</summary>
    public static string OriginOf(TenantId tenant) => $"signet/{tenant}";

    public VerifierKey KeyOf(TenantId tenant) => VerifierKey.ForEd25519(OriginOf(tenant), publicKey);

    /// <summary>The signed note. The time is an extension line of the checkpoint, and so signed too.</summary>
    public string Sign(TenantId tenant, long size, TreeHash root, DateTimeOffset at) =>
        new Checkpoint(OriginOf(tenant), size, root)
        {
            Extensions = [at.UtcDateTime.ToString("'time 'yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)],
        }.Sign(new NoteSigner(KeyOf(tenant), message => Ed25519.Sign(secrets.AuditSeed, message)));
}
