using Signet.Platform.Data;

namespace Signet.Server.Federation.Storage;

internal sealed record MarkRequestRow(
    TrustMarkRequestId RequestId, TrustMarkTypeId TypeId, string Type, string Subject, string State, string? Note, DateTimeOffset? DecidedAt, string? Reason,
    DateTimeOffset CreatedAt)
{
    public MarkRequest ToRequest() => new(RequestId, TypeId, Type, Subject, SnakeCase.Parse<MarkRequestState>(State), Note, DecidedAt, Reason, CreatedAt);
}

internal static class MarkRequestRows
{
    private const string Columns = "r.request_id, r.type_id, t.type, r.subject, r.state, r.note, r.decided_at, r.reason, r.created_at";

    private const string From = "from trust_mark_requests r join trust_mark_types t on t.tenant_id = r.tenant_id and t.type_id = r.type_id";

    /// <summary>False where the subject has asked for this and waits.</summary>
    public static async Task<bool> InsertAsync(Tx tx, TrustMarkRequestId id, TrustMarkTypeId type, string subject, string? note, CancellationToken ct) =>
        await tx.ExecuteAsync("""
            insert into trust_mark_requests (tenant_id, request_id, type_id, subject, state, note, created_at)
            values (@tenant, @id, @type, @subject, 'pending', @note, @now)
            on conflict (tenant_id, type_id, subject) where state = 'pending' do nothing
            """, new { tenant = tx.Tenant, id, type, subject, note, now = tx.Now }, ct) == 1;

    /// <summary>Holds it: of two who decide at once, one does.</summary>
    public static Task<MarkRequestRow?> LockAsync(Tx tx, TrustMarkRequestId id, CancellationToken ct) =>
        tx.FindAsync<MarkRequestRow>($"select {Columns} {From} where r.tenant_id = @tenant and r.request_id = @id for update of r", new { tenant = tx.Tenant, id }, ct);

    public static Task<List<MarkRequestRow>> ListAsync(Tx tx, string? state, int limit, int offset, CancellationToken ct) =>
        tx.ListAsync<MarkRequestRow>(
            $"select {Columns} {From} where r.tenant_id = @tenant and (@state::text is null or r.state = @state) order by r.request_id desc limit @limit offset @offset",
            new { tenant = tx.Tenant, state, limit, offset }, ct);

    public static Task<long> CountAsync(Tx tx, string? state, CancellationToken ct) =>
        tx.ScalarAsync<long>("select count(*) from trust_mark_requests where tenant_id = @tenant and (@state::text is null or state = @state)", new { tenant = tx.Tenant, state }, ct);

    public static Task DecideAsync(Tx tx, TrustMarkRequestId id, string state, string? reason, CancellationToken ct) =>
        tx.ExecuteAsync("""
            update trust_mark_requests set state = @state, reason = @reason, decided_at = @now
             where tenant_id = @tenant and request_id = @id
            """, new { tenant = tx.Tenant, id, state, reason, now = tx.Now }, ct);
}
