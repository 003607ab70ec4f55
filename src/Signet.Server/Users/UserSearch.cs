using Signet.Platform.Crypto;
using Signet.Platform.Data;

namespace Signet.Server.Users;

/// <summary>
/// Finds people by the beginnings of the words of their name and address, without the database seeing either: each beginning of two to ten
/// letters is stored as a keyed hash. What the database learns is which rows share a beginning, and no more.
/// </summary>
internal static class UserSearch
{
    private const int Shortest = 2;
    private const int Longest = 10;
    private const int MostTerms = 120;

    public static byte[][] TermsOf(BlindIndex index, TenantId tenant, EmailAddress email, string? displayName) =>
        [.. Words($"{email.Value} {displayName}")
            .SelectMany(Beginnings)
            .Append(email.Normalised)
            .Distinct(StringComparer.Ordinal)
            .Take(MostTerms)
            .Select(term => Hash(index, tenant, term))];

    /// <summary>What a row must have all of, the longest beginning first, which fewest have; null where the text has nothing to look for.</summary>
    public static byte[][]? TermsFor(BlindIndex index, TenantId tenant, string? text)
    {
        if (EmailAddress.TryParse(text) is { } whole)
        {
            return [Hash(index, tenant, whole.Normalised)];
        }

        var words = Words(text ?? "").Where(word => word.Length >= Shortest).Select(word => word[..Math.Min(word.Length, Longest)]).OrderByDescending(word => word.Length).ToList();
        return words.Count == 0 ? null : [.. words.Select(word => Hash(index, tenant, word))];
    }

    private static byte[] Hash(BlindIndex index, TenantId tenant, string term) => index.Of(tenant, "users.search_terms", term);

    private static string[] Words(string text) =>
        Nfkc.Normalize(text).ToLowerInvariant()
            .Split([' ', '@', '.', '-', '_', '+', '\t', ','], StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string> Beginnings(string word)
    {
        for (var length = Shortest; length <= Math.Min(word.Length, Longest); length++)
        {
            yield return word[..length];
        }
    }
}
