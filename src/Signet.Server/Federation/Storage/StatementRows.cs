using Signet.Platform.Data;

namespace Signet.Server.Federation.Storage;

internal sealed record StatementRow(string Jwt, string Kid, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt);

internal static class StatementRows
{
    public static Task<StatementRow?> FindAsync(Tx tx, StatementKind kind, string subject, CancellationToken ct) =>
        tx.FindAsync<StatementRow>("""
            select jwt, kid, issued_at, expires_at from federation_statements
             where tenant_id = @tenant and kind = @kind and subject = @subject
            """, new { tenant = tx.Tenant, kind, subject }, ct);

    public static Task PutAsync(Tx tx, StatementKind kind, string subject, StatementRow row, CancellationToken ct) =>
        tx.ExecuteAsync("""
            insert into federation_statements (tenant_id, kind, subject, jwt, kid, issued_at, expires_at)
            values (@Tenant, @kind, @subject, @Jwt, @Kid, @IssuedAt, @ExpiresAt)
            on conflict (tenant_id, kind, subject) do update
               set jwt = excluded.jwt, kid = excluded.kid, issued_at = excluded.issued_at, expires_at = excluded.expires_at
            """, new { tx.Tenant, kind, subject, row.Jwt, row.Kid, row.IssuedAt, row.ExpiresAt }, ct);

    public static Task DeleteAsync(Tx tx, StatementKind kind, string subject, CancellationToken ct) =>
        tx.ExecuteAsync("""
            delete from federation_statements where tenant_id = @tenant and kind = @kind and subject = @subject
            """, new { tenant = tx.Tenant, kind, subject }, ct);

    /// <summary>Of every subordinate; whoever is asked for one next signs it anew.</summary>
    public static Task DeleteOfSubordinatesAsync(Tx tx, CancellationToken ct) =>
        tx.ExecuteAsync("delete from federation_statements where tenant_id = @tenant and kind = 'subordinate'", new { tenant = tx.Tenant }, ct);

    /// <summary>What a key signed that nobody is to believe any more.</summary>
    public static Task DeleteOfKeyAsync(Tx tx, string kid, CancellationToken ct) =>
        tx.ExecuteAsync("delete from federation_statements where tenant_id = @tenant and kid = @kid", new { tenant = tx.Tenant, kid }, ct);
}
