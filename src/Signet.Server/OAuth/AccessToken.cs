using System.Text.Json;
using Signet.OAuth;
using Signet.OAuth.Authorization;
using Signet.OAuth.TokenExchange;
using Signet.OAuth.Tokens;
using Signet.Server.Clients;
using Signet.Server.Delegations;
using Signet.Server.Users;

namespace Signet.Server.OAuth;

/// <summary>An access token of ours that holds now.</summary>
/// <param name="Confirmation">The key whose holder alone may use it; null for a bearer token.</param>
/// <param name="User">The person it speaks for; null where the application speaks for itself.</param>
internal sealed record AccessToken(
    string Id, ClientId Client, UserId? User, string Subject, IReadOnlyList<string> Audience, ScopeSet Scope, DateTimeOffset IssuedAt,
    DateTimeOffset ExpiresAt, GrantId? Grant, Confirmation? Confirmation)
{
    /// <summary>The hand-over it hangs on; null where nobody acts for another.</summary>
    public DelegationId? Delegation { get; } = TokenId.DelegationOf(Id);

    /// <summary>RFC 8693 §4.1: who acts for the subject.</summary>
    public ActorClaim? Actors { get; private init; }

    /// <summary>RFC 8693 §4.4: the one party that may.</summary>
    public JsonElement? MayAct { get; private init; }

    /// <summary>RFC 9396 §9.1.</summary>
    public AuthorizationDetails? Details { get; private init; }

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
        var actors = claims.TryGetProperty("act", out var act) ? ActorClaim.TryParse(act, issuer) : null;
        return new AccessToken(id, client, user, subject, Audiences(claims), scope, issued, expires, grant, confirmation)
        {
            Actors = actors,
            MayAct = claims.TryGetProperty("may_act", out var mayAct) ? mayAct.Clone() : null,
            Details = claims.TryGetProperty("authorization_details", out var details) ? AuthorizationDetails.TryRead(details) : null,
        };
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
