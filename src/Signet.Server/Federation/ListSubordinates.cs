using System.Text.Json;
using Signet.OpenIdFederation;
using Signet.Platform.Data;
using Signet.Server.Federation.Storage;
using Signet.Server.Permissions;
using Signet.Server.Tenants;

namespace Signet.Server.Federation;

/// <summary>The subordinates of a tenant's entity, in the order of their identifiers; one of them, its history, what is said of it.</summary>
public static class ListSubordinates
{
    private const int LargestPage = 500;
    private const int LongestHistory = 200;

    public sealed record Page(IReadOnlyList<SubordinateView> Items, long Count);

    /// <param name="Changes">By field: what it was before and is after.</param>
    public sealed record Moment(string Event, string? Description, JsonElement Changes, DateTimeOffset HappenedAt);

    public sealed record History(IReadOnlyList<Moment> Events);

    /// <summary>Which; what is null does not narrow.</summary>
    public sealed record Query(SubordinateState? State = null, string? Search = null, string? Type = null, int Limit = 100, int Offset = 0);

    public static void Map(RouteGroupBuilder subordinates)
    {
        subordinates.MapGet("", async (
                Actor actor, Db db, CancellationToken ct, SubordinateState? state = null, string? q = null, string? entity_type = null, int limit = 100, int offset = 0) =>
            {
                var (items, count) = await RunAsync(db, actor.Tenant, new Query(state, q, entity_type, limit, offset), ct);
                return TypedResults.Ok(new Page([.. items.Select(SubordinateView.Of)], count));
            })
            .Requires(Permission.ReadFederation).Produces<Page>().WithSummary("List subordinates.");
        subordinates.MapGet("/{id}", async (SubordinateId id, HttpContext context, Actor actor, Db db, CancellationToken ct) =>
            {
                if (await FindAsync(db, actor.Tenant, id, ct) is not { } subordinate)
                {
                    return FederationProblems.SubordinateNotFound;
                }

                context.Response.Headers.ETag = ChangeEntity.TagOf(subordinate.Version);
                return (IResult)TypedResults.Ok(SubordinateView.Of(subordinate));
            })
            .Requires(Permission.ReadFederation).Produces<SubordinateView>().WithSummary("One subordinate.");
        subordinates.MapGet("/{id}/events", async (SubordinateId id, Actor actor, Db db, CancellationToken ct) =>
                await FindAsync(db, actor.Tenant, id, ct) is { } subordinate
                    ? TypedResults.Ok(new History(await HistoryAsync(db, actor.Tenant, subordinate.Entity, ct)))
                    : (IResult)FederationProblems.SubordinateNotFound)
            .Requires(Permission.ReadFederation).Produces<History>().WithSummary("What became of a subordinate.");
        subordinates.MapGet("/{id}/preview", async (SubordinateId id, Tenant tenant, Db db, Superiors superiors, TimeProvider time, CancellationToken ct) =>
                await FindAsync(db, tenant.Id, id, ct) is not { } subordinate ? FederationProblems.SubordinateNotFound
                : await superiors.FindAsync(tenant, ct) is not { } superior ? FederationProblems.Off
                : SignSubordinate.Preview(superior, subordinate, time.GetUtcNow(), out var fault) is { } preview ? TypedResults.Ok(preview)
                : (IResult)FederationProblems.SubordinateRefused.WithError(fault!.Value.Field, fault.Value.Detail))
            .Requires(Permission.ReadFederation).Produces<StatementPreview>().WithSummary("What is said of a subordinate, and what its metadata come to.");
    }

    public static Task<(IReadOnlyList<Subordinate> Items, long Count)> RunAsync(Db db, TenantId tenant, Query query, CancellationToken ct)
    {
        var state = query.State is { } wanted ? SnakeCase.Of(wanted) : null;
        return db.InTenantAsync<(IReadOnlyList<Subordinate>, long)>(tenant, async tx =>
        (
            [.. (await SubordinateRows.ListAsync(tx, state, query.Search, query.Type, Math.Clamp(query.Limit, 1, LargestPage), Math.Max(query.Offset, 0), ct)).Select(row => row.ToSubordinate())],
            await SubordinateRows.CountAsync(tx, state, query.Search, query.Type, ct)
        ), ct);
    }

    public static Task<Subordinate?> FindAsync(Db db, TenantId tenant, SubordinateId id, CancellationToken ct) =>
        db.InTenantAsync(tenant, async tx => (await SubordinateRows.FindAsync(tx, id, ct))?.ToSubordinate(), ct);

    /// <param name="named">An id, or an entity identifier.</param>
    public static async Task<SubordinateId?> FindIdAsync(Db db, TenantId tenant, string named, CancellationToken ct) =>
        SubordinateId.TryParse(named, null, out var id) ? id
        : (await db.InTenantAsync(tenant, tx => SubordinateRows.FindEntityAsync(tx, named, ct), ct))?.SubordinateId;

    public static Task<IReadOnlyList<Moment>> HistoryAsync(Db db, TenantId tenant, EntityId entity, CancellationToken ct) =>
        db.InTenantAsync<IReadOnlyList<Moment>>(tenant, async tx =>
            [.. (await SubordinateHistoryRows.ListAsync(tx, entity.Value, LongestHistory, ct)).Select(row => new Moment(row.Event, row.Description, JsonElement.Parse(row.Changes), row.HappenedAt))], ct);
}
