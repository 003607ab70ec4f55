using System.Text.Json;
using Signet.OAuth;
using Signet.OAuth.Tokens;
using Signet.Server.Clients;
using Signet.Server.Users;

namespace Signet.Server.OAuth;

/// <summary>An access token of ours that holds now.</summary>
/// <param name="Confirmation">The key whose holder alone may use it; null for a bearer token.</param>
/// <param name="User">The person it speaks for; null where the application speaks for itself.</param>
internal sealed record AccessToken(
    string Id, ClientId Client, UserId? User, string Subject, IReadOnlyList<string> Audience, ScopeSet Scope, DateTimeOffset IssuedAt,
    DateTimeOffset ExpiresAt, GrantId? Grant, Confirmation? Confirmation)
{
    /// <summary>Reads the claims of a payload whose signature is good; null where they are not ours.</summary>
    public static AccessToken? TryRead(JsonElement claims, string issuer)
    {
        if (Text(claims, "iss") != issuer
            || Text(claims, "jti") is not { } id || Text(claims, "sub") is not { } subject
            || !ClientId.TryParse(Text(claims, "client_id"), null, out var client)
            || Time(claims, "iat") is not { } issued || Time(claims, "exp") is not { } expires
            || !Confirmation.TryRead(claims, out var confirmation))
        {
            return null;
        }

        var scope = ScopeSet.TryParse(Text(claims, "scope"), out var read) ? read : ScopeSet.Empty;
        var grant = TokenId.GrantOf(id);
        var user = grant is not null && UserId.TryParse(subject, null, out var person) ? person : (UserId?)null;
        return new AccessToken(id, client, user, subject, Audiences(claims), scope, issued, expires, grant, confirmation);
    }

    private static string? Text(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static DateTimeOffset? Time(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    private static IReadOnlyList<string> Audiences(JsonElement claims) => !claims.TryGetProperty("aud", out var aud) ? []
        : aud.ValueKind is JsonValueKind.String ? [aud.GetString()!]
        : [.. aud.EnumerateArray().Select(item => item.GetString()!)];
}
