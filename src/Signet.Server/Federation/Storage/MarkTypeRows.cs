using System.Text.Json;
using System.Text.Json.Serialization;
using Signet.Platform.Data;

namespace Signet.Server.Federation.Storage;

internal sealed record MarkTypeRow(
    TrustMarkTypeId TypeId, string Type, bool Active, bool AutoRenew, int ValidHours, int RenewalHours, string? LogoUri, string? Ref, string? Owner,
    string? OwnerJwks, string? Delegation, string[] Issuers, bool Anyone, string ClaimRules, bool Requestable, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    private static readonly JsonSerializerOptions Rules = new() { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) } };

    public static MarkTypeRow Of(MarkType type) => new(
        type.Id, type.Type, type.Active, type.AutoRenew, type.ValidHours, type.RenewalHours, type.LogoUri, type.Reference, type.Owner, type.OwnerJwks,
        type.Delegation, [.. type.Issuers], type.Anyone, JsonSerializer.Serialize(type.ClaimRules, Rules), type.Requestable, type.CreatedAt, type.UpdatedAt);

    public MarkType ToType() => new(
        TypeId, Type, Active, AutoRenew, ValidHours, RenewalHours, LogoUri, Ref, Owner, OwnerJwks, Delegation, Issuers, Anyone,
        JsonSerializer.Deserialize<Dictionary<string, ClaimRule>>(ClaimRules, Rules)!, Requestable, CreatedAt, UpdatedAt);
}

internal static class MarkTypeRows
{
    private const string Columns = """
        type_id, type, active, auto_renew, valid_hours, renewal_hours, logo_uri, ref, owner, owner_jwks, delegation, issuers, anyone, claim_rules, requestable,
        created_at, updated_at
        """;

    /// <summary>False where the tenant has this type already.</summary>
    public static async Task<bool> InsertAsync(Tx tx, MarkTypeRow row, CancellationToken ct) =>
        await tx.ExecuteAsync($"""
            insert into trust_mark_types (tenant_id, {Columns})
            values (@Tenant, @TypeId, @Type, @Active, @AutoRenew, @ValidHours, @RenewalHours, @LogoUri, @Ref, @Owner, @OwnerJwks, @Delegation, @Issuers, @Anyone,
                    @ClaimRules, @Requestable, @CreatedAt, @UpdatedAt)
            on conflict (tenant_id, type) do nothing
            """, Arguments(tx, row), ct) == 1;

    /// <summary>Everything but its name, which marks have in them.</summary>
    public static Task UpdateAsync(Tx tx, MarkTypeRow row, CancellationToken ct) =>
        tx.ExecuteAsync("""
            update trust_mark_types
               set active = @Active, auto_renew = @AutoRenew, valid_hours = @ValidHours, renewal_hours = @RenewalHours, logo_uri = @LogoUri, ref = @Ref,
                   owner = @Owner, owner_jwks = @OwnerJwks, delegation = @Delegation, issuers = @Issuers, anyone = @Anyone, claim_rules = @ClaimRules,
                   requestable = @Requestable, updated_at = @UpdatedAt
             where tenant_id = @Tenant and type_id = @TypeId
            """, Arguments(tx, row), ct);

    public static Task<MarkTypeRow?> FindAsync(Tx tx, TrustMarkTypeId id, CancellationToken ct) =>
        tx.FindAsync<MarkTypeRow>($"select {Columns} from trust_mark_types where tenant_id = @tenant and type_id = @id", new { tenant = tx.Tenant, id }, ct);

    public static Task<MarkTypeRow?> FindByNameAsync(Tx tx, string type, CancellationToken ct) =>
        tx.FindAsync<MarkTypeRow>($"select {Columns} from trust_mark_types where tenant_id = @tenant and type = @type", new { tenant = tx.Tenant, type }, ct);

    /// <summary>Holds the type, so that nothing is issued while it changes.</summary>
    public static Task<MarkTypeRow?> LockAsync(Tx tx, TrustMarkTypeId id, CancellationToken ct) =>
        tx.FindAsync<MarkTypeRow>(
            $"select {Columns} from trust_mark_types where tenant_id = @tenant and type_id = @id for update", new { tenant = tx.Tenant, id }, ct);

    public static Task<List<MarkTypeRow>> ListAsync(Tx tx, int limit, int offset, CancellationToken ct) =>
        tx.ListAsync<MarkTypeRow>(
            $"select {Columns} from trust_mark_types where tenant_id = @tenant order by type limit @limit offset @offset", new { tenant = tx.Tenant, limit, offset }, ct);

    public static Task<long> CountAsync(Tx tx, CancellationToken ct) =>
        tx.ScalarAsync<long>("select count(*) from trust_mark_types where tenant_id = @tenant", new { tenant = tx.Tenant }, ct);

    /// <summary>False where marks of it were issued or asked for: their status is asked for long after.</summary>
    public static async Task<bool> DeleteAsync(Tx tx, TrustMarkTypeId id, CancellationToken ct) =>
        await tx.ExecuteAsync("""
            delete from trust_mark_types as t
             where tenant_id = @tenant and type_id = @id
               and not exists (select 1 from trust_marks m where m.tenant_id = @tenant and m.type_id = @id)
               and not exists (select 1 from trust_mark_requests r where r.tenant_id = @tenant and r.type_id = @id)
               and not exists (select 1 from trust_mark_delegations d where d.tenant_id = @tenant and d.type_id = @id)
            """, new { tenant = tx.Tenant, id }, ct) == 1;

    private static object Arguments(Tx tx, MarkTypeRow row) => new
    {
        tx.Tenant, row.TypeId, row.Type, row.Active, row.AutoRenew, row.ValidHours, row.RenewalHours, row.LogoUri, row.Ref, row.Owner, row.OwnerJwks, row.Delegation,
        row.Issuers, row.Anyone, row.ClaimRules, row.Requestable, row.CreatedAt, row.UpdatedAt,
    };
}
