using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Permissions;
using Signet.Server.Tenants;
using Signet.Server.Ui;

namespace Signet.Server.Operations;

/// <summary>What a tenant decided about itself, as its administrators see it.</summary>
/// <param name="DisplayName">What people see.</param>
/// <param name="Brand">As it was chosen; left out: the colours Signet comes with.</param>
/// <param name="BrandTokens">What it comes to; left out where there is no brand.</param>
public sealed record TenantSettingsView(string DisplayName, BrandChoice? Brand, TenantSettingsView.Schemes? BrandTokens, bool RegistrationOpen, DateTimeOffset? UpdatedAt)
{
    /// <summary>Members that are left out limit nothing.</summary>
    public AgentLimits AgentLimits { get; init; } = AgentLimits.None;

    /// <summary>How long agents go on once their owner left; 0: not at all.</summary>
    public int OrphanGraceDays { get; init; }

    public sealed record Schemes(BrandPalette Light, BrandPalette Dark);

    public static TenantSettingsView Of(TenantSettings settings, Tenant tenant) => new(
        settings.NameOf(tenant),
        settings.Brand,
        settings.Tokens is { } tokens ? new Schemes(BrandPalette.Of(tokens.Light), BrandPalette.Of(tokens.Dark)) : null,
        settings.RegistrationOpen,
        settings.UpdatedAt)
    {
        AgentLimits = settings.Limits,
        OrphanGraceDays = (int)settings.OrphanGrace.TotalDays,
    };
}

/// <summary>A tenant's settings by the management API.</summary>
public static class ManageTenantSettings
{
    public static void Map(RouteGroupBuilder management)
    {
        var settings = management.MapGroup("/tenant/settings").WithTags("Tenant settings");
        settings.MapGet("", async (Tenant tenant, TenantSettingsDirectory directory, CancellationToken ct) =>
                TypedResults.Ok(TenantSettingsView.Of(await directory.FindAsync(tenant.Id, ct), tenant)))
            .Requires(Permission.ReadSettings).WithSummary("The tenant's name, brand, registration and limits of agents.");
        settings.MapPatch("", ChangeAsync)
            .Requires(Permission.ManageSettings).Produces<TenantSettingsView>().WithSummary("Change the tenant's name, brand, registration or limits of agents.");
    }

    private static async Task<IResult> ChangeAsync(ChangeTenantSettings.Request request, Tenant tenant, Actor actor, Origin origin, Db db, CancellationToken ct)
    {
        if (ChangeTenantSettings.Refuse(request) is { } refusal)
        {
            return refusal;
        }

        var changed = await db.InTenantAsync(actor.Tenant, tx => ChangeTenantSettings.RunAsync(tx, origin, request, ct), ct);
        return TypedResults.Ok(TenantSettingsView.Of(changed, tenant));
    }
}
