using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Platform.Telemetry;
using Signet.Server;
using Signet.Server.Clients;
using Signet.Server.Passwords;
using Signet.Server.Permissions;
using Signet.Server.Settings;
using Signet.Server.Tenants;
using Signet.Server.Users;
using Signet.Testing;
using Xunit;

namespace Server.Tests.BadInput;

/// <summary>The whole composition on a port of its own, with an owner, a user and an application in it. It believes the client address it is told.</summary>
public sealed partial class WholeServer : IAsyncLifetime
{
    private readonly TestDatabase database = new();
    private readonly string folder = Repository.NewFolder("bad-input");
    private WebApplication? app;

    /// <summary>Follows no redirect, keeps no cookie.</summary>
    public HttpClient Client { get; private set; } = null!;

    public IReadOnlyList<RouteEndpoint> Endpoints { get; private set; } = [];

    public IServiceProvider Services => app!.Services;

    /// <summary>For looking at what no interface shows.</summary>
    public TestDatabase Database => database;

    public Tenant Tenant { get; private set; } = null!;

    public User Owner { get; private set; } = null!;

    /// <summary>What it logged as a warning or worse.</summary>
    public LoudLog Log { get; } = new();

    /// <summary>A key with every permission.</summary>
    public AuthenticationHeaderValue ApiKey { get; private set; } = null!;

    public AuthenticationHeaderValue Application { get; private set; } = null!;

    public string ApplicationId { get; private set; } = "";

    public string UserId { get; private set; } = "";

    /// <summary>Cookie and form field with which a browser's forms are believed.</summary>
    public (string Cookie, string Field) Browser { get; private set; }

    public async ValueTask InitializeAsync()
    {
        await database.InitializeAsync();
        var settings = ((SettingsReading.Valid)ReadSettings.Run(Find)).Settings;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddTelemetry(new TelemetryOptions(null, OtlpHeaders: null, "0.0.0", JsonLogs: true, LogLevel.Warning));
        builder.Logging.ClearProviders().AddProvider(Log);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.LimitRequests();
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        builder.Services.AddSignet(settings, database.Database, await BootstrapSecrets.LoadOrCreateAsync(settings.SecretsFolder, CancellationToken.None));
        app = builder.Build();
        app.UseSignet();
        await app.StartAsync();
        Endpoints = [.. app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];
        var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
            ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1,
        })
        {
            BaseAddress = new Uri($"http://localhost:{address.Port}"),
        };
        await PopulateAsync();
        Browser = await OpenPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (app is not null)
        {
            await app.DisposeAsync();
        }

        await database.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private SettingValue? Find(string name) => name switch
    {
        "SIGNET_DATA" => new(folder, "option"),
        "ENABLE_SETUP" => new("true", "option"),
        "TRUSTED_PROXIES" => new("127.0.0.1,::1", "option"),
        _ => null,
    };

    private async Task PopulateAsync()
    {
        var origin = Origin.OfOperator("test", RequestId.New());
        var tenant = await Services.GetRequiredService<TenantDirectory>().FindBySlugAsync("default", CancellationToken.None);
        Tenant = tenant!;
        var users = Services.GetRequiredService<CreateUser>();
        var owner = await users.RunAsync(
            Tenant.Id, origin, new(EmailAddress.TryParse("owner@example.test")!.Value, true, "Owner", "correct horse battery staple", Role.Owner), CancellationToken.None);
        Owner = owner!;
        var user = await users.RunAsync(
            Tenant.Id, origin, new(EmailAddress.TryParse("user@example.test")!.Value, true, "User", null, Role.User), CancellationToken.None);
        UserId = user!.Id.ToString();
        var hash = Services.GetRequiredService<SecretHash>();
        var db = Services.GetRequiredService<Db>();
        var key = await db.InTenantAsync(Tenant.Id, tx => CreateApiKey.RunAsync(
            tx, origin, hash, owner!.Id.Value, new("everything", Enum.GetValues<Permission>()), CancellationToken.None), CancellationToken.None);
        ApiKey = new AuthenticationHeaderValue("Bearer", key.Secret);
        var wish = new CreateClient.Request("demo", Enum.GetValues<Grant>(), ["http://localhost:9799/cb"], Scopes: ["openid", "profile", "email", "offline_access"]);
        var client = await db.InTenantAsync(Tenant.Id, tx => CreateClient.RunAsync(
            tx, origin, hash, wish.ToMetadata(), ClientKind.Confidential, CancellationToken.None), CancellationToken.None);
        ApplicationId = client.Client.ClientId.ToString();
        Application = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{ApplicationId}:{client.ClientSecret}")));
    }

    private async Task<(string Cookie, string Field)> OpenPageAsync()
    {
        using var page = await Client.GetAsync(new Uri("/sign-in", UriKind.Relative));
        var field = Token().Match(await page.Content.ReadAsStringAsync()).Groups["value"].Value;
        Assert.NotEmpty(field);
        return (page.Headers.GetValues("Set-Cookie").First(cookie => cookie.Contains("signet_browser")).Split(';')[0], field);
    }

    [GeneratedRegex("name=\"_token\"[^>]*value=\"(?<value>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();
}
