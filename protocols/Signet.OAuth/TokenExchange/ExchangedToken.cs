namespace Signet.OAuth.TokenExchange;

/// <summary>RFC 8693 §2.1: a token that is brought to be exchanged, not yet looked at.</summary>
/// <param name="Token">The token.</param>
/// <param name="Type">One of <see cref="TokenTypes"/>.</param>
public sealed record ExchangedToken(string Token, string Type)
{
    /// <summary>Without the token, so that no log can have it.</summary>
    public override string ToString() => $"ExchangedToken {{ Type = {Type} }}";
}
