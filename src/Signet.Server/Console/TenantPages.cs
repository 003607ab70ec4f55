using System.Diagnostics;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Console.Pages;
using Signet.Server.Operations;
using Signet.Server.Permissions;
using Signet.Server.SignIn;
using Signet.Server.Tenants;
using Signet.Server.Ui;

namespace Signet.Server.Console;

/// <summary>Tenants, for those who run the platform.</summary>
internal static class TenantPages
{
    public static void Map(RouteGroupBuilder tenants)
    {
        tenants.MapGet("", (HttpContext context, Db db, TenantDirectory directory, CancellationToken ct) => ListAsync(context, db, directory, null, ct))
            .Requires(Permission.ReadTenants);
        tenants.MapGet("/new", () => (IResult)new Page<NewTenantPage>()).Requires(Permission.ManageTenants);
        tenants.MapPost("/new", ProvisionAsync).Requires(Permission.ManageTenants);
        tenants.MapPost("/{slug}/suspend", (string slug, HttpContext context, Origin origin, Db db, TenantDirectory directory, CancellationToken ct) =>
            MoveAsync(slug, TenantState.Suspended, context, origin, db, directory, ct)).Requires(Permission.ManageTenants);
        tenants.MapPost("/{slug}/resume", (string slug, HttpContext context, Origin origin, Db db, TenantDirectory directory, CancellationToken ct) =>
            MoveAsync(slug, TenantState.Active, context, origin, db, directory, ct)).Requires(Permission.ManageTenants);
    }

    private static async Task<IResult> ListAsync(HttpContext context, Db db, TenantDirectory directory, Problem? refusal, CancellationToken ct)
    {
        var query = TableQuery.From(context.Request);
        var page = await ManageTenants.ListAsync(db, directory, query.After, 50, ct);
        return new Page<TenantsPage>(new { page.Tenants, page.Next, Query = query, Refusal = refusal }, refusal?.Status ?? StatusCodes.Status200OK);
    }

    private static async Task<IResult> ProvisionAsync(HttpContext context, Origin origin, ProvisionWithOwner provision, CancellationToken ct)
    {
        var form = await FormBody.ReadAsync(context.Request, ct);
        var request = new ProvisionWithOwner.Request(
            FormText.Of(form, "slug").Trim(),
            FormText.Of(form, "name"),
            new(FormText.Of(form, "email"), FormText.Of(form, "first_name"), FormText.Of(form, "last_name"), FormText.Of(form, "password") is { Length: > 0 } password ? password : null),
            FormText.Of(form, "address") == "host" ? TenantAddress.Host : TenantAddress.Path);
        return await provision.RunAsync(origin, request, ct) switch
        {
            ProvisioningWithOwner.Provisioned made => new Page<TenantMadePage>(new { made.Tenant, made.Owner, made.Password }, StatusCodes.Status201Created),
            ProvisioningWithOwner.Refused { Problem: var refusal } => new Page<NewTenantPage>(
                new { Request = request, Errors = new FormErrors([.. refusal.Errors!.Select(error => new FieldError(error.Key.Split('.')[^1], error.Value[0]))]) },
                refusal.Status),
            _ => throw new UnreachableException(),
        };
    }

    private static async Task<IResult> MoveAsync(
        string slug, TenantState to, HttpContext context, Origin origin, Db db, TenantDirectory directory, CancellationToken ct) =>
        await ChangeTenantState.RunAsync(db, origin, slug, to, ct)
            ? Done.To(context, "/console/tenants", to is TenantState.Active ? "resumed" : "suspended")
            : await ListAsync(context, db, directory, TenantProblems.CannotMove, ct);
}
