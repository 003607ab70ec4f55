using System.CommandLine;
using Signet.Server.Settings;

namespace Signet.Host.Cli;

/// <summary>Options every command understands, and the only reader of environment variables and secret files in the whole of Signet.</summary>
internal static class HostOptions
{
    public static readonly Option<string?> Data = new("--data")
    {
        Description = "Data folder; the same as SIGNET_DATA.",
        Recursive = true,
    };

#pragma warning disable RS0030 // This is the one place that reads the environment.
    public static string SearchPath => Environment.GetEnvironmentVariable("PATH") ?? "";
#pragma warning restore RS0030

    /// <summary>An option of the command line wins over a variable, a variable over its file.</summary>
    public static SettingsReading ReadSettings(ParseResult command, params (Setting Setting, string? Value)[] given) =>
        Server.Settings.ReadSettings.Run(Finder(command, given));

    public static Func<string, SettingValue?> Finder(ParseResult command, params (Setting Setting, string? Value)[] given)
    {
        var options = given.Append((KnownSettings.DataFolder, command.GetValue(Data)))
            .Where(option => option.Item2 is not null)
            .ToDictionary(option => option.Item1.Name, option => option.Item2!);
        return name => options.TryGetValue(name, out var option) ? new SettingValue(option, "option") : FromEnvironment(name);
    }

#pragma warning disable RS0030 // This is the one place that reads the environment.
    private static SettingValue? FromEnvironment(string name)
    {
        if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } text)
        {
            return new SettingValue(text, "environment");
        }

        return Environment.GetEnvironmentVariable($"{name}_FILE") is { Length: > 0 } path ? FromFile(name, path) : null;
    }
#pragma warning restore RS0030

    // A secret that can't be read must not become the setting's default.
    private static SettingValue FromFile(string name, string path)
    {
        try
        {
            return new SettingValue(File.ReadAllText(path).Trim(), "file");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return new SettingValue("", "file", $"{name}_FILE: {refused.Message}");
        }
    }
}
