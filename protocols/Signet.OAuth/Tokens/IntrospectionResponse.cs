using System.Text.Json;
using Signet.OAuth.Authorization;
using Signet.OAuth.TokenExchange;

namespace Signet.OAuth.Tokens;

/// <summary>RFC 7662 §2.2: what there is to say about an active token.</summary>
public sealed record IntrospectionResponse
{
    /// <summary>RFC 7662 §2.2: all that is said about every other token, whatever is wrong with it.</summary>
    public static ReadOnlyMemory<byte> Inactive { get; } = "{\"active\":false}"u8.ToArray();

    /// <summary>The client the token was issued to.</summary>
    public required string ClientId { get; init; }

    /// <summary>The person or client it speaks for.</summary>
    public required string Subject { get; init; }

    /// <summary>When it ends.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it was issued.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>Who issued it.</summary>
    public required string Issuer { get; init; }

    /// <summary><c>Bearer</c> or <c>DPoP</c> for an access token; null for a refresh token.</summary>
    public string? TokenType { get; init; }

    /// <summary>What was granted.</summary>
    public ScopeSet Scope { get; init; } = ScopeSet.Empty;

    /// <summary>A name for people.</summary>
    public string? Username { get; init; }

    /// <summary>The resources it is for.</summary>
    public IReadOnlyList<string> Audience { get; init; } = [];

    /// <summary>The token's own id.</summary>
    public string? Id { get; init; }

    /// <summary>RFC 9449 §6.2, RFC 8705 §3.2: whose key or certificate must come with the token.</summary>
    public Confirmation? Confirmation { get; init; }

    /// <summary>RFC 8693 §4.1: who acts for the subject.</summary>
    public ActorClaim? Actors { get; init; }

    /// <summary>RFC 9396 §9.2.</summary>
    public AuthorizationDetails? AuthorizationDetails { get; init; }

    /// <summary>Further members; must not repeat a name.</summary>
    public Action<Utf8JsonWriter>? Further { get; init; }

    /// <summary>The body.</summary>
    public byte[] ToUtf8Json() => ClaimsJson.ToUtf8(WriteTo);

    /// <summary>Writes the body.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("active"u8, true);
        writer.Optional("scope"u8, Scope);
        writer.WriteString("client_id"u8, ClientId);
        writer.Optional("username"u8, Username);
        writer.Optional("token_type"u8, TokenType);
        writer.WriteNumber("exp"u8, ExpiresAt.ToUnixTimeSeconds());
        writer.WriteNumber("iat"u8, IssuedAt.ToUnixTimeSeconds());
        writer.WriteString("sub"u8, Subject);
        writer.Audience(Audience);
        writer.WriteString("iss"u8, Issuer);
        writer.Optional("jti"u8, Id);
        writer.Optional("cnf"u8, Confirmation);
        writer.Optional("act"u8, Actors, Issuer);
        writer.Optional("authorization_details"u8, AuthorizationDetails);
        Further?.Invoke(writer);
        writer.WriteEndObject();
    }
}
