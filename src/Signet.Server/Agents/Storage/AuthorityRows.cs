using Signet.OAuth.MutualTls;
using Signet.Platform.Data;

namespace Signet.Server.Agents.Storage;

internal sealed record AuthorityRow(AuthorityId AuthorityId, string Name, byte[][] Certificates, DateTimeOffset CreatedAt)
{
    public CertificateAuthority ToAuthority() => new(AuthorityId, Name, TrustedAuthority.Read(Certificates), CreatedAt);
}

internal static class AuthorityRows
{
    private const string Columns = "authority_id, name, certificates, created_at";

    /// <summary>False where the tenant trusts this root already.</summary>
    public static async Task<bool> InsertAsync(Tx tx, AuthorityRow row, CancellationToken ct) =>
        await tx.ExecuteAsync("""
            insert into certificate_authorities (tenant_id, authority_id, name, certificates, created_at)
            values (@Tenant, @AuthorityId, @Name, @Certificates, @CreatedAt)
            on conflict (tenant_id, sha256(certificates[1])) do nothing
            """, new { tx.Tenant, row.AuthorityId, row.Name, row.Certificates, row.CreatedAt }, ct) == 1;

    public static Task<long> CountAsync(Tx tx, CancellationToken ct) =>
        tx.GetAsync<long>("select count(*) from certificate_authorities where tenant_id = @tenant", new { tenant = tx.Tenant }, ct);

    public static Task<AuthorityRow?> FindAsync(Tx tx, AuthorityId id, CancellationToken ct) =>
        tx.FindAsync<AuthorityRow>(
            $"select {Columns} from certificate_authorities where tenant_id = @tenant and authority_id = @id", new { tenant = tx.Tenant, id }, ct);

    /// <summary>Keeps it from being removed until the transaction ends.</summary>
    public static Task<AuthorityRow?> HoldAsync(Tx tx, AuthorityId id, CancellationToken ct) =>
        tx.FindAsync<AuthorityRow>(
            $"select {Columns} from certificate_authorities where tenant_id = @tenant and authority_id = @id for share", new { tenant = tx.Tenant, id }, ct);

    /// <summary>Newest first.</summary>
    public static Task<List<AuthorityRow>> ListAsync(Tx tx, CancellationToken ct) =>
        tx.ListAsync<AuthorityRow>(
            $"select {Columns} from certificate_authorities where tenant_id = @tenant order by authority_id desc", new { tenant = tx.Tenant }, ct);

    public static async Task<bool> DeleteAsync(Tx tx, AuthorityId id, CancellationToken ct) =>
        await tx.ExecuteAsync("delete from certificate_authorities where tenant_id = @tenant and authority_id = @id", new { tenant = tx.Tenant, id }, ct) == 1;
}
