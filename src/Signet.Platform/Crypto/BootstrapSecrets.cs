namespace Signet.Platform.Crypto;

/// <summary>The four bootstrap secrets, complete and checked: 32 bytes each, no two alike, from files that nobody else can read.</summary>
public sealed class BootstrapSecrets
{
    private BootstrapSecrets(MasterKeys masterEncryption, byte[] masterIntegrity, byte[] app, byte[] auditSeed)
    {
        MasterEncryption = masterEncryption;
        MasterIntegrity = masterIntegrity;
        App = app;
        AuditSeed = auditSeed;
    }

    public MasterKeys MasterEncryption { get; }

    public byte[] MasterIntegrity { get; }

    public byte[] App { get; }

    public byte[] AuditSeed { get; }

    public static string FileNameOf(BootstrapSecret secret) => secret switch
    {
        BootstrapSecret.MasterEncryption => "master_encryption.key",
        BootstrapSecret.MasterIntegrity => "master_integrity.key",
        BootstrapSecret.App => "app_secret.key",
        BootstrapSecret.Audit => "audit.key",
    };

    /// <summary>The secrets of this folder; made there on the first run, all or none, and never again.</summary>
    /// <exception cref="SecretUnusableException">Also when some are there and others are missing: a new one would make data unreadable.</exception>
    public static async Task<BootstrapSecrets> LoadOrCreateAsync(string directory, CancellationToken ct)
    {
        await SecretFolder.CompleteAsync(directory, ct);
        return Load(secret => new SecretSource.File(Path.Combine(directory, FileNameOf(secret))));
    }

    /// <exception cref="SecretUnusableException"/>
    public static BootstrapSecrets Load(Func<BootstrapSecret, SecretSource> sourceOf)
    {
        var master = MasterKeys.Load(sourceOf(BootstrapSecret.MasterEncryption));
        var integrity = SecretText.Read(BootstrapSecret.MasterIntegrity, sourceOf(BootstrapSecret.MasterIntegrity));
        var app = SecretText.Read(BootstrapSecret.App, sourceOf(BootstrapSecret.App));
        var audit = SecretText.Read(BootstrapSecret.Audit, sourceOf(BootstrapSecret.Audit));

        // A key used twice would tie together what is meant to be apart; it is also how a copied file shows itself.
        List<byte[]> all = [integrity, app, audit, .. master.Versions.Select(version => version.Key)];
        if (all.DistinctBy(Convert.ToHexString).Count() != all.Count)
        {
            throw new SecretUnusableException(BootstrapSecret.MasterEncryption, SecretFault.Repeated, "Two of the bootstrap secrets are the same; each must be its own 32 random bytes.");
        }

        return new BootstrapSecrets(master, integrity, app, audit);
    }
}
