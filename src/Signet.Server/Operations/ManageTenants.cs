using System.Diagnostics;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Permissions;
using Signet.Server.Tenants;
using Signet.Server.Users;

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

    /// <param name="OwnerPassword">The password that was made for the owner, shown this once; left out where the request named one.</param>
    public sealed record Provisioned(
        TenantId Id, string Slug, string Name, TenantAddress Address, TenantState State, string Origin, UserId OwnerId, string? OwnerPassword)
    {
        public static Provisioned Of(ProvisioningWithOwner.Provisioned made) => new(
            made.Tenant.Id, made.Tenant.Slug, made.Tenant.Name, made.Tenant.Address, made.Tenant.State, made.Tenant.Origin, made.Owner.Id, made.Password);
    }

    public static void Map(RouteGroupBuilder management)
    {
        var tenants = management.MapGroup("/tenants").WithTags("Tenants");
        tenants.MapGet("", async (Db db, TenantDirectory directory, CancellationToken ct, string? after = null, int limit = 50) =>
                TypedResults.Ok(await ListAsync(db, directory, after, limit, ct)))
            .Requires(Permission.ReadTenants).WithSummary("List tenants.");
        tenants.MapPost("", async (ProvisionWithOwner.Request request, Origin origin, ProvisionWithOwner provision, CancellationToken ct) =>
                await provision.RunAsync(origin, request, ct) switch
                {
                    ProvisioningWithOwner.Provisioned made => TypedResults.Created($"/api/v1/tenants/{made.Tenant.Slug}", Provisioned.Of(made)),
                    ProvisioningWithOwner.Refused refused => (IResult)refused.Problem,
                    _ => throw new UnreachableException(),
                })
            .Requires(Permission.ManageTenants).Produces<Provisioned>(StatusCodes.Status201Created).WithSummary("Provision a tenant and its first owner.");
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

    private static async Task<IResult> MoveAsync(string slug, TenantState to, Origin origin, Db db, CancellationToken ct) =>
        await ChangeTenantState.RunAsync(db, origin, slug, to, ct) ? TypedResults.NoContent() : TenantProblems.CannotMove;
}
