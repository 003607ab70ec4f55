using Signet.Platform.Data;

namespace Signet.Server.Federation.Storage;

internal sealed record FederationKeyRow(
    string Kid, string Algorithm, FederationKeyState State, byte[]? PrivateJwk, string PublicJwk, DateTimeOffset CreatedAt,
    DateTimeOffset? ActivatedAt, DateTimeOffset? RetiringAt, DateTimeOffset? EndedAt, string? Revoked);

internal static class FederationKeyRows
{
    private const string Columns = "kid, algorithm, state, private_jwk, public_jwk, created_at, activated_at, retiring_at, ended_at, revoked";

    /// <summary>What is in the configuration, the newest first.</summary>
    public static Task<List<FederationKeyRow>> PublishedAsync(Tx tx, CancellationToken ct) =>
        tx.ListAsync<FederationKeyRow>($"""
            select {Columns} from federation_keys
             where tenant_id = @tenant and state <> 'historical'
             order by created_at desc, kid
            """, new { tenant = tx.Tenant }, ct);

    public static Task<List<FederationKeyRow>> ListAsync(Tx tx, CancellationToken ct) =>
        tx.ListAsync<FederationKeyRow>($"""
            select {Columns} from federation_keys
             where tenant_id = @tenant
             order by created_at desc, kid
             limit 1000
            """, new { tenant = tx.Tenant }, ct);

    public static Task InsertAsync(Tx tx, FederationKeyRow row, CancellationToken ct) =>
        tx.ExecuteAsync("""
            insert into federation_keys (tenant_id, kid, algorithm, state, private_jwk, public_jwk, created_at, activated_at)
            values (@Tenant, @Kid, @Algorithm, @State, @PrivateJwk, @PublicJwk, @CreatedAt, @ActivatedAt)
            """, new { tx.Tenant, row.Kid, row.Algorithm, row.State, row.PrivateJwk, row.PublicJwk, row.CreatedAt, row.ActivatedAt }, ct);

    public static Task ActivateAsync(Tx tx, string kid, CancellationToken ct) =>
        tx.ExecuteAsync("""
            update federation_keys set state = 'active', activated_at = @now
             where tenant_id = @tenant and kid = @kid and state = 'announced'
            """, new { tenant = tx.Tenant, kid, now = tx.Now }, ct);

    public static Task BeginRetiringAsync(Tx tx, string kid, CancellationToken ct) =>
        tx.ExecuteAsync("""
            update federation_keys set state = 'retiring', retiring_at = @now, private_jwk = null
             where tenant_id = @tenant and kid = @kid and state = 'active'
            """, new { tenant = tx.Tenant, kid, now = tx.Now }, ct);

    public static Task EndAsync(Tx tx, string kid, string? revoked, CancellationToken ct) =>
        tx.ExecuteAsync("""
            update federation_keys set state = 'historical', ended_at = @now, private_jwk = null, revoked = @revoked
             where tenant_id = @tenant and kid = @kid and state <> 'historical'
            """, new { tenant = tx.Tenant, kid, revoked, now = tx.Now }, ct);
}
