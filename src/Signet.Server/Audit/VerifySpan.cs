using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Audit.Storage;
using Signet.Server.Permissions;

namespace Signet.Server.Audit;

/// <summary>
/// What the verification of a log says of a span of time. The whole log is looked at all the same, as only its root is signed; of what is found, what
/// lies in the span is told, and what lies nowhere: a false signature vouches for nothing.
/// </summary>
internal static class VerifySpan
{
    private static readonly RateRule Limit = new("audit_verify", 30, TimeSpan.FromMinutes(1));

    /// <param name="Checked">Records looked at, sealed or not; of a span, those in it.</param>
    /// <param name="Pruned">Of all, those of which retention has left the hash.</param>
    /// <param name="Unsealed">Of all, those that have no position yet.</param>
    /// <param name="Signed">The size of the largest checkpoint that the records reproduce.</param>
    /// <param name="BrokenAtEventId">The first event that is not what it was; where it is gone, the one after it, or the last there is. Null where all is well.</param>
    public sealed record Answer(
        long Checked, long Pruned, long Unsealed, long Signed, IReadOnlyList<AuditFault> Faults, bool Verified,
        [property: JsonPropertyName("brokenAtEventId"), JsonIgnore(Condition = JsonIgnoreCondition.Never)] Guid? BrokenAtEventId)
    {
        [JsonPropertyName("checkedCount")]
        public long CheckedCount => Checked;
    }

    public static ValueTask<Problem?> LimitAsync(IRateLimits limits, Actor actor, CancellationToken ct) =>
        limits.CheckAsync(Limit, $"{actor.Tenant}/{actor.Id}", ct);

    public static async Task<IResult> HandleAsync(
        Actor actor, Origin origin, Db db, VerifyAudit verify, AuditWriter audit, IRateLimits limits, CancellationToken ct,
        [FromQuery(Name = "fromDate")] string? fromDate = null, [FromQuery(Name = "toDate")] string? toDate = null)
    {
        if (AuditWindow.Read(("fromDate", fromDate), ("toDate", toDate), out var refusal) is not { } window)
        {
            return refusal!;
        }

        return await LimitAsync(limits, actor, ct) is { } tooMany
            ? tooMany
            : TypedResults.Ok(await RunAsync(db, actor.Tenant, await verify.RunOnRecordAsync(actor.Tenant, origin, null, audit, ct), window, ct));
    }

    public static async Task<Answer> RunAsync(Db db, TenantId tenant, AuditVerification whole, AuditWindow window, CancellationToken ct)
    {
        var (records, faults) = (whole.Checked, whole.Faults);
        if (!window.IsAll)
        {
            var span = await LogRows.FindSpanAsync(db, tenant, window.From, window.To, ct);
            // Where records are gone at an edge, nothing says on which side of it they were: they count.
            var first = Math.Min(span.First ?? long.MaxValue, (span.Before ?? -1) + 1);
            var last = Math.Max(span.Last ?? -1, (span.After ?? long.MaxValue) - 1);
            (records, faults) = (span.Records, [.. faults.Where(fault => Touches(fault, first, last))]);
        }

        return new Answer(
            records, whole.Pruned, whole.Unsealed, whole.Signed, faults, faults.Count == 0, faults.Count == 0 ? null : await FindBrokenAsync(db, tenant, faults, ct));
    }

    private static bool Touches(AuditFault fault, long first, long last) => fault switch
    {
        { From: null } => true,
        { Kind: AuditFaultKind.Swapped, From: { } one, To: { } other } => (one >= first && one <= last) || (other >= first && other <= last),
        { From: { } from } => from <= last && (fault.To ?? from) >= first,
    };

    private static async Task<Guid?> FindBrokenAsync(Db db, TenantId tenant, IReadOnlyList<AuditFault> faults, CancellationToken ct)
    {
        var earliest = faults.MinBy(fault => fault.From ?? long.MaxValue)!;
        return earliest.Record ?? await LogRows.FindIdAtAsync(db, tenant, earliest.From ?? 0, ct);
    }
}
