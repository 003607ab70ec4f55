namespace Signet.Server.Users;

/// <summary>A person as the rest of Signet sees them.</summary>
public sealed record User(
    UserId Id, EmailAddress Email, bool EmailVerified, string? DisplayName, UserState State, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public bool IsActive => State is UserState.Active;

    /// <summary>What to call them where they gave no name.</summary>
    public string Name => DisplayName ?? Email.Value;
}

public enum UserState
{
    Active,

    /// <summary>Signs in nowhere; every session and token of theirs is dead.</summary>
    Deactivated,
}
