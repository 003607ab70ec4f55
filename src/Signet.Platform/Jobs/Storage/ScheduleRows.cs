using Signet.Platform.Data;

namespace Signet.Platform.Jobs.Storage;

internal sealed record DueSchedule(string Name, DateTimeOffset NextRun);

internal static class ScheduleRows
{
    public static Task RegisterAsync(Tx tx, string name, string cron, DateTimeOffset? nextRun, CancellationToken ct) => tx.ExecuteAsync("""
        insert into schedules (name, cron, next_run) values (@name, @cron, @nextRun)
        on conflict (name) do update set cron = excluded.cron, next_run = excluded.next_run where schedules.cron <> excluded.cron
        """, new { name, cron, nextRun }, ct);

    public static Task<List<DueSchedule>> TakeDueAsync(Tx tx, string[] names, CancellationToken ct) => tx.ListAsync<DueSchedule>("""
        select name, next_run from schedules where name = any(@names) and next_run <= @now order by name for update skip locked
        """, new { names, now = tx.Now }, ct);

    public static Task MoveAsync(Tx tx, string name, DateTimeOffset? nextRun, CancellationToken ct) => tx.ExecuteAsync("""
        update schedules set last_run = next_run, next_run = @nextRun where name = @name
        """, new { name, nextRun }, ct);
}
