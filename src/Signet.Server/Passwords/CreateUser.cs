using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Permissions;
using Signet.Server.Users;

namespace Signet.Server.Passwords;

/// <summary>Adds a person with, where one is given, a password and a role: what an administrator or an operator does.</summary>
public sealed class CreateUser(Db db, AddUser add, SetPassword set)
{
    /// <param name="Password">Null: the person can't sign in by password until one is set.</param>
    public sealed record Wish(EmailAddress Email, bool EmailVerified, string? DisplayName, string? Password, Role Role);

    public sealed record Request(string Email, string? DisplayName = null, string? Password = null, bool EmailVerified = false, Role Role = Role.User);

    public static void Map(RouteGroupBuilder users) =>
        users.MapPost("", HandleAsync).Requires(Permission.ManageUsers).Produces<UserView>(StatusCodes.Status201Created).WithSummary("Add a user.");

    /// <summary>Null where the address has an account already.</summary>
    public async Task<User?> RunAsync(TenantId tenant, Origin origin, Wish wish, CancellationToken ct)
    {
        var hash = wish.Password is { } password ? await set.HashAsync(password, ct) : null;
        return await db.InTenantAsync(tenant, async tx =>
        {
            if (await add.RunAsync(tx, origin, wish.Email, wish.EmailVerified, wish.DisplayName?.Trim(), ct) is not { } user)
            {
                return null;
            }

            if (hash is not null)
            {
                await set.RunAsync(tx, user.Id, hash, ct);
            }

            if (wish.Role is not Role.User)
            {
                await AssignRole.RunAsync(tx, origin, user.Id.Value, wish.Role, ct);
            }

            return user;
        }, ct);
    }

    /// <summary>Null where this caller may add such a person.</summary>
    public static Problem? Refuse(Request request, Actor actor)
    {
        if (EmailAddress.TryParse(request.Email) is not { } email)
        {
            return UserProblems.EmailInvalid;
        }

        if (request.DisplayName is { } name && !DisplayName.IsValid(name))
        {
            return UserProblems.DisplayNameInvalid;
        }

        if (request.Password is { } password && PasswordRules.Refuse(password, email.Value) is { } weak)
        {
            return PasswordProblems.Weak(weak);
        }

        // Nobody gives a role above their own, nor any without the right to give roles.
        return request.Role is not Role.User && (!actor.May(Permission.ManageRoles) || request.Role > actor.Role) ? PermissionProblems.Forbidden : null;
    }

    private static async Task<IResult> HandleAsync(Request request, Actor actor, Origin origin, CreateUser create, CancellationToken ct)
    {
        if (Refuse(request, actor) is { } refusal)
        {
            return refusal;
        }

        var wish = new Wish(EmailAddress.TryParse(request.Email)!.Value, request.EmailVerified, request.DisplayName, request.Password, request.Role);
        return await create.RunAsync(actor.Tenant, origin, wish, ct) is { } user
            ? TypedResults.Created($"/api/v1/users/{user.Id}", UserView.Of(user))
            : UserProblems.EmailTaken;
    }
}
