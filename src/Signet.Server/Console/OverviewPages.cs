using Signet.Platform.Cache;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Audit;
using Signet.Server.Console.Pages;
using Signet.Server.Permissions;
using Signet.Server.Ui;

namespace Signet.Server.Console;

/// <summary>The first page: whether all is well, what happened lately, and what to do next. Nothing on it scans a table.</summary>
internal static class OverviewPages
{
    /// <summary>Figures are counted no further than this.</summary>
    private const int Most = ListAudit.LargestPage - 1;

    public static void Map(RouteGroupBuilder console) => console.MapGet("", ShowAsync).Requires(Permission.ReadUsers);

    private static async Task<IResult> ShowAsync(
        Actor actor, Db db, CountRecords count, AuditNames names, RedisConnection redis, TimeProvider time, CancellationToken ct)
    {
        var since = time.GetUtcNow().AddDays(-1);
        var latest = (await ListAudit.RunAsync(db, actor.Tenant, new ListAudit.Filter(), null, 10, ct)).Entries;
        return new Page<OverviewPage>(new
        {
            Counts = await count.RunAsync(actor.Tenant, ct),
            SignIns = await CountAsync(db, actor.Tenant, new ListAudit.Filter("auth.login", From: since), ct),
            Refused = await CountAsync(db, actor.Tenant, new ListAudit.Filter(Outcome: Outcome.Failure, From: since), ct),
            Latest = latest,
            Names = await names.OfAsync(actor.Tenant, latest, ct),
            Redis = redis.Status,
        });
    }

    private static async Task<string> CountAsync(Db db, TenantId tenant, ListAudit.Filter filter, CancellationToken ct)
    {
        var page = await ListAudit.RunAsync(db, tenant, filter, null, Most, ct);
        return page.Next is null ? page.Entries.Count.ToString("N0") : $"{Most:N0}+";
    }
}
