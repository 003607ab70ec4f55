using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;

namespace Signet.Server.Permissions;

/// <summary>Who has which role, and changing it. Nobody gives a role above their own.</summary>
public static class ManageRoles
{
    public sealed record Request(Role Role);

    public sealed record Holders(IReadOnlyList<RoleHolder> Roles);

    public static void Map(RouteGroupBuilder management)
    {
        management.MapGet("/roles", ListAsync).Requires(Permission.ReadRoles).WithTags("Roles").WithSummary("Who has which role.");
        management.MapPut("/users/{id}/role", AssignAsync).Requires(Permission.ManageRoles).WithTags("Roles").WithSummary("Give a user a role.");
    }

    private static async Task<IResult> ListAsync(Actor actor, RoleDirectory directory, CancellationToken ct) =>
        TypedResults.Ok(new Holders(await directory.ListAsync(actor.Tenant, ct)));

    /// <summary>Null: done.</summary>
    public static async Task<Problem?> RunAsync(Db db, UserIsActive isActive, Actor actor, Origin origin, Guid id, Role role, CancellationToken ct)
    {
        if (role > actor.Role)
        {
            return PermissionProblems.Forbidden;
        }

        if (!await isActive(actor.Tenant, id, ct))
        {
            return PermissionProblems.NoSuchUser;
        }

        return await db.InTenantAsync(actor.Tenant, tx => AssignRole.RunAsync(tx, origin, id, role, ct), ct) is RoleChange.LastOwner
            ? PermissionProblems.LastOwner
            : null;
    }

    private static async Task<IResult> AssignAsync(
        Guid id, Request request, Actor actor, Origin origin, Db db, UserIsActive isActive, CancellationToken ct) =>
        await RunAsync(db, isActive, actor, origin, id, request.Role, ct) ?? (IResult)TypedResults.NoContent();
}

/// <summary>Whether the tenant has such a person and they may act; given by the module that keeps people, which stands above this one.</summary>
public delegate ValueTask<bool> UserIsActive(TenantId tenant, Guid user, CancellationToken ct);
