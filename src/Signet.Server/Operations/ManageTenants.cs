using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Permissions;
using Signet.Server.Tenants;

namespace Signet.Server.Operations;

/// <summary>A tenant as platform administrators see it.</summary>
public sealed record TenantView(TenantId Id, string Slug, string Name, TenantAddress Address, TenantState State, string Origin)
{
    public static TenantView Of(Tenant tenant) => new(tenant.Id, tenant.Slug, tenant.Name, tenant.Address, tenant.State, tenant.Origin);
}

/// <summary>Tenants by the management API. Only members of the default tenant hold these permissions.</summary>
public static class ManageTenants
{
    public const int LargestPage = 200;

    /// <param name="Next">Give it as <c>after</c> to get the next page; null on the last.</param>
    public sealed record Listed(IReadOnlyList<TenantView> Tenants, string? Next);

    public sealed record Request(string Slug, string Name, TenantAddress Address = TenantAddress.Path);

    public static void Map(RouteGroupBuilder management)
    {
        var tenants = management.MapGroup("/tenants").WithTags("Tenants");
        tenants.MapGet("", async (Db db, TenantDirectory directory, CancellationToken ct, string? after = null, int limit = 50) =>
                TypedResults.Ok(await ListAsync(db, directory, after, limit, ct)))
            .Requires(Permission.ReadTenants).WithSummary("List tenants.");
        tenants.MapPost("", async (Request request, Origin origin, Db db, TenantDirectory directory, CancellationToken ct) =>
                Refuse(request) ?? await ProvisionTenant.RunAsync(db, directory, origin, request.Slug, request.Name.Trim(), request.Address, ct) switch
                {
                    Provisioning.Provisioned made => TypedResults.Created($"/api/v1/tenants/{made.Tenant.Slug}", TenantView.Of(made.Tenant)),
                    Provisioning.SlugTaken => TenantProblems.SlugTaken,
                    _ => (IResult)TenantProblems.SlugInvalid,
                })
            .Requires(Permission.ManageTenants).Produces<TenantView>(StatusCodes.Status201Created).WithSummary("Provision a tenant.");
        tenants.MapPost("/{slug}/suspend", (string slug, Origin origin, Db db, CancellationToken ct) => MoveAsync(slug, TenantState.Suspended, origin, db, ct))
            .Requires(Permission.ManageTenants).Produces(StatusCodes.Status204NoContent).WithSummary("Suspend a tenant.");
        tenants.MapPost("/{slug}/resume", (string slug, Origin origin, Db db, CancellationToken ct) => MoveAsync(slug, TenantState.Active, origin, db, ct))
            .Requires(Permission.ManageTenants).Produces(StatusCodes.Status204NoContent).WithSummary("Resume a suspended tenant.");
    }

    public static async Task<Listed> ListAsync(Db db, TenantDirectory directory, string? after, int limit, CancellationToken ct)
    {
        var size = Math.Clamp(limit, 1, LargestPage);
        var tenants = await ListTenants.RunAsync(db, directory, after, size + 1, ct);
        return new Listed([.. tenants.Take(size).Select(TenantView.Of)], tenants.Count > size ? tenants[size - 1].Slug : null);
    }

    /// <summary>Null where the name may stand; the slug is checked where the tenant is made.</summary>
    public static Problem? Refuse(Request request) =>
        request.Name.Trim().Length is >= 1 and <= 200 && !request.Name.Any(char.IsControl) ? null : TenantProblems.NameInvalid;

    private static async Task<IResult> MoveAsync(string slug, TenantState to, Origin origin, Db db, CancellationToken ct) =>
        await ChangeTenantState.RunAsync(db, origin, slug, to, ct) ? TypedResults.NoContent() : TenantProblems.CannotMove;
}
