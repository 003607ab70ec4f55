using Signet.Platform.Data;
using Signet.Server.Secrets;
using Signet.Server.Users.Storage;

namespace Signet.Server.Users;

/// <summary>Turns people into rows and back; what identifies them is never stored in clear.</summary>
internal sealed class UserSeal(FieldCipher cipher)
{
    public static readonly EncryptedColumn Email = new("users", "email", "user_id");
    public static readonly EncryptedColumn DisplayName = new("users", "display_name", "user_id");

    public async ValueTask<(byte[] Email, byte[]? DisplayName)> SealAsync(Tx tx, User user, CancellationToken ct) => (
        await cipher.SealTextAsync(tx, Email, user.Id.ToString(), user.Email.Value, ct),
        user.DisplayName is { } name ? await cipher.SealTextAsync(tx, DisplayName, user.Id.ToString(), name, ct) : null);

    public async ValueTask<User> OpenAsync(Tx tx, StoredUser row, CancellationToken ct)
    {
        var address = await cipher.OpenTextAsync(tx, Email, row.UserId.ToString(), row.Email, ct);
        var name = row.DisplayName is { } stored ? await cipher.OpenTextAsync(tx, DisplayName, row.UserId.ToString(), stored, ct) : null;
        return new User(row.UserId, EmailAddress.TryParse(address)!.Value, row.EmailVerified, name, row.State, row.CreatedAt, row.UpdatedAt);
    }
}
