using Signet.Platform.Data;

namespace Signet.Server.Organizations;

public static class OrganizationsModule
{
    public static void AddOrganizations(this IServiceCollection services)
    {
        RowTypes.AddId<OrganizationId>();
        services.AddSingleton<MembershipDirectory>();
    }
}
