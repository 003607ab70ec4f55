using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using Signet.Platform;
using Signet.Platform.Migrations;
using Signet.Server.Settings;

namespace Signet.Host.Cli;

/// <summary><c>signet migrate up|status</c>: before a new version goes live, in the pipeline.</summary>
internal static class MigrateCommand
{
    public static Command Make()
    {
        var up = new Command("up", "Bring the schema to this version's.");
        up.SetAction((parsed, ct) => RunAsync(parsed, UpAsync, ct));
        var json = Output.JsonOption();
        var status = new Command("status", "What has been applied and what is pending.") { json };
        status.SetAction((parsed, ct) => RunAsync(parsed, (host, token) => StatusAsync(host, parsed.GetValue(json), token), ct));
        return new Command("migrate", "The database schema.") { up, status };
    }

    private static async Task<int> RunAsync(ParseResult parsed, Func<OpenedHost, CancellationToken, Task<int>> work, CancellationToken ct)
    {
        if (HostOptions.ReadSettings(parsed) is not SettingsReading.Valid { Settings: var settings })
        {
            return Output.Fail(((SettingsReading.Invalid)HostOptions.ReadSettings(parsed)).Faults);
        }

        try
        {
            await using var opened = await OpenedHost.OpenAsync(settings, NullLogger.Instance, ct);
            return await work(opened, ct);
        }
        catch (StartRefusedException refused)
        {
            return Output.Fail(refused.Message);
        }
    }

    private static async Task<int> UpAsync(OpenedHost host, CancellationToken ct)
    {
        var applied = await host.Migrator.ApplyAsync(ct);
        Output.Lines(applied.Select(migration => $"applied {migration}"));
        Output.Line((await host.Migrator.GetStateAsync(ct)).Advice);
        return 0;
    }

    private static async Task<int> StatusAsync(OpenedHost host, bool json, CancellationToken ct)
    {
        var applied = await host.Migrator.ListAppliedAsync(ct);
        var state = await host.Migrator.GetStateAsync(ct);
        if (json)
        {
            Output.Json(new { state = state.GetType().Name, state.Advice, applied });
        }
        else
        {
            Output.Table(applied, row => $"{row.Version:0000}", row => row.Name, row => row.Status, row => $"{row.CompletedAt:u}");
            Output.Line(state.Advice);
        }

        return state is MigrationState.UpToDate ? 0 : 1;
    }
}
