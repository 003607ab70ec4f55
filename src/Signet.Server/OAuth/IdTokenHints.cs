using System.Text.Json;
using Signet.Jose;
using Signet.OAuth.Tokens;
using Signet.Server.Clients;
using Signet.Server.Keys;
using Signet.Server.Sessions;
using Signet.Server.Tenants;
using Signet.Server.Users;

namespace Signet.Server.OAuth;

/// <summary>Who and what an ID token of ours speaks of. Expired ones count: they are hints, not proofs (OIDC RP-Initiated Logout §4).</summary>
public sealed class IdTokenHints(KeyRings keys)
{
    private static readonly JwsExpectations Expected = new() { Types = [IdTokenClaims.Type], TypeMayBeAbsent = true, MaxLength = 16_384 };

    internal sealed record Hint(UserId User, ClientId Client, SessionId? Session);

    internal async ValueTask<UserId?> FindSubjectAsync(Tenant tenant, string token, CancellationToken ct) =>
        (await FindAsync(tenant, token, ct))?.User;

    /// <summary>Null where we did not sign it, or no longer stand by the key that did.</summary>
    internal async ValueTask<Hint?> FindAsync(Tenant tenant, string token, CancellationToken ct)
    {
        var ring = await keys.GetAsync(tenant.Id, ct);
        if (Jws.Verify(token, ring.Verification, Expected) is not JwsVerification.Valid valid
            || StrictJson.TryParseElement(valid.Payload.Span) is not { } claims
            || Text(claims, "iss") != tenant.Origin
            || !UserId.TryParse(Text(claims, "sub"), null, out var user)
            || !ClientId.TryParse(Text(claims, "aud"), null, out var client))
        {
            return null;
        }

        return new Hint(user, client, SessionId.TryParse(Text(claims, "sid"), null, out var session) ? session : null);
    }

    private static string? Text(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
