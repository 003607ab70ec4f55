using System.Text.Json;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Federation.Storage;
using Signet.Server.Permissions;
using Signet.Server.Tenants;

namespace Signet.Server.Federation;

/// <summary>
/// Changes, renews, suspends, activates and revokes marks. Whatever changes what a mark says revokes what was signed of it before; a renewal leaves the
/// old one good until its end; a revoked mark stays so.
/// </summary>
public sealed class ChangeMark(Db db, MarkIssuers issuers)
{
    /// <summary>What is not named stays.</summary>
    /// <param name="Active">False suspends, true activates.</param>
    /// <param name="AdditionalClaims">An object with all of them; an empty one takes them away.</param>
    public sealed record Patch(bool? Autorenew = null, bool? Active = null, JsonElement? AdditionalClaims = null);

    /// <param name="Reason">Goes on record.</param>
    public sealed record Why(string? Reason = null);

    private delegate Task<MarkChange> Change(Tx tx, MarkIssuer issuer, MarkType type, IssuedMark mark);

    public static void Map(RouteGroupBuilder marks)
    {
        marks.MapMethods("/{id}", ["PATCH", "PUT"], async (TrustMarkId id, Patch request, Tenant tenant, Origin origin, ChangeMark change, CancellationToken ct) =>
                Answer(await change.UpdateAsync(tenant, origin, id, request, ct)))
            .Requires(Permission.ManageFederation).Produces<MarkView>().WithSummary("Change a trust mark; what is not named stays.");
        marks.MapPost("/{id}/renew", async (TrustMarkId id, Tenant tenant, Origin origin, ChangeMark change, CancellationToken ct) =>
                Answer(await change.RenewAsync(tenant, origin, id, ct)))
            .Requires(Permission.ManageFederation).Produces<MarkView>().WithSummary("Sign a trust mark anew.");
        marks.MapPost("/{id}/suspend", async (TrustMarkId id, Why request, Tenant tenant, Origin origin, ChangeMark change, CancellationToken ct) =>
                Answer(await change.SuspendAsync(tenant, origin, id, request.Reason, ct)))
            .Requires(Permission.ManageFederation).Produces<MarkView>().WithSummary("Suspend a trust mark: it is not served until it is activated.");
        marks.MapPost("/{id}/activate", async (TrustMarkId id, Tenant tenant, Origin origin, ChangeMark change, CancellationToken ct) =>
                Answer(await change.ActivateAsync(tenant, origin, id, ct)))
            .Requires(Permission.ManageFederation).Produces<MarkView>().WithSummary("Activate a suspended trust mark.");
        marks.MapPost("/{id}/revoke", async (TrustMarkId id, Why request, Tenant tenant, Origin origin, ChangeMark change, CancellationToken ct) =>
                Answer(await change.RevokeAsync(tenant, origin, id, request.Reason, ct)))
            .Requires(Permission.ManageFederation).Produces<MarkView>().WithSummary("Revoke a trust mark, for good.");
        marks.MapDelete("/{id}", async (TrustMarkId id, Tenant tenant, Origin origin, ChangeMark change, CancellationToken ct) =>
                await change.RevokeAsync(tenant, origin, id, null, ct) is MarkChange.Refused { Problem: var refusal } && refusal != TrustMarkProblems.Revoked
                    ? (IResult)refusal
                    : TypedResults.NoContent())
            .Requires(Permission.ManageFederation).WithSummary("Revoke a trust mark, for good. What was known of it stays, so that its status can be asked.");
    }

    public Task<MarkChange> UpdateAsync(Tenant tenant, Origin origin, TrustMarkId id, Patch request, CancellationToken ct) =>
        RunAsync(tenant, id, async (tx, issuer, type, mark) =>
        {
            List<string> fields = [];
            var after = mark with { AutoRenew = request.Autorenew ?? mark.AutoRenew, UpdatedAt = tx.Now };
            if (request.Autorenew is not null)
            {
                fields.Add("autorenew");
            }

            if (request.AdditionalClaims is { ValueKind: not JsonValueKind.Null } claims)
            {
                var given = claims.ValueKind is JsonValueKind.Object && !claims.EnumerateObject().Any() ? (JsonElement?)null : claims;
                if (MarkTypeRules.FindClaimsFault(type, given) is { } fault)
                {
                    return new MarkChange.Refused(TrustMarkProblems.Invalid.WithError("additional_claims", fault));
                }

                if (Refuse(type, issuer) is { } refusal)
                {
                    return new MarkChange.Refused(refusal);
                }

                fields.Add("additional_claims");
                await MarkRows.RevokeJwtsAsync(tx, id, ct);
                after = await SignAsync(tx, issuer, type, after with { Claims = given }, SignMark.EndOf(tx.Now, mark.ValidHours), ct);
            }

            if (request.Active is { } active && active != (mark.State is MarkState.Active))
            {
                after = after with { State = active ? MarkState.Active : MarkState.Suspended, Reason = null };
                tx.Emit(origin, active ? new MarkActivated(id, mark.Type, mark.Subject) : new MarkSuspended(id, mark.Type, mark.Subject, null));
            }

            if (fields.Count > 0)
            {
                tx.Emit(origin, new MarkUpdated(id, mark.Type, mark.Subject, fields));
            }

            return await StoreAsync(tx, issuer, after, ct);
        }, ct);

