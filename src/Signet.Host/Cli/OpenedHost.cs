using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Signet.Platform;
using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Migrations;
using Signet.Platform.Outbox;
using Signet.Platform.Postgres;
using Signet.Server;
using Signet.Server.Settings;

namespace Signet.Host.Cli;

/// <summary>The ground every command and the server stand on: settings, the database (started where it is ours), the secrets.</summary>
internal sealed class OpenedHost : IAsyncDisposable
{
    private readonly PrivateCluster? cluster;

    private OpenedHost(HostSettings settings, PrivateCluster? cluster, Database database)
    {
        Settings = settings;
        this.cluster = cluster;
        Database = database;
    }

    public HostSettings Settings { get; }

    public Database Database { get; }

    /// <summary>The embedded database is ours to migrate; another's operator decides.</summary>
    public bool IsEmbedded => cluster is not null;

    public Migrator Migrator => new(Database, TimeProvider.System);

    /// <exception cref="StartRefusedException">Something of the machine or the configuration is in the way; the message says what.</exception>
    public static async Task<OpenedHost> OpenAsync(HostSettings settings, ILogger log, CancellationToken ct)
    {
        if (settings.DatabaseUrl is { } url)
        {
            var address = new DatabaseAddress(url, settings.DatabaseOwnerUrl ?? url, settings.Schema, settings.DatabasePool);
            return new OpenedHost(settings, null, new Database(address));
        }

        var embedded = await PrivateCluster.OpenAsync(
            new PrivateClusterOptions(settings.DataFolder)
            {
                BinFolder = settings.PostgresBinaries,
                SearchPath = HostOptions.SearchPath,
                PackageFolders = [Path.Combine(settings.DataFolder, "node_modules")],
            },
            log, ct);
        return new OpenedHost(
            settings, embedded,
            new Database(new DatabaseAddress(embedded.ConnectionString, embedded.ConnectionString, settings.Schema, settings.DatabasePool)));
    }

    /// <summary>The schema as this build wants it, or a refusal that says what to do.</summary>
    public Task RequireSchemaAsync(CancellationToken ct) => Migrator.RequireUpToDateAsync(applyPending: IsEmbedded, ct);

    public Task<BootstrapSecrets> LoadSecretsAsync(CancellationToken ct) => BootstrapSecrets.LoadOrCreateAsync(Settings.SecretsFolder, ct);

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        if (cluster is not null)
        {
            await cluster.DisposeAsync();
        }
    }
}

/// <summary>What a command works with: the same services the server has, none of its background work running.</summary>
internal sealed class CommandHost : IAsyncDisposable
{
    private readonly OpenedHost opened;
    private readonly ServiceProvider services;

    private CommandHost(OpenedHost opened, ServiceProvider services)
    {
        this.opened = opened;
        this.services = services;
    }

    /// <summary>Who the record says it was: the account at the command line.</summary>
    public Origin Origin { get; } = Origin.OfOperator(Environment.UserName, RequestId.New());

    public OpenedHost Opened => opened;

    public T Get<T>() where T : notnull => services.GetRequiredService<T>();

    /// <summary>Runs a command's work; what is in its way is said in one line, and its exit code is 1.</summary>
    public static async Task<int> RunAsync(ParseResult parsed, Func<CommandHost, CancellationToken, Task<int>> work, CancellationToken ct)
    {
        switch (HostOptions.ReadSettings(parsed))
        {
            case SettingsReading.Invalid invalid:
                return Output.Fail(invalid.Faults);
            case SettingsReading.Valid valid:
                try
                {
                    await using var host = await OpenAsync(valid.Settings, ct);
                    return await work(host, ct);
                }
                catch (Exception refused) when (refused is StartRefusedException or SecretUnusableException)
                {
                    return Output.Fail(refused.Message);
                }

            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await opened.DisposeAsync();
    }

    private static async Task<CommandHost> OpenAsync(HostSettings settings, CancellationToken ct)
    {
        var ground = await OpenedHost.OpenAsync(settings, NullLogger.Instance, ct);
        try
        {
            await ground.RequireSchemaAsync(ct);
            var wanted = new ServiceCollection();
            wanted.AddLogging();
            wanted.AddSignet(settings, ground.Database, await ground.LoadSecretsAsync(ct));
            return new CommandHost(ground, wanted.BuildServiceProvider());
        }
        catch
        {
            await ground.DisposeAsync();
            throw;
        }
    }
}
