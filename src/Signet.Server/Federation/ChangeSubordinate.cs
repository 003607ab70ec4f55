using System.Text.Json;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Federation.Storage;
using Signet.Server.Permissions;
using Signet.Server.Tenants;

namespace Signet.Server.Federation;

/// <summary>
/// Changes what is said of a subordinate, and whether anything is. None of it asks the entity: one that can't be reached can be suspended all the same. What is
/// served changes with the commit.
/// </summary>
public sealed class ChangeSubordinate(Db db, Superiors superiors)
{
    /// <param name="Reason">For the record, and for whoever asks what became of the entity.</param>
    public sealed record Why(string? Reason = null);

    public static void Map(RouteGroupBuilder subordinates)
    {
        subordinates.MapPatch("/{id}", async (SubordinateId id, SubordinateWish request, HttpContext context, Tenant tenant, Origin origin, ChangeSubordinate change, CancellationToken ct) =>
                Answer(context, await change.UpdateAsync(tenant, origin, id, request, whole: false, ChangeEntity.TagOf(context.Request), ct)))
            .Requires(Permission.ManageFederation).Produces<SubordinateView>().WithSummary("Change a subordinate; what is not named stays.");
        subordinates.MapMethods("/{id}", ["PUT", "POST"], async (SubordinateId id, SubordinateWish request, HttpContext context, Tenant tenant, Origin origin, ChangeSubordinate change, CancellationToken ct) =>
                Answer(context, await change.UpdateAsync(tenant, origin, id, request, whole: true, ChangeEntity.TagOf(context.Request), ct)))
            .Requires(Permission.ManageFederation).Produces<SubordinateView>().WithSummary("State what is said of a subordinate as a whole.");
        subordinates.MapPost("/{id}/activate", async (SubordinateId id, Why request, HttpContext context, Tenant tenant, Origin origin, ChangeSubordinate change, CancellationToken ct) =>
                Answer(context, await change.MoveAsync(tenant, origin, id, SubordinateState.Active, request.Reason, ct)))
            .Requires(Permission.ManageFederation).Produces<SubordinateView>().WithSummary("Vouch for a subordinate that waits or is suspended.");
        subordinates.MapPost("/{id}/suspend", async (SubordinateId id, Why request, HttpContext context, Tenant tenant, Origin origin, ChangeSubordinate change, CancellationToken ct) =>
                Answer(context, await change.MoveAsync(tenant, origin, id, SubordinateState.Suspended, request.Reason, ct)))
            .Requires(Permission.ManageFederation).Produces<SubordinateView>().WithSummary("Suspend a subordinate: nothing is said of it until it is activated.");
        subordinates.MapPost("/{id}/revoke", async (SubordinateId id, Why request, HttpContext context, Tenant tenant, Origin origin, ChangeSubordinate change, CancellationToken ct) =>
                Answer(context, await change.MoveAsync(tenant, origin, id, SubordinateState.Revoked, request.Reason, ct)))
            .Requires(Permission.ManageFederation).Produces<SubordinateView>().WithSummary("Revoke a subordinate, for good.");
        subordinates.MapDelete("/{id}", async (SubordinateId id, Tenant tenant, Origin origin, ChangeSubordinate change, CancellationToken ct) =>
                await change.RemoveAsync(tenant, origin, id, ct) ? TypedResults.NoContent() : (IResult)FederationProblems.SubordinateNotFound)
            .Requires(Permission.ManageFederation).WithSummary("Remove a subordinate; what became of it stays on record, and it can be enrolled again.");
    }

