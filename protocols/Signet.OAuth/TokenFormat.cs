using System.Security.Cryptography;

namespace Signet.OAuth;

/// <summary>The text of an opaque secret: a prefix that says what leaked, 256 random bits, and a checksum that lets a scanner tell a token from a lookalike.
/// Each kind has its own prefix, and none is read as another.</summary>
public sealed class TokenFormat
{
    /// <summary>The random bytes of a token.</summary>
    public const int SecretSize = 32;

    private const int BodyLength = 43;
    private const int ChecksumLength = 6;

    private TokenFormat(string prefix) => Prefix = prefix;

    /// <summary>Authorization codes.</summary>
    public static TokenFormat AuthorizationCode { get; } = new("sgt_ac_");

    /// <summary>Refresh tokens.</summary>
    public static TokenFormat RefreshToken { get; } = new("sgt_rt_");

    /// <summary>Client secrets.</summary>
    public static TokenFormat ClientSecret { get; } = new("sgt_cs_");

    /// <summary>Secrets of agents.</summary>
    public static TokenFormat AgentSecret { get; } = new("sgt_as_");

    /// <summary>API keys.</summary>
    public static TokenFormat ApiKey { get; } = new("sgt_ak_");

    /// <summary>Session cookies.</summary>
    public static TokenFormat Session { get; } = new("sgt_ss_");

    /// <summary>Secrets that webhooks are signed with.</summary>
    public static TokenFormat WebhookSecret { get; } = new("sgt_wh_");

    /// <summary>What a backchannel request is asked after with (CIBA Core §7.3).</summary>
    public static TokenFormat BackchannelRequest { get; } = new("sgt_br_");

    /// <summary>Tokens that register one agent.</summary>
    public static TokenFormat BootstrapToken { get; } = new("sgt_bt_");

    /// <summary>Every kind.</summary>
    public static IReadOnlyList<TokenFormat> All { get; } =
        [AuthorizationCode, RefreshToken, ClientSecret, AgentSecret, ApiKey, Session, WebhookSecret, BootstrapToken, BackchannelRequest];

    /// <summary>How every token of the kind starts.</summary>
    public string Prefix { get; }

    /// <summary>The length of every token of the kind.</summary>
    public int Length => Prefix.Length + BodyLength + ChecksumLength;

    /// <summary>The kind of a text that is a whole token with a right checksum, else null: for endpoints that take in leaked secrets.</summary>
    public static TokenFormat? Recognize(ReadOnlySpan<char> text)
    {
        Span<byte> secret = stackalloc byte[SecretSize];
        foreach (var format in All)
        {
            if (format.TryParse(text, secret))
            {
                return format;
            }
        }

        return null;
    }

    /// <summary>A new token of 256 random bits.</summary>
    public string Make()
    {
        Span<byte> secret = stackalloc byte[SecretSize];
        RandomNumberGenerator.Fill(secret);
        return Format(secret);
    }

    /// <summary>The token of these 32 bytes.</summary>
    /// <exception cref="ArgumentException">There are not 32 bytes.</exception>
    public string Format(ReadOnlySpan<byte> secret)
    {
        if (secret.Length != SecretSize)
        {
            throw new ArgumentException("A token holds 32 bytes.", nameof(secret));
        }

        Span<char> text = stackalloc char[Length];
        Prefix.CopyTo(text);
        Base62.Write(secret, text[Prefix.Length..^ChecksumLength]);
        Base62.Write(Crc32.Compute(text[..^ChecksumLength]), text[^ChecksumLength..]);
        return new(text);
    }

    /// <summary>The 32 bytes of a token of this kind: what to hash and look up. A wrong prefix, length, letter or checksum is no token.</summary>
    /// <param name="text">Untrusted text.</param>
    /// <param name="secret">Receives the bytes; at least 32 long.</param>
    public bool TryParse(ReadOnlySpan<char> text, Span<byte> secret)
    {
        if (text.Length != Length || !text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        return Base62.TryRead(text[^ChecksumLength..], out var checksum)
            && checksum == Crc32.Compute(text[..^ChecksumLength])
            && Base62.TryRead(text[Prefix.Length..^ChecksumLength], secret[..SecretSize]);
    }

    /// <summary>Whether the text is a token of this kind in form. Says nothing of its being known to anybody.</summary>
    public bool IsToken(ReadOnlySpan<char> text)
    {
        Span<byte> secret = stackalloc byte[SecretSize];
        return TryParse(text, secret);
    }

    /// <summary>The prefix.</summary>
    public override string ToString() => Prefix;
}
