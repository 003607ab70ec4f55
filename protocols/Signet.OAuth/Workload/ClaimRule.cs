using System.Text.Json;

namespace Signet.OAuth.Workload;

/// <summary>
/// One claim a workload's token must have: exactly this value, or, where the rule says so, one of this pattern. A pattern's <c>*</c> stands for any
/// characters of this one claim, also none; nothing else is special.
/// </summary>
/// <param name="Claim">The name of a claim at the top level of the token.</param>
/// <param name="Value">The value or pattern. Numbers and booleans are compared as JSON writes them.</param>
/// <param name="IsPattern">Whether <c>*</c> is special.</param>
public sealed record ClaimRule(string Claim, string Value, bool IsPattern = false)
{
    /// <summary>The most characters of a value or pattern, and of a claim that is looked at.</summary>
    public const int MaxLength = 1024;

    /// <summary>The most stars of a pattern.</summary>
    public const int MaxStars = 4;

    /// <summary>Whether the claims have it. A claim that is an array, an object, or null has no value that could be compared.</summary>
    /// <param name="claims">Claims that were read strictly.</param>
    public bool Holds(JsonElement claims)
    {
        if (!claims.TryGetProperty(Claim, out var claim))
        {
            return false;
        }

        var text = claim.ValueKind switch
        {
            JsonValueKind.String => claim.GetString(),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => claim.GetRawText(),
            _ => null,
        };
        return text is { Length: > 0 and <= MaxLength } && (IsPattern ? Matches(Value, text) : text == Value);
    }

    // The parts between the stars, each at its first place after the one before: with stars alone this never has to go back.
    private static bool Matches(string pattern, ReadOnlySpan<char> text)
    {
        var parts = pattern.Split('*');
        if (parts.Length == 1)
        {
            return text.SequenceEqual(pattern);
        }

        if (!text.StartsWith(parts[0], StringComparison.Ordinal))
        {
            return false;
        }

        text = text[parts[0].Length..];
        foreach (var part in parts[1..^1])
        {
            var at = text.IndexOf(part, StringComparison.Ordinal);
            if (at < 0)
            {
                return false;
            }

            text = text[(at + part.Length)..];
        }

        return text.EndsWith(parts[^1], StringComparison.Ordinal);
    }
}
