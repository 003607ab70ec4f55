using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signet.Jose;
using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbound;
using Signet.Platform.Telemetry;
using Signet.Server;
using Signet.Server.Keys;
using Signet.Server.Secrets;
using Signet.Server.Settings;
using Signet.Server.Setup;
using Xunit;

namespace Signet.Testing;

/// <summary>
/// The whole server in this process, on a free port of this machine, over a database of its own: what <c>signet serve</c> composes, with a clock
/// that tests move. As a class fixture (<c>IClassFixture&lt;TestSignet&gt;</c>) one serves a class; <see cref="StartNodeAsync"/> adds nodes to
/// its database. Tests say what they want done and never reach into it. Every client has an address of its own, so that limits by address
/// meet only those who ask for them.
/// </summary>
public sealed partial class TestSignet : IAsyncLifetime
{
    /// <summary>A name that resolves to an address of a private network.</summary>
    public const string InsideName = "inside.example";

    private static int lastAddress;

    private readonly TestSignet? first;
    private readonly bool enableSetup;
    private readonly Func<HostSettings, HostSettings>? configure;
    private readonly TestDatabase database;
    private Database? pools;
    private WebApplication? app;
    private HttpMessageInvoker? wire;

    public TestSignet() : this(null, enableSetup: false, configure: null)
    {
    }

    private TestSignet(TestSignet? first, bool enableSetup, Func<HostSettings, HostSettings>? configure)
    {
        this.first = first;
        this.enableSetup = enableSetup;
        this.configure = configure;
        database = first?.database ?? new TestDatabase();
        Clock = first?.Clock ?? new TestClock();
    }

    /// <summary>The clock of all nodes. It stands still until it is moved.</summary>
    public TestClock Clock { get; }

    /// <summary>For attacks on what is stored, and for looking at what no interface shows.</summary>
    public TestDatabase Database => database;

    /// <summary>Where this node answers: <c>http://localhost:port</c>.</summary>
    public string Address { get; private set; } = "";

    /// <summary>The issuer of the default tenant; the same on every node.</summary>
    public string Issuer { get; private set; } = "";

    /// <summary>Every endpoint the server has.</summary>
    public IReadOnlyList<RouteEndpoint> Endpoints =>
        [.. App.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()];

    internal HttpMessageInvoker Wire => wire ?? throw NotStarted();

    private WebApplication App => app ?? throw NotStarted();

    /// <summary>A server of one test's own.</summary>
    /// <param name="configure">Changes the host settings; the nodes that are added have the same.</param>
    public static async Task<TestSignet> StartAsync(bool enableSetup = false, Func<HostSettings, HostSettings>? configure = null)
    {
        var made = new TestSignet(null, enableSetup, configure);
        await made.InitializeAsync();
        return made;
    }

    /// <summary>Another node on the same database, with the same secrets and the same issuer.</summary>
    /// <param name="configure">Changes what the first node was configured with; null: nothing.</param>
    public async Task<TestSignet> StartNodeAsync(bool? setup = null, Func<HostSettings, HostSettings>? configure = null)
    {
        var own = this.configure;
        var made = new TestSignet(
            first ?? this, setup ?? enableSetup, configure is null ? own : settings => configure(own?.Invoke(settings) ?? settings));
        await made.InitializeAsync();
        return made;
    }

    /// <summary>A client address nobody else has.</summary>
    public static string NewAddress()
    {
        var number = Interlocked.Increment(ref lastAddress);
        return $"10.{(number >> 16) & 255}.{(number >> 8) & 255}.{number & 255}";
    }

