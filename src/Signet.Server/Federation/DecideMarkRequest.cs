using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Federation.Storage;
using Signet.Server.Permissions;
using Signet.Server.Tenants;

namespace Signet.Server.Federation;

/// <summary>Lists what subordinates ask for, and decides: an approval issues the mark in the same transaction, or neither happens.</summary>
public sealed class DecideMarkRequest(Db db, MarkIssuers issuers, IssueMark issue)
{
    private const int LargestPage = 500;

    public sealed record Page(IReadOnlyList<MarkRequest> Items, long Count);

    /// <param name="Reason">Goes on record.</param>
    public sealed record Denial(string? Reason = null);

    public static void Map(RouteGroupBuilder requests)
    {
        requests.MapGet("", async (Actor actor, Db db, CancellationToken ct, MarkRequestState? state = null, int limit = 100, int offset = 0) =>
            {
                var (items, count) = await ListAsync(db, actor.Tenant, state, Math.Clamp(limit, 1, LargestPage), Math.Max(offset, 0), ct);
                return TypedResults.Ok(new Page(items, count));
            })
            .Requires(Permission.ReadFederation).Produces<Page>().WithSummary("Trust marks that subordinates asked for, newest first.");
        requests.MapPost("/{id}/approve", async (TrustMarkRequestId id, Tenant tenant, Origin origin, DecideMarkRequest decide, CancellationToken ct) =>
                await decide.ApproveAsync(tenant, origin, id, ct) switch
                {
                    MarkChange.Done done => TypedResults.Ok(MarkView.Of(done.Mark)),
                    MarkChange.Refused refused => (IResult)refused.Problem,
                    _ => throw new System.Diagnostics.UnreachableException(),
                })
            .Requires(Permission.ManageFederation).Produces<MarkView>().WithSummary("Issue the trust mark that was asked for.");
        requests.MapPost("/{id}/deny", async (TrustMarkRequestId id, Denial request, Tenant tenant, Origin origin, DecideMarkRequest decide, CancellationToken ct) =>
                await decide.DenyAsync(tenant, origin, id, request.Reason, ct) is { } refusal ? (IResult)refusal : TypedResults.NoContent())
            .Requires(Permission.ManageFederation).WithSummary("Deny the trust mark that was asked for.");
    }

    public static Task<(IReadOnlyList<MarkRequest> Items, long Count)> ListAsync(Db db, TenantId tenant, MarkRequestState? state, int limit, int offset, CancellationToken ct)
    {
        var wanted = state is { } one ? SnakeCase.Of(one) : null;
        return db.InTenantAsync<(IReadOnlyList<MarkRequest>, long)>(tenant, async tx =>
            ([.. (await MarkRequestRows.ListAsync(tx, wanted, limit, offset, ct)).Select(row => row.ToRequest())], await MarkRequestRows.CountAsync(tx, wanted, ct)), ct);
    }

    public async Task<MarkChange> ApproveAsync(Tenant tenant, Origin origin, TrustMarkRequestId id, CancellationToken ct)
    {
        var issuer = await issuers.FindAsync(tenant, ct);
        return await db.InTenantAsync(tenant.Id, async tx =>
        {
            if (await MarkRequestRows.LockAsync(tx, id, ct) is not { } row)
            {
                return new MarkChange.Refused(TrustMarkProblems.RequestNotFound);
            }

            if (issuer is null)
            {
                return new MarkChange.Refused(FederationProblems.Off);
            }

            var issued = row.State == SnakeCase.Of(MarkRequestState.Pending)
                ? await issue.RunAsync(tx, origin, issuer, new IssueMark.Request(row.Subject, row.TypeId), ct)
                : new MarkChange.Refused(TrustMarkProblems.Decided);
            if (issued is not MarkChange.Done done)
            {
                return issued;
            }

            await MarkRequestRows.DecideAsync(tx, id, SnakeCase.Of(MarkRequestState.Approved), null, ct);
            tx.Emit(origin, new MarkRequestApproved(id, row.Type, row.Subject, done.Mark.Id));
            return issued;
        }, ct);
    }

    /// <summary>Null where it is denied.</summary>
    public Task<Problem?> DenyAsync(Tenant tenant, Origin origin, TrustMarkRequestId id, string? reason, CancellationToken ct) =>
        db.InTenantAsync<Problem?>(tenant.Id, async tx =>
        {
            if (reason is { Length: > 500 })
            {
                return TrustMarkProblems.Invalid.WithError("reason", "is to be at most 500 characters");
            }

            if (await MarkRequestRows.LockAsync(tx, id, ct) is not { } row)
            {
                return TrustMarkProblems.RequestNotFound;
            }

            if (row.State != SnakeCase.Of(MarkRequestState.Pending))
            {
                return TrustMarkProblems.Decided;
            }

            await MarkRequestRows.DecideAsync(tx, id, SnakeCase.Of(MarkRequestState.Denied), reason, ct);
            tx.Emit(origin, new MarkRequestDenied(id, row.Type, row.Subject, reason));
            return null;
        }, ct);
}
