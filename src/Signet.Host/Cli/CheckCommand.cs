using System.CommandLine;
using Signet.Server.Settings;

namespace Signet.Host.Cli;

/// <summary><c>signet check</c>: every setting with its value and source, secrets masked, and what is wrong with them.</summary>
internal static class CheckCommand
{
    public static Command Make()
    {
        var json = Output.JsonOption();
        var command = new Command("check", "Print the settings, where each comes from, and what is wrong with them.") { json };
        command.SetAction(parsed => Run(parsed, parsed.GetValue(json)));
        return command;
    }

    private static int Run(ParseResult parsed, bool json)
    {
        var find = HostOptions.Finder(parsed);
        var rows = KnownSettings.All.Select(setting => Describe(setting, find(setting.Name))).ToList();
        var reading = ReadSettings.Run(find);
        var faults = reading is SettingsReading.Invalid invalid ? invalid.Faults : [];
        var warnings = reading is SettingsReading.Valid valid ? valid.Warnings : [];
        if (json)
        {
            Output.Json(new { settings = rows, faults, warnings });
        }
        else
        {
            Output.Table(rows, row => row.Name, row => row.Value, row => row.Source);
            Output.Lines(warnings.Select(warning => $"warning: {warning}"));
        }

        return faults.Count == 0 ? 0 : Output.Fail(faults);
    }

    private static Row Describe(Setting setting, SettingValue? value) =>
        value is { Text.Length: > 0 }
            ? new(setting.Name, setting.Secret ? "(set)" : value.Text, value.Source)
            : new(setting.Name, setting.Fallback, "default");

    private sealed record Row(string Name, string Value, string Source);
}
