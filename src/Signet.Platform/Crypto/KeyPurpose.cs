namespace Signet.Platform.Crypto;

/// <summary>What a derived key is for: the closed list. Two purposes never share a key, so that a value made for one says nothing to another.</summary>
public sealed class KeyPurpose
{
    /// <summary>Signs what a browser carries: state of a sign-in, antiforgery, one-time links.</summary>
    public static readonly KeyPurpose BrowserToken = new("browser-token", RootSecret.App);

    /// <summary>Derives the successor of a refresh token, so that a repeated request within the grace window gets the same one.</summary>
    public static readonly KeyPurpose RefreshDerive = new("refresh-derive", RootSecret.App);

    /// <summary><see cref="SecretHash"/>.</summary>
    public static readonly KeyPurpose TokenHash = new("token-hash", RootSecret.App);

    /// <summary>Seals what lies in the shared cache.</summary>
    public static readonly KeyPurpose CacheSeal = new("cache-seal", RootSecret.App);

    /// <summary>The one-time link of the first run.</summary>
    public static readonly KeyPurpose SetupToken = new("setup-token", RootSecret.App);

    /// <summary>Makes the subject a client sees when it must not recognise the person elsewhere (OIDC Core §8.1).</summary>
    public static readonly KeyPurpose PairwiseSubject = new("pairwise-subject", RootSecret.Integrity);

    /// <summary><see cref="Crypto.BlindIndex"/>.</summary>
    public static readonly KeyPurpose BlindIndex = new("blind-index", RootSecret.Integrity);

    /// <summary>Authenticates each record of the audit log.</summary>
    public static readonly KeyPurpose AuditMac = new("audit-mac", RootSecret.Integrity);

    private KeyPurpose(string name, RootSecret root)
    {
        Name = name;
        Root = root;
    }

    public static IReadOnlyList<KeyPurpose> All { get; } = [BrowserToken, RefreshDerive, TokenHash, CacheSeal, SetupToken, PairwiseSubject, BlindIndex, AuditMac];

    public string Name { get; }

    internal RootSecret Root { get; }

    public override string ToString() => Name;
}

/// <summary>The bootstrap secret a purpose hangs on.</summary>
internal enum RootSecret
{
    App,
    Integrity,
}