    /// <param name="whole">What is not named is as for everybody; otherwise it stays.</param>
    /// <param name="tag">The version the change was made for; null: any.</param>
    public Task<SubordinateChange> UpdateAsync(Tenant tenant, Origin origin, SubordinateId id, SubordinateWish wish, bool whole, string? tag, CancellationToken ct) =>
        RunAsync(tenant, id, async (tx, superior, before) =>
        {
            if (tag is not null && tag != ChangeEntity.TagOf(before.Version))
            {
                return new SubordinateChange.Refused(FederationProblems.Changed);
            }

            // What names extra claims is held against those that will be there.
            var judged = whole || wish.AdditionalClaims is not null || wish.Crit is null ? wish : wish with { AdditionalClaims = before.Terms.ExtraClaims };
            if (judged.Refuse(superior.Settings) is { } invalid)
            {
                return new SubordinateChange.Refused(invalid);
            }

            var state = wish.Active is not { } active ? before.State : active ? SubordinateState.Active : before.State is SubordinateState.Active ? SubordinateState.Suspended : before.State;
            if (state != before.State && !Subordinate.CanBecome(before.State, state))
            {
                return new SubordinateChange.Refused(FederationProblems.StateForbids);
            }

            var terms = wish.On(whole ? SubordinateTerms.Plain : before.Terms);
            var after = before with { Terms = terms, Keys = wish.Keys ?? before.Keys, State = state, UpdatedAt = tx.Now };
            if (SignSubordinate.Preview(superior, after, tx.Now, out var fault) is null)
            {
                return new SubordinateChange.Refused(FederationProblems.SubordinateInvalid.WithError(fault!.Value.Field, fault.Value.Detail));
            }

            var fields = await TellAsync(tx, before, after, ct);
            if (fields.Count > 0)
            {
                tx.Emit(origin, new SubordinateUpdated(id, after.Entity.Value, fields));
            }

            if (state != before.State)
            {
                await TellStateAsync(tx, origin, after, null, ct);
            }

            return await StoreAsync(tx, superior, before, after, ct);
        }, ct);

    public Task<SubordinateChange> MoveAsync(Tenant tenant, Origin origin, SubordinateId id, SubordinateState to, string? reason, CancellationToken ct) =>
        RunAsync(tenant, id, async (tx, superior, before) =>
        {
            if (reason is { Length: > 500 })
            {
                return new SubordinateChange.Refused(FederationProblems.SubordinateInvalid.WithError("reason", "is to be at most 500 characters"));
            }

            if (!Subordinate.CanBecome(before.State, to))
            {
                return new SubordinateChange.Refused(FederationProblems.StateForbids with { Detail = $"It is {SnakeCase.Of(before.State)}." });
            }

            var after = before with { State = to, UpdatedAt = tx.Now };
            await TellStateAsync(tx, origin, after, reason, ct);
            return await StoreAsync(tx, superior, before, after, ct);
        }, ct);

    /// <summary>False where there is none.</summary>
    public Task<bool> RemoveAsync(Tenant tenant, Origin origin, SubordinateId id, CancellationToken ct) => db.InTenantAsync(tenant.Id, async tx =>
    {
        if (await SubordinateRows.LockAsync(tx, id, ct) is not { } row)
        {
            return false;
        }

        var subordinate = row.ToSubordinate();
        if (subordinate.State is SubordinateState.Active or SubordinateState.Suspended)
        {
            await SubordinateHistory.AddAsync(tx, subordinate, SubordinateHistory.Revocation, null, ct);
        }

        await SubordinateRows.DeleteAsync(tx, id, ct);
        await SignSubordinate.TakeAwayAsync(tx, subordinate.Entity, ct);
        tx.Emit(origin, new SubordinateRemoved(id, subordinate.Entity.Value));
        return true;
    }, ct);

    private async Task<SubordinateChange> RunAsync(Tenant tenant, SubordinateId id, Func<Tx, Superior, Subordinate, Task<SubordinateChange>> change, CancellationToken ct) =>
        await db.InTenantAsync(tenant.Id, async tx =>
            await SubordinateRows.LockAsync(tx, id, ct) is not { } row ? new SubordinateChange.Refused(FederationProblems.SubordinateNotFound)
            : await superiors.FindAsync(tx, tenant, ct) is not { } superior ? new SubordinateChange.Refused(FederationProblems.Off)
            : await change(tx, superior, row.ToSubordinate()), ct);

