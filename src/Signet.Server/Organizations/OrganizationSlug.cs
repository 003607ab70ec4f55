using System.Security.Cryptography;
using System.Text;
using Signet.Platform.Crypto;

namespace Signet.Server.Organizations;

/// <summary>An organization's name in URLs: 1 to 100 of <c>a-z</c>, <c>0-9</c> and <c>-</c>.</summary>
public static class OrganizationSlug
{
    public const int MaxLength = 100;

    public static bool IsValid(string text) =>
        text.Length is >= 1 and <= MaxLength && text.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');

    /// <summary>Made from the name; a name without a usable letter gives a random one.</summary>
    public static string From(string name)
    {
        var slug = new StringBuilder();
        foreach (var c in Nfkc.Normalize(name).ToLowerInvariant())
        {
            if (c is (>= 'a' and <= 'z') or (>= '0' and <= '9'))
            {
                slug.Append(c);
            }
            else if (slug.Length > 0 && slug[^1] != '-' && !char.IsAsciiLetterOrDigit(c))
            {
                slug.Append('-');
            }
        }

        var text = slug.ToString().Trim('-');
        return text.Length == 0 ? $"org-{Suffix()}" : text[..Math.Min(text.Length, 80)];
    }

    /// <summary>A variant for when the slug is taken.</summary>
    public static string Vary(string slug) => $"{slug[..Math.Min(slug.Length, 90)]}-{Suffix()}";

    private static string Suffix() => RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", 6);
}
