using Signet.Platform.Data;
using Signet.Server.Federation.Storage;
using Signet.Server.Permissions;

namespace Signet.Server.Federation;

/// <summary>The trust marks a tenant's entity issued, newest first.</summary>
public static class ListMarks
{
    private const int LargestPage = 500;

    public sealed record Page(IReadOnlyList<MarkView> Items, long Count);

    /// <param name="Domain">The subject; an empty text means all.</param>
    public sealed record OfSubject(string Domain);

    /// <summary>Which marks; what is null does not narrow.</summary>
    public sealed record Query(string? Type = null, string? Subject = null, MarkState? State = null, int Limit = 100, int Offset = 0);

    public static void Map(RouteGroupBuilder marks)
    {
        marks.MapGet("", async (Actor actor, Db db, CancellationToken ct, string? tmtype = null, string? domain = null, MarkState? state = null, int limit = 100, int offset = 0) =>
                await PageAsync(db, actor.Tenant, new Query(tmtype, domain, state, limit, offset), ct))
            .Requires(Permission.ReadFederation).Produces<Page>().WithSummary("List trust marks.");
        marks.MapPost("/list", async (OfSubject request, Actor actor, Db db, CancellationToken ct, int limit = 100, int offset = 0) =>
                await PageAsync(db, actor.Tenant, new Query(null, request.Domain is { Length: > 0 } subject ? subject : null, null, limit, offset), ct))
            .Requires(Permission.ReadFederation).Produces<Page>().WithSummary("List the trust marks of a subject.");
        marks.MapGet("/{id}", async (TrustMarkId id, Actor actor, Db db, CancellationToken ct) =>
                await FindAsync(db, actor.Tenant, id, ct) is { } mark ? TypedResults.Ok(MarkView.Of(mark)) : (IResult)TrustMarkProblems.NotFound)
            .Requires(Permission.ReadFederation).Produces<MarkView>().WithSummary("One trust mark.");
    }

    public static Task<(IReadOnlyList<IssuedMark> Marks, long Count)> RunAsync(Db db, TenantId tenant, Query query, CancellationToken ct)
    {
        var state = query.State is { } wanted ? SnakeCase.Of(wanted) : null;
        return db.InTenantAsync<(IReadOnlyList<IssuedMark>, long)>(tenant, async tx =>
        (
            [.. (await MarkRows.ListAsync(tx, query.Type, query.Subject, state, Math.Clamp(query.Limit, 1, LargestPage), Math.Max(query.Offset, 0), ct)).Select(row => row.ToMark())],
            await MarkRows.CountAsync(tx, query.Type, query.Subject, state, ct)
        ), ct);
    }

    public static Task<IssuedMark?> FindAsync(Db db, TenantId tenant, TrustMarkId id, CancellationToken ct) =>
        db.InTenantAsync(tenant, async tx => (await MarkRows.FindAsync(tx, id, ct))?.ToMark(), ct);

    private static async Task<IResult> PageAsync(Db db, TenantId tenant, Query query, CancellationToken ct)
    {
        var (marks, count) = await RunAsync(db, tenant, query, ct);
        return TypedResults.Ok(new Page([.. marks.Select(MarkView.Of)], count));
    }
}
