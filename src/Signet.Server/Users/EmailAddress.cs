using Signet.Platform.Crypto;

namespace Signet.Server.Users;

/// <summary>
/// A mailbox address, trimmed. RFC 5321 §4.5.3.1 bounds its length. Not stricter than that: only a delivered mail proves that a mailbox exists.
/// Two addresses are the same person's when they differ in case only; providers that tell them apart do not exist in practice.
/// </summary>
public readonly record struct EmailAddress
{
    private readonly string? value;

    private EmailAddress(string value) => this.value = value;

    public string Value => value ?? throw new InvalidOperationException("default(EmailAddress)");

    /// <summary>The one spelling under which it is looked up.</summary>
    public string Normalised => Nfkc.Normalize(Value).ToLowerInvariant();

    public string LocalPart => Value[..Value.LastIndexOf('@')];

    public static EmailAddress? TryParse(string? text)
    {
        if (text?.Trim() is not { Length: >= 3 and <= 254 } address || address.LastIndexOf('@') is not (> 0 and <= 64 and var at))
        {
            return null;
        }

        var domain = address[(at + 1)..];
        return IsWord(address.AsSpan(0, at)) && IsWord(domain) && !domain.StartsWith('.') && !domain.EndsWith('.') && !address[..at].Contains('@', StringComparison.Ordinal)
            ? new EmailAddress(address)
            : null;
    }

    public override string ToString() => Value;

    // Visible characters only, and none that mail headers, HTML or logs give a meaning of their own.
    private static bool IsWord(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (char.IsControl(c) || char.IsWhiteSpace(c) || char.IsSurrogate(c) || c is '<' or '>' or '"' or '(' or ')' or ',' or ';' or ':' or '\\' or '[' or ']')
            {
                return false;
            }
        }

        return text.Length > 0;
    }
}
