using Signet.Platform.Http;
using Signet.Server.Agents;

namespace Signet.Server.Console;

/// <summary>Labels as a form has them: one a line, <c>key:value</c>.</summary>
internal static class LabelLines
{
    public static readonly Problem Refusal = AgentProblems.Invalid.WithError("labels", "is to be one label a line, as key:value, each key once");

    public static string Of(IReadOnlyDictionary<string, string> labels) =>
        string.Join('\n', labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}:{label.Value}"));

    /// <summary>Null where a line is none; whether labels may be so is for the use case to judge.</summary>
    public static IReadOnlyDictionary<string, string>? Read(string text)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (line.Split(':', 2) is not [{ Length: > 0 } key, var value] || !labels.TryAdd(key.Trim(), value.Trim()))
            {
                return null;
            }
        }

        return labels;
    }

    public static bool AreSame(string one, string other) => Read(one) is { } left && Read(other) is { } right && Of(left) == Of(right);
}
