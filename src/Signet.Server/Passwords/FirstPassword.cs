using System.Security.Cryptography;

namespace Signet.Server.Passwords;

/// <summary>A password for somebody who has none to choose one with yet: 100 random bits, in groups that can be read out. Shown once.</summary>
public static class FirstPassword
{
    // Without letters and digits that are taken for each other.
    private const string Alphabet = "abcdefghjkmnpqrstuvwxyz23456789";

    public static string Make() => string.Join('-', Enumerable.Range(0, 4).Select(_ => RandomNumberGenerator.GetString(Alphabet, 5)));
}
