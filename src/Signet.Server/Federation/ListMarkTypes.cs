using Signet.Platform.Data;
using Signet.Server.Federation.Storage;
using Signet.Server.Permissions;

namespace Signet.Server.Federation;

/// <summary>The types of trust mark a tenant knows, by name.</summary>
public static class ListMarkTypes
{
    private const int LargestPage = 500;

    public sealed record Page(IReadOnlyList<MarkTypeView> Items, long Count);

    public static void Map(RouteGroupBuilder types)
    {
        types.MapGet("", HandleAsync).Requires(Permission.ReadFederation).Produces<Page>().WithSummary("List types of trust marks; with tmtype, the one of that name.");
        types.MapGet("/{id}", ShowAsync).Requires(Permission.ReadFederation).Produces<MarkTypeView>().WithSummary("One type of trust mark.");
    }

    public static Task<(IReadOnlyList<MarkType> Types, long Count)> RunAsync(Db db, TenantId tenant, int limit, int offset, CancellationToken ct) =>
        db.InTenantAsync<(IReadOnlyList<MarkType>, long)>(tenant, async tx =>
            ([.. (await MarkTypeRows.ListAsync(tx, limit, offset, ct)).Select(row => row.ToType())], await MarkTypeRows.CountAsync(tx, ct)), ct);

    public static Task<MarkType?> FindAsync(Db db, TenantId tenant, TrustMarkTypeId id, CancellationToken ct) =>
        db.InTenantAsync(tenant, async tx => (await MarkTypeRows.FindAsync(tx, id, ct))?.ToType(), ct);

    private static async Task<IResult> HandleAsync(Actor actor, Db db, CancellationToken ct, string? tmtype = null, int limit = 100, int offset = 0)
    {
        if (tmtype is not null)
        {
            var one = await db.InTenantAsync(actor.Tenant, tx => MarkTypeRows.FindByNameAsync(tx, tmtype, ct), ct);
            return one is null ? TrustMarkProblems.TypeNotFound : TypedResults.Ok(new Page([MarkTypeView.Of(one.ToType())], 1));
        }

        var (types, count) = await RunAsync(db, actor.Tenant, Math.Clamp(limit, 1, LargestPage), Math.Max(offset, 0), ct);
        return TypedResults.Ok(new Page([.. types.Select(MarkTypeView.Of)], count));
    }

    private static async Task<IResult> ShowAsync(TrustMarkTypeId id, Actor actor, Db db, CancellationToken ct) =>
        await FindAsync(db, actor.Tenant, id, ct) is { } type ? TypedResults.Ok(MarkTypeView.Of(type)) : TrustMarkProblems.TypeNotFound;
}
