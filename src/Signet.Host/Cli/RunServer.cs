using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Signet.Platform;
using Signet.Platform.Crypto;
using Signet.Platform.Http;
using Signet.Platform.Telemetry;
using Signet.Server;
using Signet.Server.Policy;
using Signet.Server.Secrets;
using Signet.Server.Settings;
using Signet.Server.Setup;

namespace Signet.Host.Cli;

/// <summary>Starts the server in the order in which each step can refuse: database, schema, secrets, then the doors.</summary>
internal static class RunServer
{
    public static async Task<int> RunAsync(HostSettings settings, IReadOnlyList<string> warnings, CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "signet" });
        var telemetry = TelemetryOf(settings);
        builder.Services.AddTelemetry(telemetry);
        await using var early = new ServiceCollection().AddTelemetry(telemetry).BuildServiceProvider();
        try
        {
            await using var opened = await OpenedHost.OpenAsync(settings, early.GetRequiredService<ILoggerFactory>().CreateLogger("Signet.Postgres"), ct);
            await opened.RequireSchemaAsync(ct);
            builder.Services.AddSignet(settings, opened.Database, await opened.LoadSecretsAsync(ct));
            builder.Services.AddSignetRoles(settings.Roles);
            var tls = settings.Tls is { } own ? ListenTls.Load(own.Certificate, own.Key) : default;
            builder.WebHost.ConfigureKestrel(kestrel =>
            {
                kestrel.LimitRequests();
                foreach (var endpoint in settings.Listen)
                {
                    kestrel.Listen(endpoint);
                }

                foreach (var endpoint in settings.Tls?.Listen ?? [])
                {
                    kestrel.ListenWithTls(endpoint, tls.Certificate, tls.Chain);
                }
            });
            await using var app = builder.Build();
            await app.Services.GetRequiredService<CheckSecrets>().RunAsync(ct);
            app.UseSignet();
            using var hangup = ReloadOnHangup.Begin(app.Services.GetRequiredService<ReloadPolicy>());
            return await ServeAsync(app, settings, warnings, ct);
        }
        catch (Exception refused) when (refused is StartRefusedException or SecretUnusableException)
        {
            return Output.Fail(refused.Message);
        }
        catch (IOException refused) when (refused.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            return Output.Fail($"{KnownSettings.Listen.Name}: {refused.Message}");
        }
    }

    private static async Task<int> ServeAsync(WebApplication app, HostSettings settings, IReadOnlyList<string> warnings, CancellationToken ct)
    {
        await app.StartAsync(ct);
        Output.Lines(warnings.Select(warning => $"warning: {warning}"));
        Output.Line($"Signet is ready at {settings.Origin}");
        if (await app.Services.GetRequiredService<SetupToken>().FindAsync(ct) is { } token)
        {
            Output.Line($"Make the first administrator: {settings.Origin}/setup?token={token}");
        }

        await app.WaitForShutdownAsync(ct);
        return 0;
    }

    private static TelemetryOptions TelemetryOf(HostSettings settings) => new(
        settings.OtlpEndpoint, OtlpHeaders: null, typeof(RunServer).Assembly.GetName().Version!.ToString(3),
        settings.LogFormat is LogFormat.Json, settings.LogLevel);
}
