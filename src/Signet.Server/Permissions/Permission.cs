namespace Signet.Server.Permissions;

/// <summary>What a management action needs. Named after the action, one for reading and one for changing each kind of thing.</summary>
public enum Permission
{
    /// <summary>To be signed in, and nothing more: one's own account.</summary>
    ManageOwnAccount,
    ReadUsers,
    ManageUsers,
    ReadClients,
    ManageClients,
    ReadAgents,

    /// <summary>For an agent: its own record and credentials. People who may manage agents have it, too.</summary>
    ManageOwnAgent,
    ManageAgents,

    /// <summary>To ask whether a token holds.</summary>
    ReadTokens,
    ReadAudit,
    ManageAudit,
    ReadKeys,
    ManageKeys,
    ReadRoles,
    ManageRoles,
    ManageApiKeys,
    ReadWebhooks,
    ManageWebhooks,
    /// <summary>What the tenant is as a federation entity, and who is enrolled.</summary>
    ReadFederation,
    ManageFederation,
    ReadSettings,
    ManageSettings,

    /// <summary>To ask what the policy says about somebody's access, and to see its rules: what a resource server's key needs.</summary>
    EvaluatePolicy,

    /// <summary>Platform administration: only members of the default tenant can hold these.</summary>
    ReadJobs,
    ManageJobs,
    ReadTenants,
    ManageTenants,

    /// <summary>The policy is one for the whole installation.</summary>
    ManagePolicy,
}

/// <summary>A set of permissions a person is given in a tenant. One person has at most one.</summary>
public enum Role
{
    User,
    Auditor,
    Admin,
    Owner,
}

/// <summary>Which role may do what: the whole table.</summary>
public static class RolePermissions
{
    private static readonly HashSet<Permission> Platform =
        [Permission.ReadJobs, Permission.ManageJobs, Permission.ReadTenants, Permission.ManageTenants, Permission.ManagePolicy];

    private static readonly HashSet<Permission> User = [Permission.ManageOwnAccount];

    private static readonly HashSet<Permission> Auditor =
    [
        .. User, Permission.ReadUsers, Permission.ReadClients, Permission.ReadAgents, Permission.ReadTokens, Permission.ReadAudit, Permission.ReadKeys, Permission.ReadRoles,
        Permission.ReadWebhooks, Permission.ReadFederation, Permission.ReadSettings, Permission.EvaluatePolicy, Permission.ReadJobs, Permission.ReadTenants,
    ];

    // An administrator runs everything but who the administrators are.
    private static readonly HashSet<Permission> Admin =
    [
        .. Auditor, Permission.ManageUsers, Permission.ManageClients, Permission.ManageOwnAgent, Permission.ManageAgents, Permission.ManageKeys, Permission.ManageApiKeys,
        Permission.ManageWebhooks, Permission.ManageFederation, Permission.ManageSettings, Permission.ManageAudit, Permission.ManageJobs, Permission.ManagePolicy,
    ];

    private static readonly HashSet<Permission> Owner = [.. Enum.GetValues<Permission>()];

    /// <param name="inDefaultTenant">Platform administration is never given outside the default tenant, whatever the role.</param>
    public static bool Allows(Role role, Permission permission, bool inDefaultTenant) =>
        (inDefaultTenant || !Platform.Contains(permission)) && Of(role).Contains(permission);

    /// <summary>All that a role may do in a tenant, in the order of the list above.</summary>
    public static IReadOnlyList<Permission> Of(Role role, bool inDefaultTenant) =>
        [.. Enum.GetValues<Permission>().Where(permission => Allows(role, permission, inDefaultTenant))];

    public static bool IsPlatform(Permission permission) => Platform.Contains(permission);

    private static HashSet<Permission> Of(Role role) => role switch
    {
        Role.User => User,
        Role.Auditor => Auditor,
        Role.Admin => Admin,
        Role.Owner => Owner,
    };
}
