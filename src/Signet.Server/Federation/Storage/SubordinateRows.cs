using System.Text.Json;
using Signet.Platform.Data;

namespace Signet.Server.Federation.Storage;

internal sealed record SubordinateRow(
    SubordinateId SubordinateId, string EntityId, string State, string Jwks, string Metadata, string[] EntityTypes, bool IsIntermediate, string Terms, long Version,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? SeenAt, string? Fault, DateTimeOffset? ExpiresAt)
{
    public static SubordinateRow Of(Subordinate one) => new(
        one.Id, one.Entity.Value, SnakeCase.Of(one.State), KeysJson.ToElement(one.Keys).GetRawText(), one.Metadata.GetRawText(), [.. one.EntityTypes], one.IsIntermediate,
        JsonSerializer.Serialize(one.Terms, ColumnJson.Options), one.Version, one.CreatedAt, one.UpdatedAt, one.SeenAt, one.Fault, one.ExpiresAt);

    public Subordinate ToSubordinate() => new(
        SubordinateId, OpenIdFederation.EntityId.Parse(EntityId), SnakeCase.Parse<SubordinateState>(State), KeysJson.OfStored(Jwks), JsonElement.Parse(Metadata), IsIntermediate,
        JsonSerializer.Deserialize<SubordinateTerms>(Terms, ColumnJson.Options)!, Version, CreatedAt, UpdatedAt, SeenAt, Fault, ExpiresAt);
}

/// <summary>A subordinate that is to be looked at again, and whose.</summary>
internal sealed record DueSubordinate(TenantId TenantId, SubordinateId SubordinateId);

/// <summary>Which subordinates anybody may be told of.</summary>
/// <param name="From">This entity id and those after it.</param>
internal sealed record ListedSubordinates(
    string[]? EntityTypes, bool Marked, string? MarkType, bool? Intermediate, string? From = null, DateTimeOffset? UpdatedAfter = null, DateTimeOffset? UpdatedBefore = null, int Limit = 100_000);

/// <summary>One that is told of.</summary>
internal sealed record ListedRow(string EntityId, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string? Jwt);

internal static class SubordinateRows
{
    private const string Columns = """
        f.subordinate_id, f.entity_id, f.state, f.jwks, f.metadata, f.entity_types, f.is_intermediate, f.terms, f.version, f.created_at, f.updated_at, f.seen_at, f.fault,
        s.expires_at
        """;

    private const string From = """
        from federation_subordinates f
        left join federation_statements s on s.tenant_id = f.tenant_id and s.kind = 'subordinate' and s.subject = f.entity_id
        """;

    private const string Filter = """
        f.tenant_id = @tenant and (@state::text is null or f.state = @state) and (@search::text is null or position(lower(@search) in lower(f.entity_id)) > 0)
        and (@type::text is null or @type = any(f.entity_types))
        """;

    /// <summary>False where the entity is enrolled, in whatever state.</summary>
    public static async Task<bool> InsertAsync(Tx tx, SubordinateRow row, CancellationToken ct) =>
        await tx.ExecuteAsync("""
            insert into federation_subordinates
                (tenant_id, subordinate_id, entity_id, state, jwks, metadata, entity_types, is_intermediate, terms, version, created_at, updated_at, seen_at, fault)
            values (@Tenant, @SubordinateId, @EntityId, @State, @Jwks, @Metadata, @EntityTypes, @IsIntermediate, @Terms, 1, @CreatedAt, @UpdatedAt, @SeenAt, null)
            on conflict (tenant_id, entity_id) do nothing
            """, new
        {
            tx.Tenant, row.SubordinateId, row.EntityId, row.State, row.Jwks, row.Metadata, row.EntityTypes, row.IsIntermediate, row.Terms, row.CreatedAt, row.UpdatedAt, row.SeenAt,
        }, ct) == 1;

    public static Task UpdateAsync(Tx tx, SubordinateRow row, CancellationToken ct) =>
        tx.ExecuteAsync("""
            update federation_subordinates
               set state = @State, jwks = @Jwks, metadata = @Metadata, entity_types = @EntityTypes, is_intermediate = @IsIntermediate, terms = @Terms, version = version + 1,
                   updated_at = @UpdatedAt, seen_at = @SeenAt, fault = @Fault
             where tenant_id = @Tenant and subordinate_id = @SubordinateId
            """, new
        {
            tx.Tenant, row.SubordinateId, row.State, row.Jwks, row.Metadata, row.EntityTypes, row.IsIntermediate, row.Terms, row.UpdatedAt, row.SeenAt, row.Fault,
        }, ct);

    /// <summary>What a look at it found, which is no change of it.</summary>
    public static Task LeaveFaultAsync(Tx tx, SubordinateId id, string? fault, CancellationToken ct) =>
        tx.ExecuteAsync("update federation_subordinates set fault = @fault where tenant_id = @tenant and subordinate_id = @id", new { tenant = tx.Tenant, id, fault }, ct);

