using Signet.Platform;
using Signet.Platform.Data;
using Signet.Server.Passwords.Hashing;
using Signet.Server.Passwords.Storage;
using Signet.Server.Secrets;
using Signet.Server.Users;

namespace Signet.Server.Passwords;

/// <summary>
/// Whether this is the person's password. Where there is no such person, or none set, as much is read and computed as where there is, so that the time
/// says nothing. A hash below today's cost is renewed once its password is known.
/// </summary>
public sealed class CheckPassword(Db db, FieldCipher cipher, PasswordHashing hashing)
{
    public async Task<bool> RunAsync(TenantId tenant, UserId? user, string password, CancellationToken ct)
    {
        var hash = await db.InTenantAsync(tenant, tx => ReadAsync(tx, user ?? default, ct), ct);
        switch (await hashing.VerifyAsync(password, hash, ct))
        {
            case PasswordCheck.Right { NeedsUpgrade: var needsUpgrade }:
                if (needsUpgrade && user is { } person && await hashing.HashAsync(password, ct) is PasswordHashed.Hashed renewed)
                {
                    await db.InTenantAsync(tenant, tx => SetPassword.WriteAsync(tx, cipher, person, renewed.Text, ct), ct);
                }

                return user is not null;
            case PasswordCheck.Busy:
                throw new UnavailableException("Too many passwords wait to be hashed.");
            default:
                return false;
        }
    }

    private async Task<string?> ReadAsync(Tx tx, UserId user, CancellationToken ct) =>
        await PasswordRows.FindAsync(tx, user, ct) is { } hash
            ? await cipher.OpenTextAsync(tx, PasswordColumns.Hash, user.ToString(), hash, ct)
            : null;
}
