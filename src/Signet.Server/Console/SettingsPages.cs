using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Console.Pages;
using Signet.Server.Permissions;
using Signet.Server.Tenants;
using Signet.Server.Ui;

namespace Signet.Server.Console;

/// <summary>What the tenant decides about itself: its name, its colours, and who may register.</summary>
internal static class SettingsPages
{
    public static void Map(RouteGroupBuilder settings)
    {
        settings.MapGet("", ShowAsync).Requires(Permission.ReadSettings);
        settings.MapPost("", ChangeAsync).Requires(Permission.ManageSettings);
    }

    private static async Task<IResult> ShowAsync(Tenant tenant, TenantSettingsDirectory directory, CancellationToken ct) =>
        new Page<SettingsPage>(new { Tenant = tenant, Form = SettingsForm.Of(await directory.FindAsync(tenant.Id, ct)) });

    private static async Task<IResult> ChangeAsync(HttpContext context, Tenant tenant, Actor actor, Origin origin, Db db, CancellationToken ct)
    {
        var form = SettingsForm.Read(await FormBody.ReadAsync(context.Request, ct));
        var request = form.ToRequest();
        if (ChangeTenantSettings.Refuse(request) is { } refusal)
        {
            return new Page<SettingsPage>(new { Tenant = tenant, Form = form, Errors = SettingsForm.ErrorsOf(refusal) }, refusal.Status);
        }

        await db.InTenantAsync(actor.Tenant, tx => ChangeTenantSettings.RunAsync(tx, origin, request, ct), ct);
        return Done.To(context, "/console/settings", "saved");
    }
}
