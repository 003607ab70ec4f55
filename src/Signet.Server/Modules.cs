using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Server.Account;
using Signet.Server.AgentCards;
using Signet.Server.Agents;
using Signet.Server.Approvals;
using Signet.Server.Audit;
using Signet.Server.Clients;
using Signet.Server.Consent;
using Signet.Server.Console;
using Signet.Server.Delegations;
using Signet.Server.Federation;
using Signet.Server.Governance;
using Signet.Server.Keys;
using Signet.Server.Limits;
using Signet.Server.OAuth;
using Signet.Server.Operations;
using Signet.Server.Organizations;
using Signet.Server.Passwords;
using Signet.Server.Permissions;
using Signet.Server.Policy;
using Signet.Server.Secrets;
using Signet.Server.Sessions;
using Signet.Server.Settings;
using Signet.Server.Setup;
using Signet.Server.SignIn;
using Signet.Server.Tenants;
using Signet.Server.Ui;
using Signet.Server.Users;
using Signet.Server.Webhooks;
using Signet.Server.Workloads;

namespace Signet.Server;

/// <summary>The modules of Signet in the order of their levels: each may use those above it, and none below.</summary>
public static class Modules
{
    public static void AddSignet(this IServiceCollection services, HostSettings settings, Database database, BootstrapSecrets secrets)
    {
        services.AddGround(settings, database, secrets);

        // 0: foundations
        services.AddUi();
        services.AddTenants();
        services.AddPermissions();
        services.AddSecrets();
        services.AddKeys();
        services.AddAudit();
        services.AddPolicy();
        services.AddLimits();
        services.AddWebhooks();

        // 1: who and what exists
        services.AddUsers();
        services.AddOrganizations();
        services.AddClients();
        services.AddAgents();
        services.AddGovernance();
        services.AddAgentCards();
        services.AddWorkloads();

        // 2: ways to prove it
        services.AddPasswords();

        // 3: one person, one browser, one decision
        services.AddSessions();
        services.AddSignIn();
        services.AddConsent();
        services.AddDelegations();
        services.AddApprovals();

        // 4: what the outside speaks
        services.AddOAuth();
        services.AddFederation();
        services.AddOperations();

        // 5: shells
        services.AddAccount();
        services.AddConsole();
        services.AddSetup();
        services.DropDataProtection();
    }

    /// <summary>The background work of the roles a process has; a command has none.</summary>
    public static void AddSignetRoles(this IServiceCollection services, Roles roles)
    {
        services.AddRoles(roles);
        if (roles.HasFlag(Roles.Worker))
        {
            services.AddWebhookDeliveries();
        }

        if (roles.HasFlag(Roles.Scheduler))
        {
            services.AddAuditSealing();
        }
    }

    public static void UseSignet(this WebApplication app)
    {
        var settings = app.Services.GetRequiredService<HostSettings>();
        app.UseHttpGround(settings.TrustedProxies, settings.ClientCertificateHeader);
        app.UseTenantPath();
        app.UseRouting();
        app.UseUnroutedShapes();
        app.UseReadableRequests();
        app.UseTenant(app.Services.GetRequiredService<TenantDirectory>(), settings);
        app.UsePolicy();
        app.UseMiddleware<Gate>();

        var groups = new RouteGroups(app);
        app.MapUiAssets();
        app.MapOpenApi("/api/openapi.json");
        TenantsModule.MapTenants(groups);
        PermissionsModule.MapPermissions(groups);
        KeysModule.MapKeys(groups);
        AuditModule.MapAudit(groups);
        PolicyModule.MapPolicy(groups);
        WebhooksModule.MapWebhooks(groups);
        UsersModule.MapUsers(groups);
        ClientsModule.MapClients(groups);
        AgentsModule.MapAgents(groups);
        GovernanceModule.MapGovernance(groups);
        AgentCardsModule.MapAgentCards(groups);
        WorkloadsModule.MapWorkloads(groups);
        PasswordsModule.MapPasswords(groups);
        SessionsModule.MapSessions(groups);
        SignInModule.MapSignIn(groups);
        DelegationsModule.MapDelegations(groups);
        ApprovalsModule.MapApprovals(groups);
        OAuthModule.MapOAuth(groups);
        FederationModule.MapFederation(groups);
        OperationsModule.MapOperations(groups);
        AccountModule.MapAccount(groups);
        ConsoleModule.MapConsole(groups);
        SetupModule.MapSetup(groups);
        if (settings.IsDevelopment)
        {
            app.MapUiGallery();
        }
    }
}
