using System.Text.RegularExpressions;

namespace Signet.Server.Webhooks;

/// <summary>Which events a webhook is told of: a whole action (<c>users.created</c>), all that begin with whole words (<c>users.*</c>), or all (<c>*</c>).</summary>
public static partial class EventPattern
{
    public const string Form = "is to be an action such as users.created, a beginning such as users.*, or *";
    private const int Longest = 100;

    public static bool IsPattern(string text) => text == "*" || (text.Length <= Longest && Pattern().IsMatch(text));

    public static bool Matches(string pattern, string action) => pattern switch
    {
        "*" => true,
        [.. var beginning, '*'] => action.StartsWith(beginning, StringComparison.Ordinal),
        _ => pattern == action,
    };

    [GeneratedRegex(@"^[a-z_]+(\.[a-z_]+)*(\.\*|\.[a-z_]+)\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Pattern();
}
