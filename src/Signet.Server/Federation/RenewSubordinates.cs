using System.Text.Json;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Federation.Storage;
using Signet.Server.Permissions;
using Signet.Server.Tenants;

namespace Signet.Server.Federation;

/// <summary>
/// Looks at subordinates again and signs anew what is said of them. A configuration signed with a key we know may bring new keys, and the statement has them at
/// once. An entity that can't be reached keeps its statement, signed anew with what we know; one whose configuration is not in order keeps it until its end.
/// </summary>
public sealed class RenewSubordinates(Db db, TenantDirectory tenants, Superiors superiors, LookAtEntity look)
{
    public const string Job = "federation.subordinates";

    private const int AtOnce = 500;
    private const int Lanes = 8;

    /// <summary>What came of one.</summary>
    /// <param name="Fault">Null: it was renewed.</param>
    public sealed record Outcome(string Entityid, string? Fault);

    /// <param name="Renewed">How many were signed anew.</param>
    /// <param name="Failed">How many were not.</param>
    public sealed record Report(int Renewed, int Failed, IReadOnlyList<Outcome> Subordinates);

    public static void Map(RouteGroupBuilder subordinates) =>
        subordinates.MapPost("/{id}/renew", async (SubordinateId id, HttpContext context, Tenant tenant, Origin origin, RenewSubordinates renew, CancellationToken ct) =>
                ChangeSubordinate.Answer(context, await renew.RunAsync(tenant, origin, id, ct)))
            .Requires(Permission.ManageFederation).Produces<SubordinateView>().WithSummary("Look at a subordinate again and sign its statement anew.");

