using Signet.OAuth;
using Signet.Platform.Data;
using Signet.Server.Clients;
using Signet.Server.Sessions;
using Signet.Server.Users;

namespace Signet.Server.OAuth.Storage;

internal sealed record CodeRow(
    GrantId GrantId, ClientId ClientId, UserId UserId, SessionId SessionId, string RedirectUri, string[] Scopes, string[] Resources, string? Nonce,
    string CodeChallenge, string[] Methods, DateTimeOffset AuthenticatedAt)
{
    public Authorized ToAuthorized() => new(GrantId, ClientId, UserId, SessionId, Scopes, Resources, Methods, AuthenticatedAt);
}

internal static class AuthorizationCodes
{
    private const string Columns =
        "grant_id, client_id, user_id, session_id, redirect_uri, scopes, resources, nonce, code_challenge, methods, authenticated_at";

    public static void Defer(Tx tx, byte[] hash, CodeRow row, DateTimeOffset expiresAt) =>
        tx.Defer($"""
            insert into authorization_codes (tenant_id, code_hash, {Columns}, created_at, expires_at)
            values (@Tenant, @hash, @GrantId, @ClientId, @UserId, @SessionId, @RedirectUri, @Scopes, @Resources, @Nonce, @CodeChallenge, @Methods,
                    @AuthenticatedAt, @Now, @expiresAt)
            """, new
        {
            tx.Tenant, hash, row.GrantId, row.ClientId, row.UserId, row.SessionId, row.RedirectUri, row.Scopes, row.Resources, row.Nonce,
            row.CodeChallenge, row.Methods, row.AuthenticatedAt, tx.Now, expiresAt,
        });

    /// <summary>Redeems at most once: of racing requests exactly one gets the row back. A wrong proof uses the code up too, so that nobody can try several.</summary>
    public static async Task<CodeRedemption> RedeemAsync(
        Tx tx, byte[] hash, ClientId client, string redirectUri, string verifier, CancellationToken ct)
    {
        var row = await tx.FindAsync<CodeRow>($"""
            update authorization_codes set redeemed_at = @now
             where tenant_id = @tenant and code_hash = @hash and client_id = @client and redeemed_at is null and expires_at > @now
            returning {Columns}
            """, new { tenant = tx.Tenant, hash, client, now = tx.Now }, ct);
        if (row is null)
        {
            var used = await tx.ScalarAsync<Guid?>("""
                select grant_id from authorization_codes
                 where tenant_id = @tenant and code_hash = @hash and client_id = @client and redeemed_at is not null
                """, new { tenant = tx.Tenant, hash, client }, ct);
            return used is { } grant ? new CodeRedemption.Replayed(new GrantId(grant)) : new CodeRedemption.Unknown();
        }

        // RFC 7636 §4.6 and RFC 6749 §4.1.3; both compared whatever the first says.
        var matches = Pkce.Matches(verifier, row.CodeChallenge) & string.Equals(row.RedirectUri, redirectUri, StringComparison.Ordinal);
        return matches ? new CodeRedemption.Granted(row.ToAuthorized(), row.Nonce) : new CodeRedemption.Mismatched();
    }

    public static Task<int> PurgeAsync(Tx tx, DateTimeOffset before, CancellationToken ct) =>
        tx.ExecuteAsync("delete from authorization_codes where expires_at < @before", new { before }, ct);
}
