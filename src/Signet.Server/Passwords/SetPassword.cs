using Signet.Platform;
using Signet.Platform.Data;
using Signet.Server.Passwords.Hashing;
using Signet.Server.Passwords.Storage;
using Signet.Server.Secrets;
using Signet.Server.Users;

namespace Signet.Server.Passwords;

/// <summary>Sets a person's password: hashed before the transaction, written in it, under the tenant's data key.</summary>
public sealed class SetPassword(FieldCipher cipher, PasswordHashing hashing)
{
    /// <param name="password">One that <see cref="PasswordRules"/> has nothing against.</param>
    /// <exception cref="UnavailableException">Too many wait to be hashed.</exception>
    public async Task<string> HashAsync(string password, CancellationToken ct) => await hashing.HashAsync(password, ct) switch
    {
        PasswordHashed.Hashed hashed => hashed.Text,
        PasswordHashed.Busy => throw new UnavailableException("Too many passwords wait to be hashed."),
        _ => throw new ArgumentException("The password's length was to be checked before.", nameof(password)),
    };

    public Task RunAsync(Tx tx, UserId user, string hash, CancellationToken ct) => WriteAsync(tx, cipher, user, hash, ct);

    internal static async Task WriteAsync(Tx tx, FieldCipher cipher, UserId user, string hash, CancellationToken ct) =>
        await PasswordRows.SetAsync(tx, user, await cipher.SealTextAsync(tx, PasswordColumns.Hash, user.ToString(), hash, ct), ct);
}
