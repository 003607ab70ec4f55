using System.Text.RegularExpressions;
using Signet.Platform.Http;

namespace Signet.Server.Agents;

/// <summary>What agents are filed under: up to 32 keys with a value each. Kept as <c>key:value</c>, which is unambiguous as no key has a colon.</summary>
public static partial class AgentLabels
{
    internal const int Most = 32;
    private const int LongestValue = 128;

    public static IReadOnlyDictionary<string, string> None { get; } = new Dictionary<string, string>();

    /// <summary>Null where an agent may be filed so.</summary>
    public static Problem? Refuse(IReadOnlyDictionary<string, string>? labels) =>
        labels is null || (labels.Count <= Most && labels.All(label => IsLabel(label.Key, label.Value)))
            ? null
            : AgentProblems.Invalid.WithError("labels", $"is to be at most {Most}; a key is 1 to 63 small letters, digits and . _ / -, a value at most {LongestValue} characters");

    /// <summary>Null where one of them is no <c>key:value</c>.</summary>
    public static Problem? RefuseFilter(IReadOnlyList<string>? labels) =>
        labels is null || (labels.Count <= Most && labels.All(label => label.IndexOf(':') is > 0 and var at && IsLabel(label[..at], label[(at + 1)..])))
            ? null
            : AgentProblems.Invalid.WithError("label", "is to be key:value");

    internal static string[] ToRow(IReadOnlyDictionary<string, string> labels) =>
        [.. labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}:{label.Value}")];

    internal static IReadOnlyDictionary<string, string> OfRow(string[] labels) =>
        labels.Length == 0 ? None : labels.Select(label => label.Split(':', 2)).ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);

    // JSON may say null for a value.
    private static bool IsLabel(string key, string? value) => Key().IsMatch(key) && value is { Length: <= LongestValue } && !value.Any(char.IsControl);

    [GeneratedRegex(@"\A[a-z0-9._/-]{1,63}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Key();
}
