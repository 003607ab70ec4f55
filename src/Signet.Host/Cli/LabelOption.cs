using System.CommandLine;

namespace Signet.Host.Cli;

/// <summary><c>--label key:value</c>.</summary>
internal static class LabelOption
{
    public const string Fault = "--label: is to be key:value, each key once.";

    public static Option<string[]> Make(string description) => new("--label") { Description = description, DefaultValueFactory = _ => [] };

    /// <summary>Null where one is none; whether labels may be so is for the use case to judge.</summary>
    public static IReadOnlyDictionary<string, string>? Read(IEnumerable<string> given)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        return given.All(text => text.Split(':', 2) is [{ Length: > 0 } key, var value] && labels.TryAdd(key, value)) ? labels : null;
    }
}
