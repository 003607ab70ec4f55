using Signet.Platform.Crypto;

namespace Signet.Server.Agents;

/// <summary>
/// The terms an agent is found by: beginnings of two to sixteen letters of the words of its address, the whole address, and each label.
/// </summary>
internal static class AgentSearch
{
    private const int Shortest = 2;
    private const int Longest = 16;

    public static string[] TermsOf(string email, IEnumerable<string> labels) =>
        [.. Words(email).SelectMany(Beginnings).Append(Whole(email)).Concat(labels.Select(Label)).Distinct(StringComparer.Ordinal)];

    /// <summary>What an agent must have all of; empty where there is nothing to look for.</summary>
    public static string[] TermsFor(string? text, IEnumerable<string>? labels) =>
        [.. TextTerms(text).Concat((labels ?? []).Select(Label)).Distinct(StringComparer.Ordinal)];

    private static IEnumerable<string> TextTerms(string? text) =>
        Users.EmailAddress.TryParse(text) is { } address
            ? [Whole(address.Value)]
            : Words(text ?? "").Where(word => word.Length >= Shortest).Select(word => word[..Math.Min(word.Length, Longest)]);

    // No word begins with either sign, so that neither an address nor a label is taken for one.
    private static string Whole(string email) => $"@{Normalise(email)}";

    private static string Label(string label) => $":{label}";

    private static string Normalise(string text) => Nfkc.Normalize(text).ToLowerInvariant();

    private static IEnumerable<string> Words(string text)
    {
        var all = Normalise(text);
        for (var at = 0; at < all.Length;)
        {
            var length = 0;
            while (at + length < all.Length && char.IsLetterOrDigit(all[at + length]))
            {
                length++;
            }

            if (length > 0)
            {
                yield return all.Substring(at, length);
            }

            at += length + 1;
        }
    }

    private static IEnumerable<string> Beginnings(string word)
    {
        for (var length = Shortest; length <= Math.Min(word.Length, Longest); length++)
        {
            yield return word[..length];
        }
    }
}
