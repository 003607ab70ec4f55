namespace Signet.Server.Keys;

/// <summary>What this server signs with, by the fully-specified names of RFC 9864.</summary>
public static class SigningAlgorithms
{
    public static readonly IReadOnlyList<string> All = ["ES256", "RS256", "PS256", "ES384", "ES512", "Ed25519", "Ed448"];

    /// <summary>The name in its own spelling; null where it is none of them. People may write it in any case.</summary>
    public static string? TryParse(string text) => All.FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
}
