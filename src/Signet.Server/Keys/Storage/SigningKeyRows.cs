using Signet.Platform.Data;

namespace Signet.Server.Keys.Storage;

internal sealed record SigningKeyRow(
    string Kid, string Algorithm, KeyState State, byte[]? PrivateJwk, string PublicJwk, DateTimeOffset CreatedAt,
    DateTimeOffset? ActivatedAt, DateTimeOffset? RetiringAt, DateTimeOffset? RetiredAt, string? Dropped);

internal static class SigningKeyRows
{
    private const string Columns =
        "kid, algorithm, state, private_jwk, public_jwk, created_at, activated_at, retiring_at, retired_at, dropped";

    public static Task<List<SigningKeyRow>> PublishedAsync(Tx tx, CancellationToken ct) =>
        tx.ListAsync<SigningKeyRow>($"""
            select {Columns} from signing_keys
             where tenant_id = @tenant and state <> 'retired'
             order by algorithm, created_at desc
            """, new { tenant = tx.Tenant }, ct);

    public static Task<List<SigningKeyRow>> ListAsync(Tx tx, CancellationToken ct) =>
        tx.ListAsync<SigningKeyRow>($"""
            select {Columns} from signing_keys
             where tenant_id = @tenant
             order by created_at desc, kid
             limit 500
            """, new { tenant = tx.Tenant }, ct);

    /// <summary>The published keys of one algorithm, held until the transaction ends. Who had to wait sees what the one before did: the rows are read once they are held.</summary>
    public static async Task<List<SigningKeyRow>> LockAsync(Tx tx, string algorithm, CancellationToken ct)
    {
        await tx.ExecuteAsync("""
            select 1 from signing_keys
             where tenant_id = @tenant and algorithm = @algorithm and state <> 'retired'
             order by kid
               for update
            """, new { tenant = tx.Tenant, algorithm }, ct);
        return await tx.ListAsync<SigningKeyRow>($"""
            select {Columns} from signing_keys
             where tenant_id = @tenant and algorithm = @algorithm and state <> 'retired'
             order by created_at desc
            """, new { tenant = tx.Tenant, algorithm }, ct);
    }

    /// <summary>False where the tenant has such a key in this state already.</summary>
    public static async Task<bool> TryInsertAsync(Tx tx, SigningKeyRow row, CancellationToken ct) =>
        await tx.ExecuteAsync("""
            insert into signing_keys (tenant_id, kid, algorithm, state, private_jwk, public_jwk, created_at, activated_at)
            values (@Tenant, @Kid, @Algorithm, @State, @PrivateJwk, @PublicJwk, @CreatedAt, @ActivatedAt)
            on conflict do nothing
            """, new { tx.Tenant, row.Kid, row.Algorithm, row.State, row.PrivateJwk, row.PublicJwk, row.CreatedAt, row.ActivatedAt }, ct) == 1;

    public static Task ActivateAsync(Tx tx, string kid, CancellationToken ct) =>
        tx.ExecuteAsync("""
            update signing_keys set state = 'active', activated_at = @now
             where tenant_id = @tenant and kid = @kid and state = 'announced'
            """, new { tenant = tx.Tenant, kid, now = tx.Now }, ct);

    public static Task BeginRetiringAsync(Tx tx, string kid, CancellationToken ct) =>
        tx.ExecuteAsync("""
            update signing_keys set state = 'retiring', retiring_at = @now, private_jwk = null
             where tenant_id = @tenant and kid = @kid and state = 'active'
            """, new { tenant = tx.Tenant, kid, now = tx.Now }, ct);

    public static Task RetireAsync(Tx tx, string kid, string? dropped, CancellationToken ct) =>
        tx.ExecuteAsync("""
            update signing_keys set state = 'retired', retired_at = @now, private_jwk = null, dropped = @dropped
             where tenant_id = @tenant and kid = @kid and state <> 'retired'
            """, new { tenant = tx.Tenant, kid, dropped, now = tx.Now }, ct);
}
