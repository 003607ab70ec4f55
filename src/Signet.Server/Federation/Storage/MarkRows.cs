using System.Text.Json;
using Signet.Platform.Data;

namespace Signet.Server.Federation.Storage;

internal sealed record MarkRow(
    TrustMarkId MarkId, TrustMarkTypeId TypeId, string Type, string Subject, string State, bool AutoRenew, int ValidHours, int RenewalHours, string? Claims,
    string? Reason, string Jwt, string Kid, DateTimeOffset ExpiresAt, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static MarkRow Of(IssuedMark mark) => new(
        mark.Id, mark.TypeId, mark.Type, mark.Subject, SnakeCase.Of(mark.State), mark.AutoRenew, mark.ValidHours, mark.RenewalHours, mark.Claims?.GetRawText(),
        mark.Reason, mark.Jwt, mark.Kid, mark.ExpiresAt, mark.CreatedAt, mark.UpdatedAt);

    public IssuedMark ToMark() => new(
        MarkId, TypeId, Type, Subject, SnakeCase.Parse<MarkState>(State), AutoRenew, ValidHours, RenewalHours,
        Claims is null ? null : JsonElement.Parse(Claims), Reason, Jwt, Kid, ExpiresAt, CreatedAt, UpdatedAt);
}

/// <summary>What is known of one signed mark.</summary>
/// <param name="KeyRevoked">Whether the key it is signed with was revoked.</param>
internal sealed record MarkJwtRow(string State, DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt, bool KeyRevoked);

/// <summary>A mark whose time comes, and whose.</summary>
/// <param name="IsOld">Whether its key signs no more.</param>
internal sealed record DueMark(TenantId TenantId, TrustMarkId MarkId, bool IsOld);

internal static class MarkRows
{
    private const string Columns = """
        m.mark_id, m.type_id, t.type, m.subject, m.state, m.auto_renew, m.valid_hours, m.renewal_hours, m.claims, m.reason, m.jwt, m.kid, m.expires_at, m.created_at, m.updated_at
        """;

    private const string From = "from trust_marks m join trust_mark_types t on t.tenant_id = m.tenant_id and t.type_id = m.type_id";

    // What a revoked key signed is worth nothing, until it is signed anew.
    private const string Served = """
        t.active and m.state = 'active' and m.expires_at > @now
        and not exists (select 1 from federation_keys k where k.tenant_id = m.tenant_id and k.kid = m.kid and k.revoked is not null)
        """;

    private const string Filter = "m.tenant_id = @tenant and (@type::text is null or t.type = @type) and (@subject::text is null or m.subject = @subject) and (@state::text is null or m.state = @state)";

    /// <summary>False where the subject has a living mark of the type.</summary>
    public static async Task<bool> InsertAsync(Tx tx, MarkRow row, CancellationToken ct) =>
        await tx.ExecuteAsync("""
            insert into trust_marks (tenant_id, mark_id, type_id, subject, state, auto_renew, valid_hours, renewal_hours, claims, reason, jwt, kid, expires_at, created_at, updated_at)
            values (@Tenant, @MarkId, @TypeId, @Subject, @State, @AutoRenew, @ValidHours, @RenewalHours, @Claims, null, @Jwt, @Kid, @ExpiresAt, @CreatedAt, @UpdatedAt)
            on conflict (tenant_id, type_id, subject) where state <> 'revoked' do nothing
            """, new
        {
            tx.Tenant, row.MarkId, row.TypeId, row.Subject, row.State, row.AutoRenew, row.ValidHours, row.RenewalHours, row.Claims, row.Jwt, row.Kid, row.ExpiresAt, row.CreatedAt,
            row.UpdatedAt,
        }, ct) == 1;

    public static Task UpdateAsync(Tx tx, MarkRow row, CancellationToken ct) =>
        tx.ExecuteAsync("""
            update trust_marks
               set state = @State, auto_renew = @AutoRenew, valid_hours = @ValidHours, renewal_hours = @RenewalHours, claims = @Claims, reason = @Reason,
                   warned_at = case when expires_at = @ExpiresAt then warned_at end, jwt = @Jwt, kid = @Kid, expires_at = @ExpiresAt, updated_at = @UpdatedAt
             where tenant_id = @Tenant and mark_id = @MarkId
            """, new
        {
            tx.Tenant, row.MarkId, row.State, row.AutoRenew, row.ValidHours, row.RenewalHours, row.Claims, row.Reason, row.Jwt, row.Kid, row.ExpiresAt, row.UpdatedAt,
        }, ct);

    public static Task<MarkRow?> FindAsync(Tx tx, TrustMarkId id, CancellationToken ct) =>
        tx.FindAsync<MarkRow>($"select {Columns} {From} where m.tenant_id = @tenant and m.mark_id = @id", new { tenant = tx.Tenant, id }, ct);

    public static Task<MarkRow?> LockAsync(Tx tx, TrustMarkId id, CancellationToken ct) =>
        tx.FindAsync<MarkRow>($"select {Columns} {From} where m.tenant_id = @tenant and m.mark_id = @id for update of m", new { tenant = tx.Tenant, id }, ct);

    public static Task<List<MarkRow>> ListAsync(Tx tx, string? type, string? subject, string? state, int limit, int offset, CancellationToken ct) =>
        tx.ListAsync<MarkRow>(
            $"select {Columns} {From} where {Filter} order by m.mark_id desc limit @limit offset @offset",
            new { tenant = tx.Tenant, type, subject, state, limit, offset }, ct);

