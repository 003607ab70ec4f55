using System.Globalization;
using System.Text.RegularExpressions;

namespace Signet.Platform.Crypto;

/// <summary>
/// An Argon2id hash with all that is needed to verify it. Its text is the PHC string <c>$argon2id$v=19$m=…,t=…,p=…$salt$hash</c>,
/// base64 without padding, the three parameters in this order.
/// </summary>
public sealed partial class Argon2Hash(Argon2Cost cost, byte[] salt, byte[] hash)
{
    public Argon2Cost Cost => cost;

    public byte[] Salt => salt;

    public byte[] Hash => hash;

    /// <summary>Null unless it is Argon2id, version 1.3, with a salt of 8 to 64 bytes, a hash of 16 to 64, and a cost within limits.</summary>
    public static Argon2Hash? TryParse(string? text)
    {
        if (text is null or { Length: > 300 } || Phc().Match(text) is not { Success: true } match)
        {
            return null;
        }

        var cost = new Argon2Cost(Number(match, "m"), Number(match, "t"), Number(match, "p"));
        return cost.IsWithinLimits
            && TryDecode(match.Groups["salt"].Value) is { Length: >= 8 and <= 64 } salt
            && TryDecode(match.Groups["hash"].Value) is { Length: >= 16 and <= 64 } hash
                ? new Argon2Hash(cost, salt, hash)
                : null;
    }

    /// <summary>Whether a new hash of the same password at <paramref name="wanted"/> would be stronger, or has lengths of our own.</summary>
    public bool NeedsUpgrade(Argon2Cost wanted) =>
        cost.MemoryKib < wanted.MemoryKib || cost.Iterations < wanted.Iterations || cost.Parallelism < wanted.Parallelism
        || salt.Length < Argon2id.SaltLength || hash.Length < Argon2id.HashLength;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"$argon2id$v=19$m={cost.MemoryKib},t={cost.Iterations},p={cost.Parallelism}${Encode(salt)}${Encode(hash)}");

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    private static byte[]? TryDecode(string text)
    {
        var bytes = new byte[64];
        return Convert.TryFromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='), bytes, out var written) ? bytes[..written] : null;
    }

    [GeneratedRegex(
        """^\$argon2id\$v=19\$m=(?<m>[1-9][0-9]{0,7}),t=(?<t>[1-9][0-9]{0,4}),p=(?<p>[1-9][0-9]{0,2})\$(?<salt>[A-Za-z0-9+/]{11,86})\$(?<hash>[A-Za-z0-9+/]{22,86})\z""",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 100)]
    private static partial Regex Phc();
}
