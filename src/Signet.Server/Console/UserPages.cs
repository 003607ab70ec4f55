using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Console.Pages;
using Signet.Server.Passwords;
using Signet.Server.Permissions;
using Signet.Server.Sessions;
using Signet.Server.SignIn;
using Signet.Server.Ui;
using Signet.Server.Users;

namespace Signet.Server.Console;

/// <summary>The people of the tenant: finding, adding and changing them. Each act is the management API's, by the same function.</summary>
internal static class UserPages
{
    private const int PageSize = 50;

    public static void Map(RouteGroupBuilder users)
    {
        users.MapGet("", ListAsync).Requires(Permission.ReadUsers);
        users.MapGet("/new", () => (IResult)new Page<NewUserPage>()).Requires(Permission.ManageUsers);
        users.MapPost("/new", CreateAsync).Requires(Permission.ManageUsers);
        users.MapGet("/{id}", (UserId id, HttpContext context, CancellationToken ct) => ShowAsync(context, id, null, ct)).Requires(Permission.ReadUsers);
        users.MapPost("/{id}", UpdateAsync).Requires(Permission.ManageUsers);
        users.MapPost("/{id}/deactivate", (UserId id, HttpContext context, Actor actor, Origin origin, Db db, CancellationToken ct) =>
            MoveAsync(context, id, UserState.Deactivated, actor, origin, db, ct)).Requires(Permission.ManageUsers);
        users.MapPost("/{id}/reactivate", (UserId id, HttpContext context, Actor actor, Origin origin, Db db, CancellationToken ct) =>
            MoveAsync(context, id, UserState.Active, actor, origin, db, ct)).Requires(Permission.ManageUsers);
        users.MapPost("/{id}/sign-out", SignOutAsync).Requires(Permission.ManageUsers);
        users.MapPost("/{id}/delete", DeleteAsync).Requires(Permission.ManageUsers);
        users.MapPost("/{id}/role", AssignAsync).Requires(Permission.ManageRoles);
    }

    private static async Task<IResult> ListAsync(HttpContext context, Actor actor, UserDirectory directory, RoleDirectory roles, CancellationToken ct)
    {
        var query = TableQuery.From(context.Request, "state");
        UserState? state = SnakeCase.TryParse<UserState>(query.Facet("state"), out var named) ? named : null;
        UserId? before = UserId.TryParse(query.After, null, out var cursor) ? cursor : null;
        var users = await directory.ListAsync(actor.Tenant, query.Search, state, before, PageSize + 1, ct);
        var shown = users.Take(PageSize).ToList();
        return new Page<UsersPage>(new
        {
            Users = shown,
            Next = users.Count > PageSize ? users[PageSize - 1].Id.ToString() : null,
            Roles = (await roles.OfAsync(actor.Tenant, [.. shown.Select(user => user.Id.Value)], ct)).ToDictionary(holder => holder.UserId, holder => holder.Role),
            Query = query,
        });
    }

    private static async Task<IResult> ShowAsync(HttpContext context, UserId id, Problem? refusal, CancellationToken ct)
    {
        var (actor, services) = (context.Features.Get<Actor>()!, context.RequestServices);
        if (await services.GetRequiredService<UserDirectory>().FindAsync(actor.Tenant, id, ct) is not { } user)
        {
            return UserProblems.NotFound;
        }

        return new Page<UserPage>(
            new
            {
                User = user,
                Role = await services.GetRequiredService<RoleDirectory>().FindAsync(actor.Tenant, id.Value, ct),
                Sessions = await services.GetRequiredService<OwnSessions>().ListAsync(actor with { Id = id.Value }, ct),
                IsSelf = actor.Id == id.Value,
                Own = actor.Role,
                Refusal = refusal,
            },
            refusal?.Status ?? StatusCodes.Status200OK);
    }

    private static async Task<IResult> CreateAsync(HttpContext context, Actor actor, Origin origin, CreateUser create, CancellationToken ct)
    {
        var form = await FormBody.ReadAsync(context.Request, ct);
        var request = new CreateUser.Request(
            FormText.Of(form, "email"), FormText.Of(form, "name") is { Length: > 0 } name ? name : null,
            FormText.Of(form, "password") is { Length: > 0 } password ? password : null, FormText.Of(form, "verified") == "true",
            SnakeCase.TryParse<Role>(FormText.Of(form, "role"), out var role) ? role : Role.User);
        if (CreateUser.Refuse(request, actor) is { } refusal)
        {
            return Again(request, Fault(refusal));
        }

        var wish = new CreateUser.Wish(EmailAddress.TryParse(request.Email)!.Value, request.EmailVerified, request.DisplayName, request.Password, request.Role);
        return await create.RunAsync(actor.Tenant, origin, wish, ct) is { } user
            ? Done.To(context, $"/console/users/{user.Id}", "user-created")
            : Again(request, new FieldError("email", "This address has an account already."));

        static IResult Again(CreateUser.Request request, FieldError error) =>
            new Page<NewUserPage>(new { Request = request, Errors = new FormErrors([error]) }, StatusCodes.Status400BadRequest);
    }