    /// <summary>Those of every tenant that are due.</summary>
    public async Task RunAsync(Origin origin, CancellationToken ct)
    {
        var due = await db.AcrossTenantsAsync(origin, "statements that end soon", tx => SubordinateRows.ListDueAsync(tx, AtOnce, ct), ct);
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = Lanes, CancellationToken = ct }, async (one, stop) =>
        {
            if (await tenants.FindAsync(one.TenantId, stop) is { State: TenantState.Active } tenant)
            {
                await KeepAsync(tenant, origin, one.SubordinateId, stop);
            }
        });
    }

    /// <summary>Every active one of a tenant, due or not.</summary>
    public async Task<Report> RunAsync(Tenant tenant, Origin origin, CancellationToken ct)
    {
        List<Outcome> outcomes = [];
        for (var offset = 0; ; offset += AtOnce)
        {
            var (items, _) = await ListSubordinates.RunAsync(db, tenant.Id, new ListSubordinates.Query(SubordinateState.Active, Limit: AtOnce, Offset: offset), ct);
            var page = new Outcome[items.Count];
            await Parallel.ForEachAsync(Enumerable.Range(0, items.Count), new ParallelOptions { MaxDegreeOfParallelism = Lanes, CancellationToken = ct }, async (at, stop) =>
                page[at] = new Outcome(items[at].Entity.Value, await RunAsync(tenant, origin, items[at].Id, stop) is SubordinateChange.Refused { Problem: var why } ? why.Detail ?? why.Title : null));
            outcomes.AddRange(page);
            if (items.Count < AtOnce)
            {
                var failed = outcomes.Count(outcome => outcome.Fault is not null);
                return new Report(outcomes.Count - failed, failed, outcomes);
            }
        }
    }

    // Of one that an operator renews it is said that it is time.
    private async Task KeepAsync(Tenant tenant, Origin origin, SubordinateId id, CancellationToken ct)
    {
        if (await ListSubordinates.FindAsync(db, tenant.Id, id, ct) is not { Terms.AutoRenew: false } subordinate)
        {
            await RunAsync(tenant, origin, id, ct);
        }
        else if (subordinate.Fault is null)
        {
            var words = new EntityLook.Refused(FederationProblems.StateForbids with { Detail = "Its statement ends soon and is renewed by hand." }, IsTransient: false);
            await db.InTenantAsync(tenant.Id, tx => StoreAsync(tx, origin, tenant, id, subordinate.Version, words, ct), ct);
        }
    }

    public async Task<SubordinateChange> RunAsync(Tenant tenant, Origin origin, SubordinateId id, CancellationToken ct)
    {
        if (await ListSubordinates.FindAsync(db, tenant.Id, id, ct) is not { } subordinate)
        {
            return new SubordinateChange.Refused(FederationProblems.SubordinateNotFound);
        }

        if (await superiors.FindAsync(tenant, ct) is not { } superior)
        {
            return new SubordinateChange.Refused(FederationProblems.Off);
        }

        if (subordinate.State is not SubordinateState.Active)
        {
            return new SubordinateChange.Refused(FederationProblems.StateForbids with { Detail = $"It is {SnakeCase.Of(subordinate.State)}; only an active one is renewed." });
        }

        // Outside of any transaction: it may take its time.
        var seen = await look.ReadAsync(subordinate.Entity, subordinate.Keys, ct);
        var configuration = (seen as EntityLook.Found)?.Configuration;
        if (configuration is not null && await look.RefuseAsync(superior, configuration, subordinate.Terms, ct) is { } unwanted)
        {
            seen = new EntityLook.Refused(unwanted with { Detail = string.Join(" ", unwanted.Errors!.Select(error => $"{error.Key} {string.Join(", ", error.Value)}.")) }, IsTransient: false);
        }

        return await db.InTenantAsync(tenant.Id, tx => StoreAsync(tx, origin, tenant, id, subordinate.Version, seen, ct), ct);
    }

    private async Task<SubordinateChange> StoreAsync(Tx tx, Origin origin, Tenant tenant, SubordinateId id, long version, EntityLook seen, CancellationToken ct)
    {
        if (await SubordinateRows.LockAsync(tx, id, ct) is not { } row || await superiors.FindAsync(tx, tenant, ct) is not { } superior)
        {
            return new SubordinateChange.Refused(FederationProblems.SubordinateNotFound);
        }

        var before = row.ToSubordinate();
        if (before.State is not SubordinateState.Active || before.Version != version)
        {
            return new SubordinateChange.Refused(FederationProblems.Changed);
        }

        if (seen is EntityLook.Refused refused)
        {
            return await LeaveAsync(tx, origin, superior, before, refused, ct);
        }

        var configuration = ((EntityLook.Found)seen).Configuration;
        var after = before with
        {
            Keys = configuration.Keys!,
            Metadata = SubordinateRules.MetadataOf(configuration),
            IsIntermediate = configuration.FetchEndpoint is not null,
            SeenAt = tx.Now,
            Fault = null,
        };
        if (SignSubordinate.Preview(superior, after, tx.Now, out var fault) is null)
        {
            var why = FederationProblems.SubordinateRefused with { Detail = fault!.Value.Detail };
            return await LeaveAsync(tx, origin, superior, before, new EntityLook.Refused(why, IsTransient: false), ct);
        }

        if (await TellAsync(tx, origin, before, after, ct))
        {
            after = after with { UpdatedAt = tx.Now };
        }

        await SubordinateRows.UpdateAsync(tx, SubordinateRow.Of(after), ct);
        var expires = await SignSubordinate.RunAsync(tx, superior, after, ct);
        tx.Emit(origin, new SubordinateRenewed(id, after.Entity.Value, expires));
        return new SubordinateChange.Done(after with { Version = before.Version + 1, ExpiresAt = expires });
    }

    private static async Task<SubordinateChange> LeaveAsync(Tx tx, Origin origin, Superior superior, Subordinate before, EntityLook.Refused refused, CancellationToken ct)
    {
        var why = refused.Problem.Detail ?? refused.Problem.Title;
        if (refused.IsTransient)
        {
            // Whether it answers has nothing to do with whose keys these are. One that was in fault stays so.
            if (before.Fault is null && before.Terms.AutoRenew)
            {
                await SignSubordinate.RunAsync(tx, superior, before, ct);
            }
        }
        else if (before.Fault != why)
        {
            await SubordinateRows.LeaveFaultAsync(tx, before.Id, why, ct);
            tx.Emit(origin, new SubordinateFaulty(before.Id, before.Entity.Value, why, before.ExpiresAt));
        }

        return new SubordinateChange.Refused(refused.Problem);
    }

    // True where anything is not as it was.
    private static async Task<bool> TellAsync(Tx tx, Origin origin, Subordinate before, Subordinate after, CancellationToken ct)
    {
        var (was, now) = (KeysJson.ToElement(before.Keys), KeysJson.ToElement(after.Keys));
        var rekeyed = !JsonElement.DeepEquals(was, now);
        if (rekeyed)
        {
            tx.Emit(origin, new SubordinateKeysChanged(after.Id, after.Entity.Value, [.. after.Keys.Kids]));
            await SubordinateHistory.AddAsync(tx, after, SubordinateHistory.KeyUpdate, "jwks", was, now, ct);
        }

        if (JsonElement.DeepEquals(before.Metadata, after.Metadata))
        {
            return rekeyed;
        }

        await SubordinateHistory.AddAsync(tx, after, SubordinateHistory.MetadataUpdate, "metadata", before.Metadata, after.Metadata, ct);
        return true;
    }
}
