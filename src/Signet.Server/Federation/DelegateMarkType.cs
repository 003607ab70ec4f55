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
/// As owner of a type, lets other entities issue marks of it (OIDFed §7.2.1). The leave is signed anew before it ends, until it is taken back; a JWT that
/// was handed out holds until its end, which is why it should be short.
/// </summary>
public sealed class DelegateMarkType(Db db, TenantDirectory tenants, MarkIssuers issuers)
{
    private const int UsualHours = 720;

    /// <param name="Issuer">Who may issue.</param>
    /// <param name="ValidFor">Hours each signed leave holds.</param>
    public sealed record Request(string Issuer, int ValidFor = UsualHours);

    /// <param name="Delegation">The JWT the issuer puts into the marks.</param>
    public sealed record View(string Issuer, string Delegation, DateTimeOffset ExpiresAt, int ValidFor, DateTimeOffset CreatedAt);

    public sealed record All(IReadOnlyList<View> Delegations);

    public static void Map(RouteGroupBuilder types)
    {
        types.MapGet("/{id}/delegations", async (TrustMarkTypeId id, Actor actor, Db db, CancellationToken ct) =>
                await ListAsync(db, actor.Tenant, id, ct) is { } all ? TypedResults.Ok(new All(all)) : (IResult)TrustMarkProblems.TypeNotFound)
            .Requires(Permission.ReadFederation).Produces<All>().WithSummary("Who may issue marks of a type that is ours.");
        types.MapPost("/{id}/delegations", async (TrustMarkTypeId id, Request request, Tenant tenant, Origin origin, DelegateMarkType delegates, CancellationToken ct) =>
            {
                var (view, refusal) = await delegates.RunAsync(tenant, origin, id, request, ct);
                return refusal is not null ? (IResult)refusal : TypedResults.Ok(view);
            })
            .Requires(Permission.ManageFederation).Produces<View>().WithSummary("Let another entity issue marks of a type that is ours.");
        types.MapDelete("/{id}/delegations", async (TrustMarkTypeId id, Tenant tenant, Origin origin, DelegateMarkType delegates, CancellationToken ct, string? issuer = null) =>
                await delegates.EndAsync(tenant, origin, id, issuer ?? "", ct) is { } refusal ? (IResult)refusal : TypedResults.NoContent())
            .Requires(Permission.ManageFederation).WithSummary("Renew nobody's leave any more: the entity named by issuer.");
    }

    public static string Sign(MarkIssuer owner, string type, EntityId issuer, DateTimeOffset issued, DateTimeOffset expires) =>
        new TrustMarkDelegationDraft { Owner = owner.Id, Issuer = issuer, Type = type, IssuedAt = issued, ExpiresAt = expires }.Sign(owner.Keys.Signing);

    /// <summary>Null where there is no such type.</summary>
    public static Task<IReadOnlyList<View>?> ListAsync(Db db, TenantId tenant, TrustMarkTypeId id, CancellationToken ct) =>
        db.InTenantAsync<IReadOnlyList<View>?>(tenant, async tx =>
            await MarkTypeRows.FindAsync(tx, id, ct) is null ? null : [.. (await DelegationRows.ListAsync(tx, id, ct)).Select(ToView)], ct);

    public async Task<(View? View, Problem? Refusal)> RunAsync(Tenant tenant, Origin origin, TrustMarkTypeId id, Request request, CancellationToken ct)
    {
        var issuer = await issuers.FindAsync(tenant, ct);
        return await db.InTenantAsync<(View?, Problem?)>(tenant.Id, async tx =>
        {
            if (await MarkTypeRows.LockAsync(tx, id, ct) is not { } row)
            {
                return (null, TrustMarkProblems.TypeNotFound);
            }

            if (issuer is null)
            {
                return (null, FederationProblems.Off);
            }

            if (row.Owner != issuer.Id.Value)
            {
                return (null, TrustMarkProblems.NotOwner);
            }

            if (EntityId.TryParse(request.Issuer) is not { } other || other == issuer.Id)
            {
                return (null, TrustMarkProblems.InvalidType.WithError("issuer", "is to be the identifier of another entity"));
            }

            if (request.ValidFor is < 1 or > MarkTypeRules.MostHours)
            {
                return (null, TrustMarkProblems.InvalidType.WithError("valid_for", $"is to be from 1 to {MarkTypeRules.MostHours} hours"));
            }

            var made = await SignAsync(tx, issuer, row, other, request.ValidFor, ct);
            tx.Emit(origin, new MarkTypeDelegated(id, row.Type, other.Value, made.ExpiresAt));
            return (ToView(made), null);
        }, ct);
    }

    /// <summary>Null where it has ended.</summary>
    public Task<Problem?> EndAsync(Tenant tenant, Origin origin, TrustMarkTypeId id, string issuer, CancellationToken ct) =>
        db.InTenantAsync<Problem?>(tenant.Id, async tx =>
        {
            if (await MarkTypeRows.LockAsync(tx, id, ct) is not { } row)
            {
                return TrustMarkProblems.TypeNotFound;
            }

            if (!await DelegationRows.DeleteAsync(tx, id, issuer, ct))
            {
                return TrustMarkProblems.DelegationNotFound;
            }

            tx.Emit(origin, new MarkTypeDelegationEnded(id, row.Type, issuer));
            return null;
        }, ct);

    /// <summary>Signs leaves anew that end soon; how many.</summary>
    public async Task<int> RenewAsync(Origin origin, CancellationToken ct)
    {
        var renewed = 0;
        foreach (var due in await db.AcrossTenantsAsync(origin, "trust mark delegations that end soon", tx => DelegationRows.ListDueAsync(tx, 500, ct), ct))
        {
            if (await tenants.FindAsync(due.TenantId, ct) is not { } tenant || await issuers.FindAsync(tenant, ct) is not { } owner)
            {
                continue;
            }

            renewed += await db.InTenantAsync(due.TenantId, async tx =>
            {
                // The type is held before what hangs on it, as whoever takes the leave back does.
                if (await MarkTypeRows.LockAsync(tx, due.TypeId, ct) is not { } row || await DelegationRows.FindAsync(tx, due.TypeId, due.Issuer, ct) is not { } old)
                {
                    return 0;
                }

                var made = await SignAsync(tx, owner, row, EntityId.Parse(due.Issuer), old.ValidHours, ct);
                tx.Emit(origin, new MarkTypeDelegated(due.TypeId, row.Type, due.Issuer, made.ExpiresAt));
                return 1;
            }, ct);
        }

        return renewed;
    }

    private static async Task<DelegationRow> SignAsync(Tx tx, MarkIssuer owner, MarkTypeRow type, EntityId issuer, int validHours, CancellationToken ct)
    {
        var issued = DateTimeOffset.FromUnixTimeSeconds(tx.Now.ToUnixTimeSeconds());
        var expires = issued.AddHours(validHours);
        var made = new DelegationRow(type.TypeId, type.Type, issuer.Value, Sign(owner, type.Type, issuer, issued, expires), expires, validHours, tx.Now);
        await DelegationRows.PutAsync(tx, made, ct);
        return made;
    }

    private static View ToView(DelegationRow row) => new(row.Issuer, row.Jwt, row.ExpiresAt, row.ValidHours, row.CreatedAt);
}
