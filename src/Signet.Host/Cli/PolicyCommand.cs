using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using Signet.Server.Policy;
using Signet.Server.Settings;

namespace Signet.Host.Cli;

/// <summary><c>signet policy check</c>: whether a policy can be used, before a server meets it. Needs no database.</summary>
internal static class PolicyCommand
{
    public static Command Make() => new("policy", "Which scopes the routes ask of access tokens.") { Check() };

    private static Command Check()
    {
        var folder = new Option<string?>("--dir") { Description = "The policy folder; the same as POLICY_DIR. Without either, the built-in policy, or OPA at OPA_URL." };
        var json = Output.JsonOption();
        var command = new Command("check", "Read the policy as the server would, and print its rules; of OPA, ask whether it answers.") { folder, json };
        command.SetAction((parsed, ct) => RunAsync(parsed, parsed.GetValue(folder), parsed.GetValue(json), ct));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, string? folder, bool json, CancellationToken ct)
    {
        var find = HostOptions.Finder(parsed, (KnownSettings.PolicyFolder, folder));
        // A folder that is named is meant, whatever else is set.
        var reading = ReadSettings.Run(name => folder is not null && name == KnownSettings.OpaUrl.Name ? null : find(name));
        if (reading is SettingsReading.Invalid invalid)
        {
            return Output.Fail(invalid.Faults);
        }

        return await CheckPolicy.RunAsync(((SettingsReading.Valid)reading).Settings, NullLogger.Instance, ct) switch
        {
            PolicyCheck.Rules rules => Print(rules, json),
            PolicyCheck.OpaAnswers => Say("OPA answers for data.signet.authz."),
            PolicyCheck.Unusable unusable => Output.Fail(unusable.Fault),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static int Print(PolicyCheck.Rules read, bool json)
    {
        if (json)
        {
            Output.Json(read.All);
            return 0;
        }

        Output.Table(read.All, rule => rule.Method, rule => rule.Path, rule => rule.Scopes.Count == 0 ? "-" : string.Join(' ', rule.Scopes));
        return Say($"{read.All.Count} rules");
    }

    private static int Say(string line)
    {
        Output.Line(line);
        return 0;
    }
}
