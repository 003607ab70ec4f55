using System.Text.Json;

namespace Signet.OAuth.Tokens;

/// <summary>The claims of an ID token (OIDC Core §2). <see href="https://openid.net/specs/openid-connect-core-1_0.html#IDToken"/></summary>
public sealed record IdTokenClaims
{
    /// <summary>The <c>typ</c> of the header.</summary>
    public const string Type = "JWT";

    /// <summary>Who issued it.</summary>
    public required string Issuer { get; init; }

    /// <summary>The person, as this client knows them.</summary>
    public required string Subject { get; init; }

    /// <summary>The client, its only audience.</summary>
    public required string ClientId { get; init; }

    /// <summary>When it was issued.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>When it ends.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When the person signed in.</summary>
    public required DateTimeOffset AuthenticatedAt { get; init; }

    /// <summary>That of the authorization request, unchanged.</summary>
    public string? Nonce { get; init; }

    /// <summary>OIDC Core §3.1.3.6, from <see cref="AccessTokenHash"/>.</summary>
    public string? AccessTokenHash { get; init; }

    /// <summary>OIDC Front-Channel Logout §3.</summary>
    public string? SessionId { get; init; }

    /// <summary>The authentication context that was reached.</summary>
    public string? AuthenticationContext { get; init; }

    /// <summary>Values of RFC 8176 §2.</summary>
    public IReadOnlyList<string> AuthenticationMethods { get; init; } = [];

    /// <summary>Written where it differs from the audience (OIDC Core §2).</summary>
    public string? AuthorizedParty { get; init; }

    /// <summary>Further claims; must not repeat a name.</summary>
    public Action<Utf8JsonWriter>? Further { get; init; }

    /// <summary>The payload, ready to sign.</summary>
    public byte[] ToUtf8Json() => ClaimsJson.ToUtf8(WriteTo);

    /// <summary>Writes the claims as one object.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("iss"u8, Issuer);
        writer.WriteString("sub"u8, Subject);
        writer.WriteString("aud"u8, ClientId);
        writer.WriteNumber("exp"u8, ExpiresAt.ToUnixTimeSeconds());
        writer.WriteNumber("iat"u8, IssuedAt.ToUnixTimeSeconds());
        writer.WriteNumber("auth_time"u8, AuthenticatedAt.ToUnixTimeSeconds());
        writer.Optional("nonce"u8, Nonce);
        writer.Optional("at_hash"u8, AccessTokenHash);
        writer.Optional("sid"u8, SessionId);
        writer.Optional("acr"u8, AuthenticationContext);
        writer.Optional("amr"u8, AuthenticationMethods);
        writer.Optional("azp"u8, AuthorizedParty);
        Further?.Invoke(writer);
        writer.WriteEndObject();
    }
}