    private static FieldError Fault(Problem problem) =>
        problem == UserProblems.EmailInvalid ? new FieldError("email", "Enter an address such as ada@example.org.")
        : problem == UserProblems.DisplayNameInvalid ? new FieldError("name", "Enter a name of 1 to 200 characters.")
        : problem.Errors is { Count: > 0 } errors ? new FieldError(errors.First().Key, errors.First().Value[0])
        : new FieldError("", problem.Title);

    private static async Task<IResult> UpdateAsync(
        UserId id, HttpContext context, Actor actor, Origin origin, Db db, UserEditor editor, CancellationToken ct)
    {
        var form = await FormBody.ReadAsync(context.Request, ct);
        var name = FormText.Of(form, "name");
        if (name.Length > 0 && !DisplayName.IsValid(name))
        {
            return await ShowAsync(context, id, UserProblems.DisplayNameInvalid, ct);
        }

        var request = new UpdateUser.Request(name.Length > 0 ? name : null, FormText.Of(form, "verified") == "true");
        var refusal = await db.InTenantAsync<Problem?>(actor.Tenant, async tx =>
            await AssignRole.IsAboveAsync(tx, actor, id.Value, ct) ? PermissionProblems.Forbidden
            : await editor.UpdateAsync(tx, origin, id, request, ct) is null ? UserProblems.NotFound
            : null, ct);
        return refusal is null ? Done.To(context, $"/console/users/{id}", "saved") : await ShowAsync(context, id, refusal, ct);
    }

    private static async Task<IResult> MoveAsync(
        HttpContext context, UserId id, UserState to, Actor actor, Origin origin, Db db, CancellationToken ct) =>
        await ChangeUserState.RunAsync(db, actor, origin, id, to, ct) is { } refusal
            ? await ShowAsync(context, id, refusal, ct)
            : Done.To(context, $"/console/users/{id}", to is UserState.Active ? "user-reactivated" : "user-deactivated");

    private static async Task<IResult> SignOutAsync(UserId id, HttpContext context, Actor actor, Origin origin, Db db, CancellationToken ct)
    {
        var refusal = await db.InTenantAsync(actor.Tenant, async tx =>
        {
            // Whoever may not touch the account may not end its sessions either; to leave an owner signed out takes nothing from the tenant.
            if (await AssignRole.RefuseChangeOfAsync(tx, actor, id.Value, ct) is { } refused && refused != PermissionProblems.LastOwner)
            {
                return refused;
            }

            await EndSession.RunForAllAsync(tx, origin, id, null, ct);
            return null;
        }, ct);
        return refusal is null ? Done.To(context, $"/console/users/{id}", "signed-out") : await ShowAsync(context, id, refusal, ct);
    }

    private static async Task<IResult> DeleteAsync(
        UserId id, HttpContext context, Actor actor, Origin origin, Db db, UserDirectory directory, CancellationToken ct)
    {
        if (await directory.FindAsync(actor.Tenant, id, ct) is not { } user)
        {
            return UserProblems.NotFound;
        }

        var form = await FormBody.ReadAsync(context.Request, ct);
        if (!string.Equals(FormText.Of(form, "confirm"), user.Email.Value, StringComparison.Ordinal))
        {
            return await ShowAsync(context, id, ConsoleProblems.NotConfirmed, ct);
        }

        return await DeleteUser.RunAsync(db, actor, origin, id, ct) is { } refusal
            ? await ShowAsync(context, id, refusal, ct)
            : Done.To(context, "/console/users", "user-deleted");
    }

    private static async Task<IResult> AssignAsync(
        UserId id, HttpContext context, Actor actor, Origin origin, Db db, UserIsActive isActive, CancellationToken ct)
    {
        var form = await FormBody.ReadAsync(context.Request, ct);
        var refusal = SnakeCase.TryParse<Role>(FormText.Of(form, "role"), out var role)
            ? await ManageRoles.RunAsync(db, isActive, actor, origin, id.Value, role, ct)
            : HttpProblems.InvalidInput;
        return refusal is null ? Done.To(context, $"/console/users/{id}", "role") : await ShowAsync(context, id, refusal, ct);
    }
}
