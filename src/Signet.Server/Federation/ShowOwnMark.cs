using Signet.OpenIdFederation;
using Signet.OpenIdFederation.TrustMarks;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Federation.Storage;
using Signet.Server.Permissions;
using Signet.Server.Tenants;

namespace Signet.Server.Federation;

/// <summary>
/// The marks others issued to our entity: added as their issuer handed them over, shown in the configuration until they end or are removed. Whether a
/// mark is believed is for those who read it: here it only is to be about us and in time.
/// </summary>
public sealed class ShowOwnMark(Db db, MarkIssuers issuers)
{
    /// <param name="TrustMark">The JWT.</param>
    public sealed record Request(string TrustMark);

    public sealed record View(string TrustMarkType, string Issuer, DateTimeOffset? ExpiresAt, string TrustMark, DateTimeOffset CreatedAt);

    public sealed record All(IReadOnlyList<View> TrustMarks);

    public static void Map(RouteGroupBuilder own)
    {
        own.MapGet("", async (Actor actor, Db db, CancellationToken ct) => TypedResults.Ok(new All(await ListAsync(db, actor.Tenant, ct))))
            .Requires(Permission.ReadFederation).Produces<All>().WithSummary("Trust marks others issued to our entity.");
        own.MapPost("", async (Request request, Tenant tenant, Origin origin, ShowOwnMark show, CancellationToken ct) =>
            {
                var (view, refusal) = await show.AddAsync(tenant, origin, request.TrustMark, ct);
                return refusal is not null ? (IResult)refusal : TypedResults.Ok(view);
            })
            .Requires(Permission.ManageFederation).Produces<View>().WithSummary("Show a trust mark another entity issued to ours.");
        own.MapDelete("", async (string type, string issuer, Tenant tenant, Origin origin, ShowOwnMark show, CancellationToken ct) =>
                await show.RemoveAsync(tenant, origin, type, issuer, ct) is { } refusal ? (IResult)refusal : TypedResults.NoContent())
            .Requires(Permission.ManageFederation).WithSummary("Show a trust mark no longer.");
    }

    public static Task<IReadOnlyList<View>> ListAsync(Db db, TenantId tenant, CancellationToken ct) =>
        db.InTenantAsync<IReadOnlyList<View>>(tenant, async tx => [.. (await OwnMarkRows.ListAsync(tx, ct)).Select(ToView)], ct);

    public async Task<(View? View, Problem? Refusal)> AddAsync(Tenant tenant, Origin origin, string jwt, CancellationToken ct)
    {
        if (await issuers.FindAsync(tenant, ct) is not { } issuer)
        {
            return (null, FederationProblems.Off);
        }

        return await db.InTenantAsync<(View?, Problem?)>(tenant.Id, async tx =>
        {
            if (TrustMark.TryParse(jwt, FederationRules.Standard, out var fault) is not { } mark)
            {
                return (null, Refuse(fault!.Detail));
            }

            if (mark.Subject != issuer.Id || mark.Issuer == issuer.Id)
            {
                return (null, Refuse("is to be about this entity, and issued by another"));
            }

            if (mark.ExpiresAt <= tx.Now)
            {
                return (null, Refuse("has expired"));
            }

            var row = new OwnMarkRow(mark.Type, mark.Issuer.Value, jwt, mark.ExpiresAt, tx.Now);
            await OwnMarkRows.PutAsync(tx, row, ct);
            tx.Emit(origin, new OwnMarkAdded(row.Type, row.Issuer));
            await issuers.ConfigureAsync(tx, issuer, ct);
            return (ToView(row), null);
        }, ct);
    }

    /// <summary>Null where it is gone.</summary>
    public async Task<Problem?> RemoveAsync(Tenant tenant, Origin origin, string type, string issuer, CancellationToken ct)
    {
        var us = await issuers.FindAsync(tenant, ct);
        return await db.InTenantAsync<Problem?>(tenant.Id, async tx =>
        {
            if (!await OwnMarkRows.DeleteAsync(tx, type, issuer, ct))
            {
                return TrustMarkProblems.OwnNotFound;
            }

            tx.Emit(origin, new OwnMarkRemoved(type, issuer));
            if (us is not null)
            {
                await issuers.ConfigureAsync(tx, us, ct);
            }

            return null;
        }, ct);
    }

    /// <summary>Says once of each mark that it ends soon: nobody here can renew it.</summary>
    public async Task<int> WarnAsync(Origin origin, CancellationToken ct)
    {
        var warned = 0;
        foreach (var due in await db.AcrossTenantsAsync(origin, "marks of ours that end soon", tx => OwnMarkRows.ListDueAsync(tx, ct), ct))
        {
            warned += await db.InTenantAsync(due.TenantId, async tx =>
            {
                if (!await OwnMarkRows.WarnAsync(tx, due.Type, due.Issuer, ct))
                {
                    return 0;
                }

                tx.Emit(origin, new OwnMarkExpiring(due.Type, due.Issuer, due.ExpiresAt));
                return 1;
            }, ct);
        }

        return warned;
    }

    private static Problem Refuse(string message) => TrustMarkProblems.Invalid.WithError("trust_mark", message);

    private static View ToView(OwnMarkRow row) => new(row.Type, row.Issuer, row.ExpiresAt, row.Jwt, row.CreatedAt);
}
