using Signet.Platform.Outbox;

namespace Signet.Server.Secrets;

/// <summary>How far a rotation is. What is left is read from the rows themselves, so it is right after any interruption.</summary>
/// <param name="MasterVersion">The version everything moves to.</param>
/// <param name="KeysDone">Data and subject keys wrapped anew by this run.</param>
/// <param name="FieldsDone">Values encrypted anew by this run.</param>
/// <param name="KeysLeft">Keys that still depend on an older version; counted at the beginning and after each pass.</param>
public sealed record RotationProgress(int MasterVersion, long KeysDone, long FieldsDone, long KeysLeft);

/// <summary>How a rotation ended.</summary>
public abstract record SecretRotation
{
    private SecretRotation()
    {
    }

    /// <summary>Nothing depends on an older version; it was dropped from the database's list and from the file.</summary>
    /// <param name="RemoveOldVersions">The key was given as a value or in a file we can't write: take the older lines out there.</param>
    public sealed record Completed(RotationProgress Progress, bool RemoveOldVersions) : SecretRotation;

    /// <summary>Some rows stayed locked by others or could not be opened; the log names the latter. Run it again; nothing was dropped.</summary>
    public sealed record Unfinished(RotationProgress Progress, long RowsUnderOldKeys) : SecretRotation;
}

/// <summary>The master encryption key and every data key were replaced, and what they had encrypted was encrypted anew.</summary>
public sealed record SecretsRotated(int MasterVersion, long Keys, long Fields) : DomainEvent
{
    public override string Action => "secrets.rotated";

    public override Target Target => new("secret", "master_encryption");
}
