namespace Signet.Platform.Crypto;

/// <summary>The four secrets that everything else hangs on, and the only ones that live outside the database.</summary>
public enum BootstrapSecret
{
    /// <summary>Wraps the data keys. The only one with versions.</summary>
    MasterEncryption,

    /// <summary>Authenticates audit records and makes blind indexes.</summary>
    MasterIntegrity,

    /// <summary>Hashes random secrets and signs what browsers carry.</summary>
    App,

    /// <summary>The seed of the Ed25519 key that signs audit checkpoints.</summary>
    Audit,
}

/// <summary>Where a bootstrap secret comes from.</summary>
public abstract record SecretSource
{
    private SecretSource()
    {
    }

    public sealed record File(string Path) : SecretSource;

    /// <summary>Given in a setting. It can't be rotated by us: we can't write there.</summary>
    public sealed record Value(string Text) : SecretSource
    {
        public override string ToString() => "[secret]";
    }
}

/// <summary>Why Signet refuses to start with a secret.</summary>
public enum SecretFault
{
    Missing,

    /// <summary>Others on the machine may read or change it.</summary>
    TooOpen,

    /// <summary>Not 32 bytes in hexadecimal or base64url, or, for the master encryption key, not one such line a version.</summary>
    Malformed,

    /// <summary>Two of the secrets are the same.</summary>
    Repeated,

    /// <summary>It must be changed and can't be.</summary>
    Unwritable,

    /// <summary>Not the secret this database was made with.</summary>
    Foreign,
}

/// <summary>A bootstrap secret that can't be used. The message names the secret and its place, never its content.</summary>
public sealed class SecretUnusableException : StartRefusedException
{
    public SecretUnusableException(BootstrapSecret secret, SecretFault fault, string message) : base(message)
    {
        Secret = secret;
        Fault = fault;
    }

    public SecretUnusableException(BootstrapSecret secret, SecretFault fault, string message, Exception cause) : base(message, cause)
    {
        Secret = secret;
        Fault = fault;
    }

    public BootstrapSecret Secret { get; }

    public SecretFault Fault { get; }
}