    public static Task<long> CountAsync(Tx tx, string? type, string? subject, string? state, CancellationToken ct) =>
        tx.ScalarAsync<long>($"select count(*) {From} where {Filter}", new { tenant = tx.Tenant, type, subject, state }, ct);

    /// <summary>The mark served for a subject: active, of an active type, not over.</summary>
    public static Task<string?> FindServedAsync(Tx tx, string type, string subject, CancellationToken ct) =>
        tx.ScalarAsync<string>($"""
            select m.jwt {From}
             where m.tenant_id = @tenant and t.type = @type and m.subject = @subject and {Served}
            """, new { tenant = tx.Tenant, type, subject, now = tx.Now }, ct);

    /// <summary>Who has a mark of the type that is active and not over, in the order of their names.</summary>
    public static Task<List<string>> ListSubjectsAsync(Tx tx, string type, string? subject, CancellationToken ct) =>
        tx.ListAsync<string>($"""
            select m.subject {From}
             where m.tenant_id = @tenant and t.type = @type and {Served} and (@subject::text is null or m.subject = @subject)
             order by m.subject
            """, new { tenant = tx.Tenant, type, subject, now = tx.Now }, ct);

    /// <summary>Marks in force about one subject, as they are shown in its configuration.</summary>
    public static Task<List<MarkRow>> ListServedAsync(Tx tx, string subject, CancellationToken ct) =>
        tx.ListAsync<MarkRow>($"""
            select {Columns} {From}
             where m.tenant_id = @tenant and m.subject = @subject and {Served}
             order by t.type
            """, new { tenant = tx.Tenant, subject, now = tx.Now }, ct);

    /// <summary>Some algorithms sign the same words of the same second the same way: what was revoked a moment ago is then good again.</summary>
    public static Task AddJwtAsync(Tx tx, byte[] hash, TrustMarkId mark, string kid, DateTimeOffset expiresAt, CancellationToken ct) =>
        tx.ExecuteAsync("""
            insert into trust_mark_jwts (tenant_id, hash, mark_id, kid, issued_at, expires_at) values (@tenant, @hash, @mark, @kid, @now, @expiresAt)
            on conflict (tenant_id, hash) do update set mark_id = excluded.mark_id, revoked_at = null
            """,
            new { tenant = tx.Tenant, hash, mark, kid, now = tx.Now, expiresAt }, ct);

    /// <summary>Revokes what was signed of a mark before.</summary>
    public static Task RevokeJwtsAsync(Tx tx, TrustMarkId mark, CancellationToken ct) =>
        tx.ExecuteAsync(
            "update trust_mark_jwts set revoked_at = @now where tenant_id = @tenant and mark_id = @mark and revoked_at is null", new { tenant = tx.Tenant, mark, now = tx.Now }, ct);

    public static Task<MarkJwtRow?> FindJwtAsync(Tx tx, byte[] hash, CancellationToken ct) =>
        tx.FindAsync<MarkJwtRow>("""
            select m.state, j.expires_at, j.revoked_at,
                   exists (select 1 from federation_keys k where k.tenant_id = j.tenant_id and k.kid = j.kid and k.revoked is not null) as key_revoked
              from trust_mark_jwts j join trust_marks m on m.tenant_id = j.tenant_id and m.mark_id = j.mark_id
             where j.tenant_id = @tenant and j.hash = @hash
            """, new { tenant = tx.Tenant, hash }, ct);

    /// <summary>
    /// Marks of any tenant that are to be signed anew, because their end is near or their key signs no more, or about which somebody is to be told; the
    /// earliest end first.
    /// </summary>
    public static Task<List<DueMark>> ListDueAsync(Tx tx, int limit, CancellationToken ct) =>
        tx.ListAsync<DueMark>("""
            select tenant_id, mark_id, is_old
              from (select m.tenant_id, m.mark_id, m.expires_at, m.auto_renew, m.warned_at,
                           m.expires_at <= @now + make_interval(hours => m.renewal_hours) as is_ending,
                           not exists (select 1 from federation_keys k where k.tenant_id = m.tenant_id and k.kid = m.kid and k.state = 'active') as is_old
                      from trust_marks m
                      join trust_mark_types t on t.tenant_id = m.tenant_id and t.type_id = m.type_id
                      join federation_entities e on e.tenant_id = m.tenant_id
                     where m.state = 'active' and t.active and e.enabled) as due
             where (is_old and expires_at > @now) or (is_ending and (auto_renew or (warned_at is null and expires_at > @now)))
             order by expires_at
             limit @limit
            """, new { now = tx.Now, limit }, ct);

    /// <summary>False where somebody was told already.</summary>
    public static async Task<bool> WarnAsync(Tx tx, TrustMarkId id, CancellationToken ct) =>
        await tx.ExecuteAsync(
            "update trust_marks set warned_at = @now where tenant_id = @tenant and mark_id = @id and warned_at is null", new { tenant = tx.Tenant, id, now = tx.Now }, ct) == 1;

    public static Task<long> CountIssuedAsync(Tx tx, CancellationToken ct) =>
        tx.ScalarAsync<long>("select count(*) from trust_mark_jwts where tenant_id = @tenant", new { tenant = tx.Tenant }, ct);
}
