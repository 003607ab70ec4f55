using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Federation.Storage;
using Signet.Server.Tenants;

namespace Signet.Server.Federation;

/// <summary>
/// Every five minutes: signs marks anew whose end is near or whose key signs no more, and says of those nobody renews that they end. Each in its own
/// transaction, so that one that can't be signed takes no other with it; can run as often as you like, and on many nodes.
/// </summary>
public sealed class RenewMarks(Db db, TenantDirectory tenants, ChangeMark change, DelegateMarkType delegates, ShowOwnMark own)
{
    public const string Job = "federation.trust_marks";

    private const int AtOnce = 500;

    /// <param name="Renewed">How many were signed anew.</param>
    /// <param name="Warned">Of how many it was said that they end.</param>
    /// <param name="Failed">How many should have been signed anew and were not: their type is inactive or no longer ours.</param>
    public sealed record Report(int Renewed, int Warned, int Failed);

    public async Task<Report> RunAsync(Origin origin, CancellationToken ct)
    {
        await delegates.RenewAsync(origin, ct);
        var report = new Report(0, await own.WarnAsync(origin, ct), 0);
        var due = await db.AcrossTenantsAsync(origin, "trust marks that end soon", tx => MarkRows.ListDueAsync(tx, AtOnce, ct), ct);
        foreach (var mark in due)
        {
            ct.ThrowIfCancellationRequested();
            if (await tenants.FindAsync(mark.TenantId, ct) is { } tenant)
            {
                report = await RunAsync(tenant, origin, mark, report, ct);
            }
        }

        return report;
    }

    /// <summary>Signs every active mark of the tenant anew: after a change of keys, or of what a type says.</summary>
    public async Task<Report> ReissueAsync(Tenant tenant, Origin origin, CancellationToken ct)
    {
        for (var (report, offset) = (new Report(0, 0, 0), 0); ; offset += AtOnce)
        {
            var (marks, _) = await ListMarks.RunAsync(db, tenant.Id, new ListMarks.Query(null, null, MarkState.Active, AtOnce, offset), ct);
            foreach (var mark in marks)
            {
                report = await change.RenewAsync(tenant, origin, mark.Id, ct) is MarkChange.Done
                    ? report with { Renewed = report.Renewed + 1 }
                    : report with { Failed = report.Failed + 1 };
            }

            if (marks.Count < AtOnce)
            {
                return report;
            }
        }
    }

    private async Task<Report> RunAsync(Tenant tenant, Origin origin, DueMark due, Report report, CancellationToken ct)
    {
        if (await ListMarks.FindAsync(db, tenant.Id, due.MarkId, ct) is not { State: MarkState.Active } mark)
        {
            return report;
        }

        if (mark.AutoRenew || due.IsOld)
        {
            return await change.RenewAsync(tenant, origin, mark.Id, ct, keepEnd: !mark.AutoRenew) is MarkChange.Done
                ? report with { Renewed = report.Renewed + 1 }
                : report with { Failed = report.Failed + 1 };
        }

        return await db.InTenantAsync(tenant.Id, async tx =>
        {
            if (!await MarkRows.WarnAsync(tx, mark.Id, ct))
            {
                return report;
            }

            tx.Emit(origin, new MarkExpiring(mark.Id, mark.Type, mark.Subject, mark.ExpiresAt));
            return report with { Warned = report.Warned + 1 };
        }, ct);
    }
}
