using System.CommandLine;
using Signet.Server.Settings;

namespace Signet.Host.Cli;

/// <summary><c>signet serve</c>: the server, in all roles or some.</summary>
internal static class ServeCommand
{
    public static Command Make()
    {
        var port = new Option<int?>("--port") { Description = "Listen on this port of the machine itself, and be reached there." };
        var host = new Option<string?>("--host") { Description = "Name under which people reach it; https unless it is this machine's own." };
        var roles = new Option<string?>("--roles") { Description = "web, worker, scheduler; the same as SIGNET_ROLES." };
        var command = new Command("serve", "Run the server.") { port, host, roles };
        command.SetAction((parsed, ct) => RunAsync(parsed, parsed.GetValue(port), parsed.GetValue(host), parsed.GetValue(roles), ct));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, int? port, string? host, string? roles, CancellationToken ct)
    {
        var reading = HostOptions.ReadSettings(
            parsed,
            (KnownSettings.Listen, port is { } number ? $"127.0.0.1:{number},[::1]:{number}" : null),
            (KnownSettings.PublicUrl, PublicUrl(port, host)),
            (KnownSettings.Roles, roles));
        return reading switch
        {
            SettingsReading.Valid valid => await RunServer.RunAsync(valid.Settings, valid.Warnings, ct),
            SettingsReading.Invalid invalid => Output.Fail(invalid.Faults),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    // A name of this machine is reached at the port itself; any other through a proxy that speaks https for it.
    private static string? PublicUrl(int? port, string? host) => (port, host) switch
    {
        (null, null) => null,
        (_, null) => $"http://localhost:{port}",
        _ when host is "localhost" or "127.0.0.1" || host.EndsWith(".localhost", StringComparison.Ordinal) => $"http://{host}:{port ?? 8080}",
        _ => $"https://{host}",
    };
}
