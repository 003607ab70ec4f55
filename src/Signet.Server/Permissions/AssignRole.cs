using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Permissions.Storage;

namespace Signet.Server.Permissions;

/// <summary>What can happen when somebody's role is to change.</summary>
public enum RoleChange
{
    Changed,

    /// <summary>A tenant keeps at least one owner.</summary>
    LastOwner,
}

/// <summary>Gives a person a role. The last owner stays one, also when two are changed at once.</summary>
public static class AssignRole
{
    public static async Task<RoleChange> RunAsync(Tx tx, Origin origin, Guid user, Role role, CancellationToken ct)
    {
        if (role is not Role.Owner && await IsLastOwnerAsync(tx, user, ct))
        {
            return RoleChange.LastOwner;
        }

        await RoleAssignments.SetAsync(tx, user, role, ct);
        tx.Emit(origin, new RoleAssigned(user, role));
        tx.Notify(RoleDirectory.Topic, user.ToString());
        return RoleChange.Changed;
    }

    /// <summary>Whether taking this person away would leave the tenant without an owner who can act. Holds the owners until the transaction ends.</summary>
    public static async Task<bool> IsLastOwnerAsync(Tx tx, Guid user, CancellationToken ct)
    {
        // Asked again after the lock: a statement sees what was so when it began, not what it waited for.
        await RoleAssignments.LockOwnersAsync(tx, ct);
        return await RoleAssignments.ActiveOwnersAsync(tx, ct) is [var only] && only == user;
    }

    /// <summary>Whether this person holds a role above the caller's, which puts their account out of the caller's reach.</summary>
    public static async Task<bool> IsAboveAsync(Tx tx, Actor actor, Guid user, CancellationToken ct) =>
        await RoleAssignments.FindAsync(tx, user, ct) > actor.Role;

    /// <summary>Null if the caller may change this person's account: those who hold a role above the caller's are out of reach.</summary>
    public static async Task<Platform.Http.Problem?> RefuseChangeOfAsync(Tx tx, Actor actor, Guid user, CancellationToken ct)
    {
        var role = await RoleAssignments.FindAsync(tx, user, ct);
        if (role > actor.Role)
        {
            return PermissionProblems.Forbidden;
        }

        return role is Role.Owner && await IsLastOwnerAsync(tx, user, ct) ? PermissionProblems.LastOwner : null;
    }
}

public sealed record RoleAssigned(Guid User, Role Role) : DomainEvent
{
    public override string Action => "roles.assigned";

    public override Target Target => new("user", User.ToString());
}
