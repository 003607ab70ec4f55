using System.Security.Cryptography;
using System.Text;
using Signet.OAuth;
using Signet.OAuth.Tokens;
using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Clients;
using Signet.Server.OAuth.Storage;
using Signet.Server.Tenants;
using Signet.Server.Users;

namespace Signet.Server.OAuth;

/// <summary>
/// RFC 6749 §6 with rotation (RFC 9700 §4.14.2). A token is used once, by one statement. Its successor is computed from it under a key of ours,
/// so that the same request moments later gets the same answer without our having kept it; later than that, a used token means theft.
/// </summary>
public sealed class RefreshTokenGrant(Db db, SecretHash hash, DerivedKeys keys, IssueTokens issue, OAuthMetrics metrics)
{
    internal async ValueTask<TokenOutcome> RunAsync(
        Tenant tenant, Client client, Origin origin, TokenRequest.RefreshToken request, Confirmation? bound, CancellationToken ct)
    {
        if (!TokenFormat.RefreshToken.IsToken(request.Token))
        {
            return new TokenOutcome.Refused(OAuthError.InvalidGrant, "refresh_token_unknown");
        }

        await issue.PrepareAsync(tenant, client, ct);
        var outcome = await db.InTenantAsync(tenant.Id, tx => RunAsync(tx, tenant, client, origin, request, bound, ct), ct);
        if (outcome is TokenOutcome.Issued)
        {
            metrics.Issued(Grant.RefreshToken);
        }

        return outcome;
    }

    private async Task<TokenOutcome> RunAsync(
        Tx tx, Tenant tenant, Client client, Origin origin, TokenRequest.RefreshToken request, Confirmation? bound, CancellationToken ct)
    {
        // Before the token is used up: asking for too much is a mistake that can be mended with the same token.
        if (request.Scope is { } wanted && await RefreshTokens.FindAsync(tx, hash.Of(TokenKinds.Refresh, request.Token), ct) is { } row
            && row.ClientId == client.Id && !wanted.IsSubsetOf(ScopeSet.Of(row.Scopes).LimitTo(client.Scope)))
        {
            tx.Emit(origin, new TokenRefused(client.Id, "refresh_token", OAuthError.InvalidScope.Code, "scope_not_granted"));
            return new TokenOutcome.Refused(OAuthError.InvalidScope, "scope_not_granted", IsRecorded: true);
        }

        switch (await RedeemAsync(tx, client, request.Token, bound?.KeyThumbprint, ct))
        {
            case RefreshRedemption.Rotated rotated:
                return await AnswerAsync(tx, tenant, client, origin, rotated.Authorized, rotated.Successor, request, bound, ct);
            case RefreshRedemption.Repeated repeated:
                return await AnswerAsync(tx, tenant, client, origin, repeated.Authorized, repeated.Successor, request, bound, ct);
            case RefreshRedemption.Replayed replayed:
                await RevokeGrants.RunAsync(tx, origin, replayed.Grant, "refresh_token_replayed", ct);
                metrics.Replayed();
                return Refuse(tx, origin, client, "refresh_token_replayed");
            default:
                return Refuse(tx, origin, client, "refresh_token_unknown");
        }
    }

    private async Task<RefreshRedemption> RedeemAsync(Tx tx, Client client, string token, string? key, CancellationToken ct)
    {
        var tokenHash = hash.Of(TokenKinds.Refresh, token);
        var successor = SuccessorOf(token);
        if (await RefreshTokens.UseAsync(tx, tokenHash, client.Id, key, ct) is { } used)
        {
            var expiresAt = tx.Now + TokenLife.RefreshIdle;
            RefreshTokens.DeferInsert(
                tx, hash.Of(TokenKinds.Refresh, successor), used.GrantId, expiresAt < used.GrantExpiresAt ? expiresAt : used.GrantExpiresAt);
            return new RefreshRedemption.Rotated(used.ToAuthorized(), successor);
        }

        if (await RefreshTokens.FindAsync(tx, tokenHash, ct) is not { UsedAt: { } usedAt } found
            || found.ClientId != client.Id || (found.DpopKey is { } needed && needed != key) || found.RevokedAt is not null || found.GrantExpiresAt <= tx.Now)
        {
            return new RefreshRedemption.Unknown();
        }

        return usedAt + TokenLife.RefreshGrace > tx.Now
            ? new RefreshRedemption.Repeated(found.ToAuthorized(), successor)
            : new RefreshRedemption.Replayed(found.GrantId, found.UserId);
    }

    private async Task<TokenOutcome> AnswerAsync(
        Tx tx, Tenant tenant, Client client, Origin origin, Authorized authorized, string successor, TokenRequest.RefreshToken request, Confirmation? bound, CancellationToken ct)
    {
        if (!await UserDirectory.IsActiveAsync(tx, authorized.User, ct))
        {
            return Refuse(tx, origin, client, "user_inactive");
        }

        // RFC 6749 §6: what was granted, or less of it; never more than the application may still have.
        var scope = request.Scope ?? ScopeSet.Of(authorized.Scopes).LimitTo(client.Scope);
        var resources = request.Resources.Count > 0 ? request.Resources.Intersect(authorized.Resources, StringComparer.Ordinal).ToList() : authorized.Resources;
        var token = await issue.ForUserAsync(tenant, client, authorized, scope, resources, bound, ct);
        // OIDC Core §12.2: auth_time and the session stay those of the sign-in; there is no nonce.
        var idToken = scope.HasOpenId ? await issue.IdTokenAsync(tenant, client, authorized, null, token.Token, ct) : null;
        tx.Emit(origin, new TokenIssued(client.Id, authorized.User, "refresh_token", scope.ToString(), token.Id, token.ExpiresAt.ToUnixTimeSeconds()));
        return new TokenOutcome.Issued(new TokenResponse(token.Token, client.AccessTokenLife, scope)
        {
            TokenType = CheckDpop.TypeOf(bound),
            RefreshToken = successor,
            IdToken = idToken,
        });
    }

    private string SuccessorOf(string token)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(keys.For(KeyPurpose.RefreshDerive), Encoding.ASCII.GetBytes(token), mac);
        return TokenFormat.RefreshToken.Format(mac);
    }

    private static TokenOutcome.Refused Refuse(Tx tx, Origin origin, Client client, string reason)
    {
        tx.Emit(origin, new TokenRefused(client.Id, "refresh_token", OAuthError.InvalidGrant.Code, reason));
        return new TokenOutcome.Refused(OAuthError.InvalidGrant, reason, IsRecorded: true);
    }
}
