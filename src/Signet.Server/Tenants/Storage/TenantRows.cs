using Signet.Platform.Data;

namespace Signet.Server.Tenants.Storage;

/// <summary>A tenant as it is stored; its origin depends on the host's settings.</summary>
internal sealed record TenantRow(TenantId TenantId, string Slug, string Name, TenantAddress Address, TenantState State, DateTimeOffset CreatedAt);

internal static class TenantRows
{
    private const string Columns = "tenant_id, slug, name, address, state, created_at";

    public static Task<TenantRow?> FindBySlugAsync(Tx tx, string slug, CancellationToken ct) =>
        tx.FindAsync<TenantRow>($"select {Columns} from tenants where slug = @slug", new { slug }, ct);

    public static Task<TenantRow?> FindAsync(Tx tx, TenantId id, CancellationToken ct) =>
        tx.FindAsync<TenantRow>($"select {Columns} from tenants where tenant_id = @id", new { id }, ct);

    public static Task<List<TenantRow>> ListAsync(Tx tx, string? after, int limit, CancellationToken ct) =>
        tx.ListAsync<TenantRow>($"""
            select {Columns} from tenants
             where @after::text is null or slug > @after
             order by slug
             limit @limit
            """, new { after, limit }, ct);

    /// <summary>False where the slug is taken.</summary>
    public static async Task<bool> TryInsertAsync(Tx tx, TenantRow row, CancellationToken ct) =>
        await tx.ExecuteAsync("""
            insert into tenants (tenant_id, slug, name, address, state, created_at)
            values (@TenantId, @Slug, @Name, @Address, @State, @CreatedAt)
            on conflict (slug) do nothing
            """, row, ct) == 1;

    /// <summary>Moves only along <paramref name="from"/> → <paramref name="to"/>; null where the tenant is not in that state.</summary>
    public static Task<TenantRow?> MoveAsync(Tx tx, TenantId id, TenantState[] from, TenantState to, CancellationToken ct) =>
        tx.FindAsync<TenantRow>($"""
            update tenants set state = @to
             where tenant_id = @id and state = any(@from)
            returning {Columns}
            """, new { id, from = from.Select(state => SnakeCase.Of(state)).ToArray(), to }, ct);
}
