namespace Signet.Server.Console;

public static class ConsoleModule
{
    public static void AddConsole(this IServiceCollection services)
    {
        services.AddSingleton<CountRecords>();
        services.AddSingleton<AuditNames>();
    }

    public static void MapConsole(RouteGroups groups)
    {
        SearchRecords.Map(groups.Management);
        var console = groups.Interaction.MapGroup("/console").AddEndpointFilter(ConsoleFrames.SetAsync);
        OverviewPages.Map(console);
        UserPages.Map(console.MapGroup("/users"));
        ClientPages.Map(console.MapGroup("/clients"));
        AgentPages.Map(console.MapGroup("/agents"));
        BlueprintPages.Map(console.MapGroup("/blueprints"));
        ApprovalPages.Map(console.MapGroup("/approvals"));
        AuditPages.Map(console.MapGroup("/audit"));
        KeyPages.Map(console.MapGroup("/keys"));
        PolicyPages.Map(console.MapGroup("/policy"));
        ApiKeyPages.Map(console.MapGroup("/api-keys"));
        CertificatePages.MapOfAgents(console.MapGroup("/agents"));
        CertificatePages.Map(console.MapGroup("/certificate-authorities"));
        TrustPolicyPages.Map(console.MapGroup("/trust-policies"));
        MarkTypePages.Map(console.MapGroup("/trust-mark-types"));
        MarkPages.Map(console.MapGroup("/trust-marks"));
        MarkPages.MapRequests(console.MapGroup("/trust-mark-requests"));
        PlaygroundPages.Map(console.MapGroup("/federation/playground"));
        WebhookPages.Map(console.MapGroup("/webhooks"));
        SettingsPages.Map(console.MapGroup("/settings"));
        JobPages.Map(console.MapGroup("/jobs"));
        TenantPages.Map(console.MapGroup("/tenants"));
    }
}