    public async ValueTask InitializeAsync()
    {
        if (first is null)
        {
            await database.InitializeAsync();
        }

        pools = new Database(database.Address);
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var endpoint = (IPEndPoint)socket.LocalEndPoint!;
        Address = $"http://localhost:{endpoint.Port}";
        Issuer = first?.Issuer ?? Address;
        var settings = Settings(endpoint);
        app = Build(configure?.Invoke(settings) ?? settings, pools, socket, endpoint);
        await app.Services.GetRequiredService<CheckSecrets>().RunAsync(CancellationToken.None);
        app.UseSignet();
        await app.StartAsync();
        wire = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            // Whatever host a request names, it is this server that is asked.
            ConnectCallback = async (_, ct) =>
            {
                var connection = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await connection.ConnectAsync(endpoint, ct);
                return new NetworkStream(connection, ownsSocket: true);
            },
        });
    }

    /// <summary>What the default tenant signs with, for tokens nobody should have got.</summary>
    public async Task<SigningKey> FindSigningKeyAsync(string algorithm) =>
        await App.Services.GetRequiredService<KeyRings>().GetSigningKeyAsync(TenantId.Default, algorithm, CancellationToken.None);

    /// <summary>The link's token while setup is open.</summary>
    public Task<string?> FindSetupTokenAsync() => App.Services.GetRequiredService<SetupToken>().FindAsync(CancellationToken.None);

    /// <summary>Ends this node and leaves the database, for others to go on with.</summary>
    public async Task StopAsync()
    {
        wire?.Dispose();
        if (app is { } running)
        {
            app = null;
            await running.StopAsync();
            await running.DisposeAsync();
        }

        if (pools is { } own)
        {
            pools = null;
            await own.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();

        if (first is null)
        {
            await database.DisposeAsync();
        }
    }

    private WebApplication Build(HostSettings settings, Database over, Socket socket, IPEndPoint endpoint)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "signet" });
        builder.Services.AddTelemetry(new TelemetryOptions(null, null, "0.0.0", JsonLogs: false, LogLevel.Information));
        builder.Logging.ClearProviders().AddProvider(LogWatch.Shared);
        builder.Services.AddSignet(settings, over, Secrets());
        builder.Services.AddSignetRoles(settings.Roles);
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Services.AddSingleton(_ => new OutboundHttp(new OutboundOptions(Development: true), ResolveAsync));
        var (certificate, chain) = settings.Tls is { } tls ? ListenTls.Load(tls.Certificate, tls.Key) : default;
        builder.WebHost.UseSockets(sockets => sockets.CreateBoundListenSocket = wanted => wanted.Equals(endpoint) ? socket : SocketTransportOptions.CreateDefaultBoundListenSocket(wanted));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.LimitRequests();
            kestrel.Listen(endpoint);
            foreach (var own in settings.Tls?.Listen ?? [])
            {
                kestrel.ListenWithTls(own, certificate!, chain!);
            }
        });
        return builder.Build();
    }

    private HostSettings Settings(IPEndPoint endpoint) => new()
    {
        DataFolder = Path.Combine(Repository.Artifacts, "tmp"),
        Listen = [endpoint],
        PublicUrl = new Uri(Issuer),
        BaseDomain = "localhost",
        Roles = Roles.All,
        DatabaseUrl = database.Address.ConnectionString,
        Schema = database.Address.Schema,
        DatabasePool = 16,
        TrustedProxies = ((TrustedProxies.Parsed.Valid)TrustedProxies.Parse("127.0.0.1")).Proxies,
        EnableSetup = enableSetup,
        SecretsFolder = "",
        LogFormat = LogFormat.Text,
        LogLevel = LogLevel.Warning,
    };

    // The names of our receivers; one of them leads to where nobody of the outside has business.
    private static Task<IPAddress[]> ResolveAsync(string host, CancellationToken ct) =>
        Task.FromResult<IPAddress[]>([host == InsideName ? IPAddress.Parse("10.0.0.1") : IPAddress.Loopback]);

    private static BootstrapSecrets Secrets() => BootstrapSecrets.Load(secret =>
        new SecretSource.Value(Convert.ToHexString([.. Enumerable.Repeat((byte)(0x51 + (int)secret), 32)])));

    private static InvalidOperationException NotStarted() => new("The server has not been started.");
}
