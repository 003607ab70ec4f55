using Signet.Server.Permissions;
using Signet.Server.Sessions;
using Signet.Server.Tenants;
using Signet.Server.Ui;

namespace Signet.Server.Console;

/// <summary>Puts around every console page what belongs there: the places this person may go to, and who they are.</summary>
internal static class ConsoleFrames
{
    private sealed record Place(string Label, string Path, string Icon, Permission Needs);

    private static readonly (string? Group, Place[] Places)[] Map =
    [
        (null, [new("Overview", "/console", "home", Permission.ReadUsers)]),
        ("People", [new("Users", "/console/users", "users", Permission.ReadUsers)]),
        ("Applications", [new("Applications", "/console/clients", "app", Permission.ReadClients)]),
        ("Agents",
        [
            new("Agents", "/console/agents", "agent", Permission.ReadAgents),
            new("Blueprints", "/console/blueprints", "copy", Permission.ReadAgents),
            new("Approvals", "/console/approvals", "check", Permission.ReadAgents),
            new("Trust policies", "/console/trust-policies", "federation", Permission.ReadAgents),
            new("Certificate authorities", "/console/certificate-authorities", "seal", Permission.ReadAgents),
        ]),
        ("Federation",
        [
            new("Trust mark types", "/console/trust-mark-types", "seal", Permission.ReadFederation),
            new("Trust marks", "/console/trust-marks", "check-circle", Permission.ReadFederation),
            new("Mark requests", "/console/trust-mark-requests", "check", Permission.ReadFederation),
            new("Policy playground", "/console/federation/playground", "edit", Permission.ReadFederation),
        ]),
        ("Security",
        [
            new("Audit log", "/console/audit", "log", Permission.ReadAudit),
            new("Signing keys", "/console/keys", "seal", Permission.ReadKeys),
            new("Policy", "/console/policy", "shield", Permission.EvaluatePolicy),
            new("API keys", "/console/api-keys", "key", Permission.ManageApiKeys),
        ]),
        ("Tenant", [new("Settings", "/console/settings", "settings", Permission.ReadSettings)]),
        ("Operations",
        [
            new("Webhooks", "/console/webhooks", "webhook", Permission.ReadWebhooks),
            new("Jobs", "/console/jobs", "jobs", Permission.ReadJobs),
            new("Tenants", "/console/tenants", "tenant", Permission.ReadTenants),
        ]),
    ];

    /// <summary>An endpoint filter: the <see cref="Gate"/> has let the caller through by then.</summary>
    public static async ValueTask<object?> SetAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        if (context.Features.Get<Actor>() is { } actor && context.Features.Get<Tenant>() is { } tenant)
        {
            var session = await context.RequestServices.GetRequiredService<BrowserSessions>().FindAsync(context, tenant.Id);
            var viewer = session is null ? new Viewer("API key", "") : new Viewer(session.User.Name, session.User.Email.Value, $"{context.Request.PathBase}/account");
            context.Features.Set(Of(context.Request.PathBase, context.Features.Get<Brand>()?.Name ?? tenant.Name, actor, viewer));
        }

        return await next(invocation);
    }

    private static ConsoleFrame Of(string pathBase, string tenant, Actor actor, Viewer viewer) => new(
        tenant,
        [.. Map
            .Select(group => new NavGroup(group.Group, [.. group.Places
                .Where(place => actor.May(place.Needs))
                .Select(place => new NavItem(place.Label, pathBase + place.Path, place.Icon))]))
            .Where(group => group.Items.Count > 0)],
        viewer,
        $"{pathBase}/sign-out",
        $"{pathBase}/console",
        SearchHref: $"{pathBase}/api/v1/search");
}
