namespace Signet.Server.OAuth;

/// <summary>What can happen when an application presents an authorization code.</summary>
public abstract record CodeRedemption
{
    private CodeRedemption()
    {
    }

    public sealed record Granted(Authorized Authorized, string? Nonce) : CodeRedemption;

    public sealed record Unknown : CodeRedemption;

    /// <summary>The code was right, and the proof key or the redirect URI was not. The code is used up all the same.</summary>
    public sealed record Mismatched : CodeRedemption;

    /// <summary>RFC 6749 §4.1.2: a code presented twice takes every token it produced with it.</summary>
    public sealed record Replayed(GrantId Grant) : CodeRedemption;
}
