using Signet.OAuth;
using Signet.OAuth.Tokens;
using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Clients;
using Signet.Server.OAuth.Storage;
using Signet.Server.Sessions;
using Signet.Server.Tenants;
using Signet.Server.Users;

namespace Signet.Server.OAuth;

/// <summary>RFC 6749 §4.1.3. Redeeming the code is one statement; the grant, its first refresh token and the record go with the same commit.</summary>
public sealed class AuthorizationCodeGrant(Db db, SecretHash hash, IssueTokens issue, OAuthMetrics metrics)
{
    internal async ValueTask<TokenOutcome> RunAsync(
        Tenant tenant, Client client, Origin origin, TokenRequest.AuthorizationCode request, Confirmation? bound, CancellationToken ct)
    {
        if (!TokenFormat.AuthorizationCode.IsToken(request.Code))
        {
            return new TokenOutcome.Refused(OAuthError.InvalidGrant, "code_unknown");
        }

        var codeHash = hash.Of(TokenKinds.Code, request.Code);
        await issue.PrepareAsync(tenant, client, ct);
        var outcome = await db.InTenantAsync(tenant.Id, tx => RedeemAsync(tx, tenant, client, origin, codeHash, request, bound, ct), ct);
        if (outcome is TokenOutcome.Issued)
        {
            metrics.Issued(Grant.AuthorizationCode);
        }

        return outcome;
    }

    private async Task<TokenOutcome> RedeemAsync(
        Tx tx, Tenant tenant, Client client, Origin origin, byte[] codeHash, TokenRequest.AuthorizationCode request, Confirmation? bound, CancellationToken ct)
    {
        switch (await AuthorizationCodes.RedeemAsync(tx, codeHash, client.Id, request.RedirectUri, request.CodeVerifier, ct))
        {
            case CodeRedemption.Granted granted when await UserDirectory.IsActiveAsync(tx, granted.Authorized.User, ct)
                && await LiveSessions.ContainAsync(tx, granted.Authorized.Session, ct):
                return new TokenOutcome.Issued(await GrantAsync(tx, tenant, client, origin, granted, request, bound, ct));
            case CodeRedemption.Granted:
                return Refuse(tx, origin, client, "signed_out");
            case CodeRedemption.Replayed replayed:
                await RevokeGrants.RunAsync(tx, origin, replayed.Grant, "code_replayed", ct);
                return Refuse(tx, origin, client, "code_replayed");
            case CodeRedemption.Mismatched:
                return Refuse(tx, origin, client, "proof_mismatch");
            default:
                return Refuse(tx, origin, client, "code_unknown");
        }
    }

    private async Task<TokenResponse> GrantAsync(
        Tx tx, Tenant tenant, Client client, Origin origin, CodeRedemption.Granted granted, TokenRequest.AuthorizationCode request, Confirmation? bound, CancellationToken ct)
    {
        // RFC 9449 §5: an application without a secret keeps its refresh tokens to itself by the key.
        var authorized = granted.Authorized with { DpopKey = client.Kind is ClientKind.Public ? bound?.KeyThumbprint : null };
        var scope = ScopeSet.Of(authorized.Scopes);
        // RFC 8707 §2.2: of the resources the person was asked about, some or all.
        var resources = request.Resources.Count > 0 ? request.Resources.Intersect(authorized.Resources, StringComparer.Ordinal).ToList() : authorized.Resources;
        var token = await issue.ForUserAsync(tenant, client, authorized, scope, resources, bound, ct);
        var idToken = scope.HasOpenId ? await issue.IdTokenAsync(tenant, client, authorized, granted.Nonce, token.Token, ct) : null;
        Grants.DeferInsert(tx, authorized, scope.Contains("offline_access"), tx.Now + TokenLife.Grant);
        string? refresh = null;
        if (client.May(Grant.RefreshToken))
        {
            refresh = TokenFormat.RefreshToken.Make();
            RefreshTokens.DeferInsert(tx, hash.Of(TokenKinds.Refresh, refresh), authorized.Grant, tx.Now + TokenLife.RefreshIdle);
        }

        tx.Emit(origin, new TokenIssued(
            client.Id, authorized.User, "authorization_code", scope.ToString(), token.Id, token.ExpiresAt.ToUnixTimeSeconds()));
        return new TokenResponse(token.Token, client.AccessTokenLife, scope)
        {
            TokenType = CheckDpop.TypeOf(bound),
            RefreshToken = refresh,
            IdToken = idToken,
        };
    }

    // The code is used up by this very transaction, so its record belongs to it.
    private static TokenOutcome.Refused Refuse(Tx tx, Origin origin, Client client, string reason)
    {
        tx.Emit(origin, new TokenRefused(client.Id, "authorization_code", OAuthError.InvalidGrant.Code, reason));
        return new TokenOutcome.Refused(OAuthError.InvalidGrant, reason, IsRecorded: true);
    }
}
