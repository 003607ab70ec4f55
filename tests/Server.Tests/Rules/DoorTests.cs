using Xunit;

namespace Server.Tests.Rules;

/// <summary>Doors that only a few may use: past the tenant wall, to other people's servers, to the environment.</summary>
public sealed class DoorTests
{
    // Each works for the whole installation, and none on what a caller of a tenant asked for by name.
    private static readonly string[] PastTheWall =
    [
        "Signet.Platform.Cache.ReplayGuard",
        "Signet.Platform.Data.Db",
        "Signet.Platform.Jobs.JobUpkeep",
        "Signet.Platform.Jobs.JobWorker",
        "Signet.Platform.Jobs.LeaderLease",
        "Signet.Platform.Jobs.PurgeFinished",
        "Signet.Platform.Jobs.Scheduler",
        "Signet.Platform.Outbox.OutboxRelay",
        // Seals and prunes the record of every tenant.
        "Signet.Server.Audit.CheckIntegrity", "Signet.Server.Audit.PruneAudit",
        "Signet.Server.Audit.SealAudit",
        // Checks at start that the master keys fit the rows.
        "Signet.Server.Secrets.CheckSecrets",
        // Which tenant a host belongs to is asked before there is a tenant; the others are platform administration.
        "Signet.Server.Tenants.ChangeTenantState",
        "Signet.Server.Tenants.ListTenants",
        "Signet.Server.Tenants.ProvisionTenant",
        "Signet.Server.Tenants.TenantDirectory",
        // Which webhooks of all tenants something is due for; what is due is read and sent behind the wall.
        "Signet.Server.Webhooks.DeliveryLoop",
    ];

    [Fact]
    public void Only_these_work_past_the_tenant_wall_without_leaving_a_record() =>
        Assert.Equal(PastTheWall.Order(), UsersOf(used => used is { Namespace: "Signet.Platform.Data", Name: "Db", Member: "AsSystemAsync" }));

    [Fact]
    public void Only_the_outbound_door_opens_connections_to_other_servers()
    {
        var openers = UsersOf(used =>
            used is { Namespace: "System.Net.Http", Name: "HttpClient" or "HttpMessageInvoker" or "SocketsHttpHandler" or "HttpClientHandler" }
            || used is { Namespace: "System.Net.Sockets", Name: "TcpClient" or "UdpClient" }
            || used is { Namespace: "System.Net", Name: "Dns" or "WebRequest" });

        Assert.NotEmpty(openers);
        Assert.All(openers, opener => Assert.StartsWith("Signet.Platform.Outbound.", opener));
    }

    [Fact]
    public void Only_the_host_reads_the_environment() =>
        Assert.Equal(
            ["Signet.Host.Cli.HostOptions"],
            UsersOf(used => used is { Namespace: "System", Name: "Environment", Member: "GetEnvironmentVariable" or "GetEnvironmentVariables" }));

    [Fact]
    public void Nothing_asks_the_machine_for_the_time_or_for_a_random_id() =>
        Assert.Empty(UsersOf(used =>
            used is { Namespace: "System", Name: "DateTime" or "DateTimeOffset", Member: "get_Now" or "get_UtcNow" or "get_Today" }
            || used is { Namespace: "System", Name: "Guid", Member: "NewGuid" }
            || used is { Namespace: "System", Name: "Random", Member: "get_Shared" }));

    [Fact]
    public void Nothing_blocks_a_thread() =>
        Assert.Empty(UsersOf(used => used is { Namespace: "System.Threading", Name: "Thread", Member: "Sleep" }));

    private static List<string> UsersOf(Func<(string Namespace, string Name, string Member), bool> door) =>
        [.. House.All.Where(piece => piece.Uses.Any(door)).Select(piece => piece.FullName).Order()];
}
