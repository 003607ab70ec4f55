using Signet.Platform.Http;

namespace Signet.Server.Tenants;

public static class TenantProblems
{
    public static readonly Problem Unknown = new(404, "tenants.unknown", "No tenant answers at this address.");

    public static readonly Problem Suspended = new(403, "tenants.suspended", "This tenant is suspended.");

    public static readonly Problem NameInvalid = new(400, "invalid_input", "name: is to have 1 to 200 characters, none of them a control character.");

    public static readonly Problem DisplayNameInvalid =
        new(400, "invalid_input", "display_name: is to have at most 200 characters, none of them a control character.");

    public static readonly Problem CannotMove =
        new(409, "tenants.cannot_move", "There is no such tenant, or it can't go there from where it is. The default tenant stays active.");

    public static readonly Problem SlugTaken = new(409, "tenants.slug_taken", "Another tenant has this name.");

    public static readonly Problem SlugInvalid = new(400, "tenants.slug_invalid", "A tenant's name is 1 to 63 lower-case letters, digits and inner hyphens, and not a reserved word.");

    public static readonly Problem LimitsInvalid = new(400, "tenants.limits_invalid", "The limits of agents can't be so.");
}
