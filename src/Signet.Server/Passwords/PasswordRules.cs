using Signet.Platform.Crypto;

namespace Signet.Server.Passwords;

/// <summary>What may become a password: 12 to 256 characters and no rule about which (NIST SP 800-63B §5.1.1.2).</summary>
public static class PasswordRules
{
    public const int MinLength = 12;
    public const int MaxLength = 256;

    /// <summary>What is wrong with it, as a sentence for the person; null if nothing is.</summary>
    public static string? Refuse(string password, string email)
    {
        // Counted in code points, in the form in which it is hashed: one emoji is one character.
        var length = Nfkc.Normalize(password).EnumerateRunes().Count();
        if (length < MinLength)
        {
            return $"Choose a password of at least {MinLength} characters.";
        }

        if (length > MaxLength)
        {
            return $"Choose a password of at most {MaxLength} characters.";
        }

        return password.Equals(email, StringComparison.OrdinalIgnoreCase) ? "Choose a password that is not your address." : null;
    }
}