    /// <summary>The old one holds until its own end: whoever shows it has time to fetch the new one.</summary>
    /// <param name="keepEnd">Whether it is signed anew only because its key goes.</param>
    public Task<MarkChange> RenewAsync(Tenant tenant, Origin origin, TrustMarkId id, CancellationToken ct, bool keepEnd = false) =>
        RunAsync(tenant, id, async (tx, issuer, type, mark) =>
        {
            if (mark.State is MarkState.Suspended)
            {
                return new MarkChange.Refused(TrustMarkProblems.Suspended);
            }

            if (Refuse(type, issuer) is { } refusal)
            {
                return new MarkChange.Refused(refusal);
            }

            // The type may have become stricter since. With a new key alone, the end stays where it was.
            var after = mark with { ValidHours = Math.Min(mark.ValidHours, type.ValidHours), UpdatedAt = tx.Now };
            after = await SignAsync(tx, issuer, type, after, keepEnd ? mark.ExpiresAt : SignMark.EndOf(tx.Now, after.ValidHours), ct);
            tx.Emit(origin, new MarkRenewed(id, mark.Type, mark.Subject, after.ExpiresAt));
            return await StoreAsync(tx, issuer, after, ct);
        }, ct);

    public Task<MarkChange> SuspendAsync(Tenant tenant, Origin origin, TrustMarkId id, string? reason, CancellationToken ct) =>
        RunAsync(tenant, id, async (tx, issuer, _, mark) =>
        {
            if (FindReasonFault(reason) is { } fault)
            {
                return fault;
            }

            tx.Emit(origin, new MarkSuspended(id, mark.Type, mark.Subject, reason));
            return await StoreAsync(tx, issuer, mark with { State = MarkState.Suspended, Reason = reason, UpdatedAt = tx.Now }, ct);
        }, ct);

    public Task<MarkChange> ActivateAsync(Tenant tenant, Origin origin, TrustMarkId id, CancellationToken ct) =>
        RunAsync(tenant, id, async (tx, issuer, _, mark) =>
        {
            tx.Emit(origin, new MarkActivated(id, mark.Type, mark.Subject));
            return await StoreAsync(tx, issuer, mark with { State = MarkState.Active, Reason = null, UpdatedAt = tx.Now }, ct);
        }, ct);

    public Task<MarkChange> RevokeAsync(Tenant tenant, Origin origin, TrustMarkId id, string? reason, CancellationToken ct) =>
        RunAsync(tenant, id, async (tx, issuer, _, mark) =>
        {
            if (FindReasonFault(reason) is { } fault)
            {
                return fault;
            }

            await MarkRows.RevokeJwtsAsync(tx, id, ct);
            tx.Emit(origin, new MarkRevoked(id, mark.Type, mark.Subject, reason));
            return await StoreAsync(tx, issuer, mark with { State = MarkState.Revoked, Reason = reason, UpdatedAt = tx.Now }, ct);
        }, ct);

    private async Task<MarkChange> RunAsync(Tenant tenant, TrustMarkId id, Change change, CancellationToken ct)
    {
        var issuer = await issuers.FindAsync(tenant, ct);
        return await db.InTenantAsync(tenant.Id, async tx =>
        {
            if (await MarkRows.LockAsync(tx, id, ct) is not { } row)
            {
                return new MarkChange.Refused(TrustMarkProblems.NotFound);
            }

            var mark = row.ToMark();
            return issuer is null ? new MarkChange.Refused(FederationProblems.Off)
                : mark.State is MarkState.Revoked ? new MarkChange.Refused(TrustMarkProblems.Revoked)
                : await change(tx, issuer, (await MarkTypeRows.FindAsync(tx, mark.TypeId, ct))!.ToType(), mark);
        }, ct);
    }

    private static Problem? Refuse(MarkType type, MarkIssuer issuer) =>
        !type.Active ? TrustMarkProblems.Inactive : !type.IsIssuedBy(issuer.Id) ? TrustMarkProblems.NotOurs : null;

    private static async Task<IssuedMark> SignAsync(Tx tx, MarkIssuer issuer, MarkType type, IssuedMark mark, DateTimeOffset expires, CancellationToken ct)
    {
        var jwt = SignMark.Run(issuer, type, mark.Subject, expires, mark.Claims, tx.Now);
        await SignMark.RememberAsync(tx, issuer, mark.Id, jwt, expires, ct);
        return mark with { Jwt = jwt, Kid = issuer.Keys.Signing.Kid, ExpiresAt = expires };
    }

    private async Task<MarkChange> StoreAsync(Tx tx, MarkIssuer issuer, IssuedMark mark, CancellationToken ct)
    {
        await MarkRows.UpdateAsync(tx, MarkRow.Of(mark), ct);
        await issuers.ConfigureAsync(tx, issuer, mark.Subject, ct);
        return new MarkChange.Done(mark);
    }

    private static MarkChange.Refused? FindReasonFault(string? reason) =>
        reason is { Length: > 500 } ? new MarkChange.Refused(TrustMarkProblems.Invalid.WithError("reason", "is to be at most 500 characters")) : null;

    private static IResult Answer(MarkChange change) => change switch
    {
        MarkChange.Done done => TypedResults.Ok(MarkView.Of(done.Mark)),
        MarkChange.Refused refused => refused.Problem,
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
