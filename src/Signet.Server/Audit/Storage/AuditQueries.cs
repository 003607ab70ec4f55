using System.Buffers.Binary;
using Signet.Platform.Data;

namespace Signet.Server.Audit.Storage;

/// <param name="Records">All of the hour, whatever they tell of.</param>
internal sealed record HourRow(DateTimeOffset Hour, long Records, long SignIns, long Refusals);

/// <summary>Reads for screens and the API.</summary>
internal static class AuditQueries
{
    // A record's id is made after the moment it tells of, within the longest a transaction may take.
    private static readonly TimeSpan LongestTransaction = TimeSpan.FromMinutes(10);

    public static Task<List<AuditEntry>> ListAsync(Db db, TenantId tenant, ListAudit.Filter filter, Guid? before, int limit, CancellationToken ct)
    {
        var prefix = filter.Action is [.. var beginning, '*'] ? beginning : null;
        List<string> conditions = ["tenant_id = @tenant", "content is not null"];
        Add(prefix is not null, "starts_with(action, @prefix)");
        Add(prefix is null && filter.Action is not null, "action = @action");
        Add(filter.Outcome is not null, "outcome = @outcome");
        Add(filter.Actor is not null, "actor_id = @actor");
        Add(filter.TargetKind is not null, "target_kind = @targetKind");
        Add(filter.TargetId is not null, "target_id = @targetId");
        Add(filter.RequestId is not null, "request_id = @requestId");
        // Ids follow time, so a range of ids keeps the scan to the days that are asked for.
        Add(filter.From is not null, "recorded_at >= @from and id >= @firstId");
        Add(filter.To is not null, "recorded_at < @to and id < @lastId");
        Add(before is not null, "id < @before");
        return db.ListInTenantAsync<AuditEntry>(tenant, $"""
            select id, position, recorded_at as at, action, outcome, actor_kind, actor_id, target_kind, target_id, request_id
              from audit_events
             where {string.Join(" and ", conditions)}
             order by id desc
             limit @limit
            """, new
        {
            tenant,
            prefix,
            action = filter.Action,
            outcome = filter.Outcome,
            actor = filter.Actor,
            targetKind = filter.TargetKind,
            targetId = filter.TargetId,
            requestId = filter.RequestId,
            from = filter.From?.ToUniversalTime(),
            to = filter.To?.ToUniversalTime(),
            firstId = FirstIdOf(filter.From ?? default),
            lastId = FirstIdOf((filter.To ?? default) is var to && to < DateTimeOffset.MaxValue - LongestTransaction ? to + LongestTransaction : to),
            before,
            limit,
        }, ct);

        void Add(bool isAsked, string condition)
        {
            if (isAsked)
            {
                conditions.Add(condition);
            }
        }
    }

    /// <summary>Of the newest <paramref name="most"/> records since then, by the hour; hours without a record are left out.</summary>
    public static Task<List<HourRow>> CountByHourAsync(Db db, TenantId tenant, DateTimeOffset from, int most, CancellationToken ct) =>
        db.ListInTenantAsync<HourRow>(tenant, """
            select date_trunc('hour', recorded_at, 'UTC') as hour, count(*) as records,
                   count(*) filter (where action = 'auth.login') as sign_ins, count(*) filter (where outcome = 'failure') as refusals
              from (select recorded_at, action, outcome from audit_events
                     where tenant_id = @tenant and id >= @firstId and recorded_at >= @from
                     order by id desc
                     limit @most) as newest
             group by 1
            """, new { tenant, from = from.ToUniversalTime(), firstId = FirstIdOf(from), most }, ct);

    public static Task<LogRow?> FindAsync(Db db, TenantId tenant, Guid id, CancellationToken ct) => db.FindInTenantAsync<LogRow>(tenant, $"""
        select {LogRow.Columns} from audit_events where tenant_id = @tenant and id = @id
        """, new { tenant, id }, ct);

    /// <summary>RFC 9562 §5.7: the first 48 bits are the milliseconds since 1970.</summary>
    private static Guid FirstIdOf(DateTimeOffset at)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        BinaryPrimitives.WriteInt64BigEndian(bytes, Math.Max(0, at.ToUnixTimeMilliseconds()) << 16);
        return new Guid(bytes, bigEndian: true);
    }
}
