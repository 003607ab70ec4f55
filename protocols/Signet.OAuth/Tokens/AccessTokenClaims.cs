using System.Text.Json;
using Signet.OAuth.Authorization;
using Signet.OAuth.TokenExchange;

namespace Signet.OAuth.Tokens;

/// <summary>The claims of a JWT access token; every claim the profile requires is required here.
/// <see href="https://www.rfc-editor.org/rfc/rfc9068"/></summary>
public sealed record AccessTokenClaims
{
    /// <summary>RFC 9068 §2.1: the <c>typ</c> of the header, so that no ID token passes for an access token.</summary>
    public const string Type = "at+jwt";

    /// <summary>Who issued it.</summary>
    public required string Issuer { get; init; }

    /// <summary>The person, or the client where it acts for itself (RFC 9068 §2.2).</summary>
    public required string Subject { get; init; }

    /// <summary>The resources it is for; at least one.</summary>
    public required IReadOnlyList<string> Audience { get; init; }

    /// <summary>The client it was issued to.</summary>
    public required string ClientId { get; init; }

    /// <summary>Unique among the issuer's tokens.</summary>
    public required string Id { get; init; }

    /// <summary>When it was issued.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>When it ends.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>RFC 9068 §2.2.3.</summary>
    public ScopeSet Scope { get; init; } = ScopeSet.Empty;

    /// <summary>RFC 9068 §2.2.1: when the person signed in.</summary>
    public DateTimeOffset? AuthenticatedAt { get; init; }

    /// <summary>RFC 9068 §2.2.1.</summary>
    public string? AuthenticationContext { get; init; }

    /// <summary>RFC 9068 §2.2.1, values of RFC 8176 §2.</summary>
    public IReadOnlyList<string> AuthenticationMethods { get; init; } = [];

    /// <summary>The session the token ends with.</summary>
    public string? SessionId { get; init; }

    /// <summary>RFC 7800 §3.1: whose key or certificate must come with it.</summary>
    public Confirmation? Confirmation { get; init; }

    /// <summary>RFC 8693 §4.1: who acts for the subject.</summary>
    public ActorClaim? Actors { get; init; }

    /// <summary>RFC 9396 §9.1.</summary>
    public AuthorizationDetails? AuthorizationDetails { get; init; }

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
        writer.Audience(Audience);
        writer.WriteNumber("exp"u8, ExpiresAt.ToUnixTimeSeconds());
        writer.WriteNumber("iat"u8, IssuedAt.ToUnixTimeSeconds());
        writer.WriteString("jti"u8, Id);
        writer.WriteString("client_id"u8, ClientId);
        writer.Optional("scope"u8, Scope);
        writer.Optional("auth_time"u8, AuthenticatedAt);
        writer.Optional("acr"u8, AuthenticationContext);
        writer.Optional("amr"u8, AuthenticationMethods);
        writer.Optional("sid"u8, SessionId);
        writer.Optional("cnf"u8, Confirmation);
        writer.Optional("act"u8, Actors, Issuer);
        writer.Optional("authorization_details"u8, AuthorizationDetails);
        Further?.Invoke(writer);
        writer.WriteEndObject();
    }
}