    public static Task DeleteAsync(Tx tx, SubordinateId id, CancellationToken ct) =>
        tx.ExecuteAsync("delete from federation_subordinates where tenant_id = @tenant and subordinate_id = @id", new { tenant = tx.Tenant, id }, ct);

    public static Task<SubordinateRow?> FindAsync(Tx tx, SubordinateId id, CancellationToken ct) =>
        tx.FindAsync<SubordinateRow>($"select {Columns} {From} where f.tenant_id = @tenant and f.subordinate_id = @id", new { tenant = tx.Tenant, id }, ct);

    public static Task<SubordinateRow?> LockAsync(Tx tx, SubordinateId id, CancellationToken ct) =>
        tx.FindAsync<SubordinateRow>($"select {Columns} {From} where f.tenant_id = @tenant and f.subordinate_id = @id for update of f", new { tenant = tx.Tenant, id }, ct);

    /// <summary>By its entity identifier, held.</summary>
    public static Task<SubordinateRow?> LockEntityAsync(Tx tx, string entity, CancellationToken ct) =>
        tx.FindAsync<SubordinateRow>($"select {Columns} {From} where f.tenant_id = @tenant and f.entity_id = @entity for update of f", new { tenant = tx.Tenant, entity }, ct);

    public static Task<SubordinateRow?> FindEntityAsync(Tx tx, string entity, CancellationToken ct) =>
        tx.FindAsync<SubordinateRow>($"select {Columns} {From} where f.tenant_id = @tenant and f.entity_id = @entity", new { tenant = tx.Tenant, entity }, ct);

    public static Task<List<SubordinateRow>> ListAsync(Tx tx, string? state, string? search, string? type, int limit, int offset, CancellationToken ct) =>
        tx.ListAsync<SubordinateRow>(
            $"select {Columns} {From} where {Filter} order by f.entity_id limit @limit offset @offset", new { tenant = tx.Tenant, state, search, type, limit, offset }, ct);

    public static Task<long> CountAsync(Tx tx, string? state, string? search, string? type, CancellationToken ct) =>
        tx.ScalarAsync<long>($"select count(*) from federation_subordinates f where {Filter}", new { tenant = tx.Tenant, state, search, type }, ct);

    /// <summary>Active ones as OIDFed §8.2 tells of them, in the order of their identifiers.</summary>
    public static Task<List<ListedRow>> ListedAsync(Tx tx, ListedSubordinates wanted, CancellationToken ct) =>
        tx.ListAsync<ListedRow>("""
            select f.entity_id, f.created_at, f.updated_at, case when s.expires_at > @now then s.jwt end as jwt
              from federation_subordinates f
              left join federation_statements s on s.tenant_id = f.tenant_id and s.kind = 'subordinate' and s.subject = f.entity_id
             where f.tenant_id = @tenant and f.state = 'active'
               and (@EntityTypes::text[] is null or f.entity_types && @EntityTypes)
               and (@Intermediate::boolean is null or f.is_intermediate = @Intermediate)
               and (@From::text is null or f.entity_id >= @From)
               and (@UpdatedAfter::timestamptz is null or f.updated_at >= @UpdatedAfter) and (@UpdatedBefore::timestamptz is null or f.updated_at <= @UpdatedBefore)
               and ((not @Marked and @MarkType::text is null) or exists (
                   select 1 from trust_marks m join trust_mark_types t on t.tenant_id = m.tenant_id and t.type_id = m.type_id
                    where m.tenant_id = f.tenant_id and m.subject = f.entity_id and m.state = 'active' and t.active and m.expires_at > @now
                      and (@MarkType::text is null or t.type = @MarkType)
                      and not exists (select 1 from federation_keys k where k.tenant_id = m.tenant_id and k.kid = m.kid and k.revoked is not null)))
             order by f.entity_id
             limit @Limit
            """, new
        {
            tenant = tx.Tenant, now = tx.Now, wanted.EntityTypes, wanted.Marked, wanted.MarkType, wanted.Intermediate, wanted.From, wanted.UpdatedAfter, wanted.UpdatedBefore, wanted.Limit,
        }, ct);

    /// <summary>Of every tenant: those whose statement is past the middle of its life, is not there, or is signed with a key that signs no more.</summary>
    public static Task<List<DueSubordinate>> ListDueAsync(Tx tx, int limit, CancellationToken ct) =>
        tx.ListAsync<DueSubordinate>("""
            select f.tenant_id, f.subordinate_id
              from federation_subordinates f
              join federation_entities e on e.tenant_id = f.tenant_id and e.enabled
              left join federation_statements s on s.tenant_id = f.tenant_id and s.kind = 'subordinate' and s.subject = f.entity_id
             where f.state = 'active'
               and (s.jwt is null or s.issued_at + (s.expires_at - s.issued_at) / 2 <= @now
                    or not exists (select 1 from federation_keys k where k.tenant_id = s.tenant_id and k.kid = s.kid and k.state = 'active'))
             order by s.expires_at nulls first
             limit @limit
            """, new { now = tx.Now, limit }, ct);
}
