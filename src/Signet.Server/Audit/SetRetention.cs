using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Audit.Storage;
using Signet.Server.Permissions;

namespace Signet.Server.Audit;

/// <summary>How many days the tenant keeps the content of its records; without a rule, for ever.</summary>
public static class SetRetention
{
    public const int LongestDays = 36500;

    /// <param name="Days">Null: for ever.</param>
    public sealed record Rule(int? Days);

    public static void Map(RouteGroupBuilder management)
    {
        management.MapGet("/audit/retention", FindAsync).Requires(Permission.ReadAudit).WithSummary("How long audit records are kept.");
        management.MapPut("/audit/retention", HandleAsync).Requires(Permission.ManageAudit).WithSummary("Change how long audit records are kept.");
    }

    /// <param name="days">Null: for ever.</param>
    public static async Task RunAsync(Tx tx, Origin origin, int? days, CancellationToken ct)
    {
        await Retention.SetAsync(tx, tx.Tenant, days, ct);
        tx.Emit(origin, new AuditRetentionChanged(tx.Tenant, days));
    }

    /// <summary>Null: for ever.</summary>
    public static Task<int?> FindDaysAsync(Db db, TenantId tenant, CancellationToken ct) =>
        db.InTenantAsync(tenant, tx => Retention.FindDaysAsync(tx, tenant, ct), ct);

    private static async Task<IResult> FindAsync(Actor actor, Db db, CancellationToken ct) =>
        TypedResults.Ok(new Rule(await FindDaysAsync(db, actor.Tenant, ct)));

    private static async Task<IResult> HandleAsync(Rule request, Actor actor, Origin origin, Db db, CancellationToken ct)
    {
        if (request.Days is < 1 or > LongestDays)
        {
            return AuditProblems.InvalidRetention.WithError("days", "must be from 1 to 36500, or null");
        }

        await db.InTenantAsync(actor.Tenant, tx => RunAsync(tx, origin, request.Days, ct), ct);
        return TypedResults.Ok(request);
    }
}
