using System.Text.Json;
using Signet.OAuth.Authorization;

namespace Signet.OAuth.Tokens;

/// <summary>RFC 6749 §5.1: a successful answer of the token endpoint. Goes out with no-store.</summary>
/// <param name="AccessToken">The access token.</param>
/// <param name="ExpiresIn">Its lifetime from now.</param>
/// <param name="Scope">What was granted. Always sent, so that a client sees where it got less than it asked for.</param>
public sealed record TokenResponse(string AccessToken, TimeSpan ExpiresIn, ScopeSet Scope)
{
    /// <summary>
    /// RFC 6749 §7.1: <c>Bearer</c>, or <c>DPoP</c> where the token is bound to a key (RFC 9449 §5), or <c>N_A</c> where an exchange gave something that
    /// is no access token (RFC 8693 §2.2.1).
    /// </summary>
    public string TokenType { get; init; } = "Bearer";

    /// <summary>A refresh token.</summary>
    public string? RefreshToken { get; init; }

    /// <summary>An ID token (OIDC Core §3.1.3.3).</summary>
    public string? IdToken { get; init; }

    /// <summary>RFC 8693 §2.2.1: required in the answer to a token exchange, one of <see cref="TokenExchange.TokenTypes"/>.</summary>
    public string? IssuedTokenType { get; init; }

    /// <summary>RFC 9396 §7: what was granted, where the client asked in detail.</summary>
    public AuthorizationDetails? AuthorizationDetails { get; init; }

    /// <summary>The body.</summary>
    public byte[] ToUtf8Json() => ClaimsJson.ToUtf8(WriteTo);

    /// <summary>Writes the body.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("access_token"u8, AccessToken);
        writer.Optional("issued_token_type"u8, IssuedTokenType);
        writer.WriteString("token_type"u8, TokenType);
        writer.WriteNumber("expires_in"u8, (long)ExpiresIn.TotalSeconds);
        writer.Optional("refresh_token"u8, RefreshToken);
        writer.Optional("scope"u8, Scope);
        writer.Optional("id_token"u8, IdToken);
        writer.Optional("authorization_details"u8, AuthorizationDetails);
        writer.WriteEndObject();
    }

    /// <summary>Without the tokens, so that no log can have them.</summary>
    public override string ToString() => $"TokenResponse {{ TokenType = {TokenType}, Scope = {Scope} }}";
}
