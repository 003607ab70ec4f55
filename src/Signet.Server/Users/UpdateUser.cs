using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Permissions;
using Signet.Server.Users.Storage;

namespace Signet.Server.Users;

/// <summary>Changes a person's name, or whether their address is known to be theirs. What is not named stays.</summary>
public static class UpdateUser
{
    public sealed record Request(string? DisplayName = null, bool? EmailVerified = null);

    public static void Map(RouteGroupBuilder users) =>
        users.MapPatch("/{id}", HandleAsync).Requires(Permission.ManageUsers).Produces<UserView>().WithSummary("Change a user's name or verified flag.");

    private static async Task<IResult> HandleAsync(
        UserId id, Request request, Actor actor, Origin origin, Db db, UserEditor editor, CancellationToken ct)
    {
        if (request.DisplayName is { } name && !DisplayName.IsValid(name))
        {
            return UserProblems.DisplayNameInvalid;
        }

        return await db.InTenantAsync<IResult>(actor.Tenant, async tx =>
            await AssignRole.IsAboveAsync(tx, actor, id.Value, ct) ? PermissionProblems.Forbidden
            : await editor.UpdateAsync(tx, origin, id, request, ct) is { } user ? TypedResults.Ok(UserView.Of(user))
            : UserProblems.NotFound, ct);
    }
}

/// <summary>What people are called: 1 to 200 characters, none of them a control character.</summary>
public static class DisplayName
{
    public static bool IsValid(string text) => text.Trim().Length is >= 1 and <= 200 && !text.Any(char.IsControl);
}

/// <summary>Writes changed people back under seal.</summary>
public sealed class UserEditor
{
    private readonly UserSeal seal;
    private readonly BlindIndex index;

    internal UserEditor(UserSeal seal, BlindIndex index)
    {
        this.seal = seal;
        this.index = index;
    }

    internal async Task<User?> UpdateAsync(Tx tx, Origin origin, UserId id, UpdateUser.Request request, CancellationToken ct)
    {
        if (await UserRows.FindAsync(tx, id, ct) is not { } row)
        {
            return null;
        }

        var before = await seal.OpenAsync(tx, row, ct);
        var after = before with
        {
            DisplayName = request.DisplayName?.Trim() ?? before.DisplayName,
            EmailVerified = request.EmailVerified ?? before.EmailVerified,
            UpdatedAt = tx.Now,
        };
        var (_, sealedName) = await seal.SealAsync(tx, after, ct);
        await UserRows.UpdateAsync(tx, id, sealedName, UserSearch.TermsOf(index, tx.Tenant, after.Email, after.DisplayName), after.EmailVerified, ct);
        List<string> fields = [];
        if (after.DisplayName != before.DisplayName)
        {
            fields.Add("display_name");
        }

        if (after.EmailVerified != before.EmailVerified)
        {
            fields.Add("email_verified");
        }

        tx.Emit(origin, new UserUpdated(id, fields));
        tx.Notify(UserDirectory.Topic, id.ToString());
        return after;
    }
}
