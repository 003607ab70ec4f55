using Signet.Platform.Cache;
using Signet.Platform.Data;
using Signet.Server.Audit;
using Signet.Server.Console.Pages;
using Signet.Server.Permissions;
using Signet.Server.Ui;

namespace Signet.Server.Console;

/// <summary>The first page: whether all is well, what happened lately, and what to do next. Nothing on it scans a table.</summary>
internal static class OverviewPages
{
    /// <summary>Entries read for the list; the same act over and over is one line of it.</summary>
    private const int Read = 30;

    private const int Shown = 8;

    public static void Map(RouteGroupBuilder console) => console.MapGet("", ShowAsync).Requires(Permission.ReadUsers);

    private static async Task<IResult> ShowAsync(
        HttpContext context, Actor actor, Db db, CountRecords count, AuditNames names, RedisConnection redis, TimeProvider time, CancellationToken ct)
    {
        var latest = (await ListAudit.RunAsync(db, actor.Tenant, new ListAudit.Filter(), null, Read, ct)).Entries;
        return new Page<OverviewPage>(new
        {
            Counts = await count.RunAsync(actor.Tenant, ct),
            Activity = await CountActivity.RunAsync(db, actor.Tenant, time.GetUtcNow(), ct),
            Latest = AuditWords.ToMoments(latest, await names.OfAsync(actor.Tenant, latest, ct), context.Request.PathBase.Value ?? "").Take(Shown).ToList(),
            Redis = redis.Status,
        });
    }
}
