using Microsoft.AspNetCore.Mvc;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Audit.Storage;
using Signet.Server.Permissions;

namespace Signet.Server.Audit;

/// <summary>
/// Records of the tenant, newest first, a page at a time. Records that retention has emptied are left out. No page costs more than a look at
/// <see cref="Most"/> records, however long the log: where few of them are wanted, a page may be short, or empty, and the next one looks further back.
/// </summary>
public static class ListAudit
{
    public const int LargestPage = 200;

    /// <summary>How many records one page looks at.</summary>
    public const int Most = 200_000;

    /// <param name="Action">A whole name, or the beginning of one and a star: <c>users.*</c>.</param>
    /// <param name="Actor">The id of who did it.</param>
    /// <param name="From">The first moment.</param>
    /// <param name="To">The first moment after.</param>
    /// <param name="Agent">The id of an agent: what it did and what was done to it.</param>
    public sealed record Filter(
        string? Action = null, Outcome? Outcome = null, string? Actor = null, string? TargetKind = null, string? TargetId = null,
        DateTimeOffset? From = null, DateTimeOffset? To = null, string? RequestId = null, string? Agent = null);

    /// <param name="Next">Give it as <c>before</c> to get the next page; null on the last. A page before the last may have fewer entries than asked for.</param>
    public sealed record Page(IReadOnlyList<AuditEntry> Entries, Guid? Next);

    /// <summary>The page on the wire.</summary>
    public sealed record Listed(IReadOnlyList<AuditEventView> Entries, Guid? Next);

    public static void Map(RouteGroupBuilder management) =>
        management.MapGet("/audit", HandleAsync).Requires(Permission.ReadAudit).Produces<Listed>().WithSummary("List audit records.");

    /// <param name="before">Only records that are older than this one.</param>
    public static Task<Page> RunAsync(Db db, TenantId tenant, Filter filter, Guid? before, int limit, CancellationToken ct) =>
        RunAsync(db, tenant, filter, before, limit, Most, ct);

    internal static async Task<Page> RunAsync(Db db, TenantId tenant, Filter filter, Guid? before, int limit, int most, CancellationToken ct)
    {
        var size = Math.Clamp(limit, 1, LargestPage);
        var (entries, lookedTo) = await AuditQueries.ListAsync(db, tenant, filter, before, size + 1, most, ct);
        return entries.Count > size ? new Page(entries.GetRange(0, size), entries[size - 1].Id) : new Page(entries, lookedTo);
    }

    private static async Task<IResult> HandleAsync(
        Actor actor, Db db, CancellationToken ct, string? action = null, string? outcome = null, [FromQuery(Name = "actor")] string? actorId = null,
        [FromQuery(Name = "target_kind")] string? targetKind = null, [FromQuery(Name = "target_id")] string? targetId = null,
        DateTimeOffset? from = null, DateTimeOffset? to = null, [FromQuery(Name = "request_id")] string? requestId = null,
        Guid? before = null, int limit = 50, [FromQuery(Name = "agentId")] string? agentId = null,
        [FromQuery(Name = "startDate")] string? startDate = null, [FromQuery(Name = "endDate")] string? endDate = null)
    {
        if (outcome is not null && !SnakeCase.TryParse<Outcome>(outcome, out _))
        {
            return AuditProblems.InvalidFilter.WithError("outcome", "must be success or failure");
        }

        var agent = default(Guid);
        if (agentId is not null && !Guid.TryParse(agentId, out agent))
        {
            return AuditProblems.InvalidFilter.WithError("agentId", "must be the id of an agent");
        }

        if (AuditWindow.Read(("startDate", startDate), ("endDate", endDate), out var refusal) is not { } window)
        {
            return refusal!;
        }

        if (to < from)
        {
            return AuditProblems.InvalidWindow.WithError("to", "must not be before from");
        }

        var (own, named) = (AuditSight.OnlyOf(actor), agentId is null ? null : agent.ToString());
        if (own is not null && named is not null && named != own)
        {
            return AuditProblems.NotYours;
        }

        Outcome? wanted = outcome is null ? null : SnakeCase.Parse<Outcome>(outcome);
        var page = await RunAsync(
            db, actor.Tenant,
            new Filter(action, wanted, actorId, targetKind, targetId, window.From ?? from, window.To ?? to, requestId, own ?? named), before, limit, ct);
        return TypedResults.Ok(new Listed(await AuditEventView.ListAsync(db, actor.Tenant, page.Entries, ct), page.Next));
    }
}

/// <summary>A record as lists show it.</summary>
/// <param name="Position">Its place in the sealed log; null for a moment after it was written.</param>
public sealed record AuditEntry(
    Guid Id, long? Position, DateTimeOffset At, string Action, Outcome Outcome, ActorKind ActorKind, string? ActorId,
    string TargetKind, string TargetId, string RequestId);