    private static async Task<SubordinateChange> StoreAsync(Tx tx, Superior superior, Subordinate before, Subordinate after, CancellationToken ct)
    {
        await SubordinateRows.UpdateAsync(tx, SubordinateRow.Of(after), ct);
        var stored = after with { Version = before.Version + 1 };
        if (stored.State is SubordinateState.Active)
        {
            return new SubordinateChange.Done(stored with { ExpiresAt = await SignSubordinate.RunAsync(tx, superior, stored, ct) });
        }

        await SignSubordinate.TakeAwayAsync(tx, stored.Entity, ct);
        return new SubordinateChange.Done(stored with { ExpiresAt = null });
    }

    private static Task TellStateAsync(Tx tx, Origin origin, Subordinate after, string? reason, CancellationToken ct)
    {
        var (id, entity) = (after.Id, after.Entity.Value);
        SubordinateEvent happened = after.State switch
        {
            SubordinateState.Active => new SubordinateActivated(id, entity, reason),
            SubordinateState.Suspended => new SubordinateSuspended(id, entity, reason),
            SubordinateState.Revoked => new SubordinateRevoked(id, entity, reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        tx.Emit(origin, happened);
        return SubordinateHistory.AddAsync(tx, after, after.State switch
        {
            SubordinateState.Suspended => SubordinateHistory.Suspension,
            SubordinateState.Revoked => SubordinateHistory.Revocation,
            _ => SubordinateHistory.Reactivation,
        }, reason, ct);
    }

    // Which fields are not as they were; those that others may care about are told of with what they were.
    private static async Task<List<string>> TellAsync(Tx tx, Subordinate before, Subordinate after, CancellationToken ct)
    {
        List<string> fields = [];
        await CompareAsync("forced_metadata", SubordinateHistory.MetadataUpdate, before.Terms.Metadata, after.Terms.Metadata);
        await CompareAsync("metadata_policy", SubordinateHistory.PolicyUpdate, before.Terms.MetadataPolicy, after.Terms.MetadataPolicy);
        await CompareAsync("jwks", SubordinateHistory.KeyUpdate, KeysJson.ToElement(before.Keys), KeysJson.ToElement(after.Keys));
        await CompareAsync("constraints", null, before.Terms.Constraints, after.Terms.Constraints);
        await CompareAsync("additional_claims", null, before.Terms.ExtraClaims, after.Terms.ExtraClaims);
        Compare("crit", before.Terms.Crit.SequenceEqual(after.Terms.Crit));
        Compare("metadata_policy_crit", before.Terms.MetadataPolicyCrit.SequenceEqual(after.Terms.MetadataPolicyCrit));
        Compare("required_trustmarks", before.Terms.RequiredTrustMark == after.Terms.RequiredTrustMark);
        Compare("valid_for", before.Terms.ValidHours == after.Terms.ValidHours);
        Compare("autorenew", before.Terms.AutoRenew == after.Terms.AutoRenew);
        return fields;

        async Task CompareAsync(string field, string? happened, JsonElement? was, JsonElement? now)
        {
            var same = was is { } one && now is { } other ? JsonElement.DeepEquals(one, other) : was is null == now is null;
            Compare(field, same);
            if (!same && happened is not null)
            {
                await SubordinateHistory.AddAsync(tx, after, happened, field, was, now, ct);
            }
        }

        void Compare(string field, bool same)
        {
            if (!same)
            {
                fields.Add(field);
            }
        }
    }

    internal static IResult Answer(HttpContext context, SubordinateChange change)
    {
        if (change is SubordinateChange.Done done)
        {
            context.Response.Headers.ETag = ChangeEntity.TagOf(done.Subordinate.Version);
            return TypedResults.Ok(SubordinateView.Of(done.Subordinate));
        }

        return ((SubordinateChange.Refused)change).Problem;
    }
}
