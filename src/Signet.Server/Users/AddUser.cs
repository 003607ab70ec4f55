using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Users.Storage;

namespace Signet.Server.Users;

/// <summary>Adds a person in the caller's transaction. Of two with one address, one is added.</summary>
public sealed class AddUser
{
    private readonly UserDirectory directory;
    private readonly UserSeal seal;
    private readonly BlindIndex index;

    internal AddUser(UserDirectory directory, UserSeal seal, BlindIndex index)
    {
        this.directory = directory;
        this.seal = seal;
        this.index = index;
    }

    /// <summary>Null where the address has an account already.</summary>
    public async Task<User?> RunAsync(Tx tx, Origin origin, EmailAddress email, bool verified, string? displayName, CancellationToken ct)
    {
        var user = new User(tx.NewId<UserId>(), email, verified, displayName, UserState.Active, tx.Now, tx.Now);
        var (sealedEmail, sealedName) = await seal.SealAsync(tx, user, ct);
        var row = new UserRow(
            user.Id, sealedEmail, directory.IndexOf(tx.Tenant, email), verified, sealedName,
            UserSearch.TermsOf(index, tx.Tenant, email, displayName), user.State, user.CreatedAt, user.UpdatedAt);
        if (!await UserRows.TryInsertAsync(tx, row, ct))
        {
            return null;
        }

        tx.Emit(origin, new UserCreated(user.Id, email.Value, verified));
        return user;
    }
}
