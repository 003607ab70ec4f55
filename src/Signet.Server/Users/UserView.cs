namespace Signet.Server.Users;

/// <summary>A person on the wire of the APIs.</summary>
public sealed record UserView(
    UserId Id, string Email, bool EmailVerified, string? DisplayName, UserState State, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static UserView Of(User user) =>
        new(user.Id, user.Email.Value, user.EmailVerified, user.DisplayName, user.State, user.CreatedAt, user.UpdatedAt);
}
