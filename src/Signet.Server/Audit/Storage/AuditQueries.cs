using System.Buffers.Binary;
using Signet.Platform.Data;
using Signet.Platform.Outbox;

namespace Signet.Server.Audit.Storage;

internal sealed record HourRow(DateTimeOffset Hour, long SignIns, long Refusals);

internal sealed record ContentRow(Guid Id, byte[]? Content);

/// <summary>Reads for screens and the API.</summary>
internal static class AuditQueries
{
    // A record's id is made after the moment it tells of, within the longest a transaction may take.
    private static readonly TimeSpan LongestTransaction = TimeSpan.FromMinutes(10);

    /// <summary>Of the newest <paramref name="most"/> records that an index leads to, those that meet all of the filter.</summary>
    /// <returns>Up to <paramref name="limit"/> of them, and how far was looked: null where that was all there are.</returns>
    public static async Task<(List<AuditEntry> Entries, Guid? LookedTo)> ListAsync(
        Db db, TenantId tenant, ListAudit.Filter filter, Guid? before, int limit, int most, CancellationToken ct)
    {
        var prefix = filter.Action is [.. var beginning, '*'] ? beginning : null;
        // What an index leads to: who, to what, under which reference, and when, as ids follow time.
        List<string> led = ["tenant_id = @tenant"];
        Add(led, filter.Actor is not null, "actor_id = @actor");
        Add(led, filter.TargetId is not null, "target_id = @targetId");
        Add(led, filter.RequestId is not null, "request_id = @requestId");
        // Written out, so that the index of refusals alone serves it.
        Add(led, filter.Outcome is Outcome.Failure, "outcome = 'failure'");
        Add(led, filter.From is not null, "id >= @firstId");
        Add(led, filter.To is not null, "id < @lastId");
        Add(led, before is not null, "id < @before");
        // What each of these is asked then.
        List<string> asked = ["content is not null"];
        Add(asked, prefix is not null, "starts_with(action, @prefix)");
        Add(asked, prefix is null && filter.Action is not null, "action = @action");
        Add(asked, filter.Outcome is Outcome.Success, "outcome = 'success'");
        Add(asked, filter.TargetKind is not null, "target_kind = @targetKind");
        Add(asked, filter.From is not null, "recorded_at >= @from");
        Add(asked, filter.To is not null, "recorded_at < @to");
        var values = new
        {
            tenant,
            prefix,
            action = filter.Action,
            actor = filter.Actor,
            agent = filter.Agent,
            targetKind = filter.TargetKind,
            targetId = filter.TargetId,
            requestId = filter.RequestId,
            from = filter.From?.ToUniversalTime(),
            to = filter.To?.ToUniversalTime(),
            firstId = FirstIdOf(filter.From ?? default),
            lastId = FirstIdOf((filter.To ?? default) is var to && to < DateTimeOffset.MaxValue - LongestTransaction ? to + LongestTransaction : to),
            before,
            limit,
            most,
        };
        var source = SourceOf(filter, string.Join(" and ", led));
        var entries = await db.ListInTenantAsync<AuditEntry>(tenant, $"""
            select id, position, recorded_at as at, action, outcome, actor_kind, actor_id, target_kind, target_id, request_id
              from (select * from {source} order by id desc limit @most) as newest
             where {string.Join(" and ", asked)}
             order by id desc
             limit @limit
            """, values, ct);
        if (entries.Count == limit)
        {
            return (entries, null);
        }

        var last = await db.ListInTenantAsync<Guid>(
            tenant, $"select id from {source} order by id desc offset @most - 1 limit 1", values, ct);
        return (entries, last is [var id] ? id : null);

        static void Add(List<string> conditions, bool isNamed, string condition)
        {
            if (isNamed)
            {
                conditions.Add(condition);
            }
        }
    }

    /// <summary>What is said of each of these records; without those that are gone.</summary>
    public static Task<List<ContentRow>> ListContentsAsync(Db db, TenantId tenant, Guid[] ids, CancellationToken ct) => db.ListInTenantAsync<ContentRow>(tenant, """
        select id, content from audit_events where tenant_id = @tenant and id = any(@ids)
        """, new { tenant, ids }, ct);

    // What an agent did and what was done to it lie in two indexes; the two halves have no record in common, so the newest come from merging them.
    private static string SourceOf(ListAudit.Filter filter, string led) => filter.Agent is null
        ? $"(select * from audit_events where {led}) as led"
        : $"""
            (select * from audit_events where {led} and target_id = @agent
             union all
             select * from audit_events where {led} and actor_id = @agent and target_id is distinct from @agent) as led
            """;

    /// <summary>Sign-ins and refusals since then by the hour, of each no more than the newest <paramref name="most"/>; hours without one are left out.</summary>
    public static Task<List<HourRow>> CountByHourAsync(Db db, TenantId tenant, DateTimeOffset from, int most, CancellationToken ct) =>
        db.ListInTenantAsync<HourRow>(tenant, """
            with sign_ins as (
                select recorded_at from audit_events
                 where tenant_id = @tenant and action = 'auth.login' and id >= @firstId and recorded_at >= @from
                 order by id desc
                 limit @most),
            refusals as (
                select recorded_at from audit_events
                 where tenant_id = @tenant and outcome = 'failure' and id >= @firstId and recorded_at >= @from
                 order by id desc
                 limit @most)
            select date_trunc('hour', recorded_at, 'UTC') as hour, count(*) filter (where is_sign_in) as sign_ins, count(*) filter (where not is_sign_in) as refusals
              from (select recorded_at, true as is_sign_in from sign_ins union all select recorded_at, false from refusals) as counted
             group by 1
            """, new { tenant, from = from.ToUniversalTime(), firstId = FirstIdOf(from), most }, ct);

    public static Task<LogRow?> FindAsync(Db db, TenantId tenant, Guid id, CancellationToken ct) => db.FindInTenantAsync<LogRow>(tenant, $"""
        select {LogRow.Columns} from audit_events where tenant_id = @tenant and id = @id
        """, new { tenant, id }, ct);

    /// <summary>Null where there is no such record, or retention has emptied it.</summary>
    public static Task<byte[]?> FindContentAsync(Tx tx, Guid id, CancellationToken ct) => tx.ScalarAsync<byte[]>("""
        select content from audit_events where tenant_id = @tenant and id = @id
        """, new { tenant = tx.Tenant, id }, ct);

    /// <summary>RFC 9562 §5.7: the first 48 bits are the milliseconds since 1970.</summary>
    private static Guid FirstIdOf(DateTimeOffset at)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        BinaryPrimitives.WriteInt64BigEndian(bytes, Math.Max(0, at.ToUnixTimeMilliseconds()) << 16);
        return new Guid(bytes, bigEndian: true);
    }
}
