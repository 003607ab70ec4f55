using System.Text.Json;
using Microsoft.Net.Http.Headers;
using Signet.OpenIdFederation;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Federation.Storage;
using Signet.Server.Permissions;
using Signet.Server.Tenants;

namespace Signet.Server.Federation;

/// <summary>What can happen when the settings of a federation entity are to change.</summary>
public abstract record EntityChange
{
    private EntityChange()
    {
    }

    public sealed record Done(FederationSettings Settings, long Version) : EntityChange;

    public sealed record Refused(Problem Problem) : EntityChange;
}

/// <summary>
/// States what the tenant is as a federation entity, as a whole: what is not named is as for everybody. Switched on for the first time it gets its keys; the
/// configuration that says the same is signed in the same transaction.
/// </summary>
public sealed class ChangeEntity(Db db, FederationDirectory directory, FederationKeyRings rings, MoveFederationKeys move, WriteConfiguration write)
{
    /// <param name="EntityId">Null where the tenant's address can be none.</param>
    public sealed record View(string? EntityId, long Version, FederationSettings Settings);

    public static void Map(RouteGroupBuilder federation)
    {
        federation.MapGet("/entity", async (HttpContext context, Tenant tenant, Db db, FederationDirectory directory, CancellationToken ct) =>
            {
                var (settings, version) = await db.InTenantAsync(tenant.Id, tx => FederationDirectory.LoadAsync(tx, ct), ct);
                return Answer(context, directory.IdOf(tenant), settings, version);
            })
            .Requires(Permission.ReadFederation).Produces<View>().WithSummary("Show what the tenant is as a federation entity.");
        federation.MapPut("/entity", async (
                FederationSettings settings, HttpContext context, Tenant tenant, Origin origin, ChangeEntity change, FederationDirectory directory, CancellationToken ct) =>
                await change.RunAsync(tenant, origin, settings, TagOf(context.Request), ct) switch
                {
                    EntityChange.Done done => (IResult)Answer(context, directory.IdOf(tenant), done.Settings, done.Version),
                    EntityChange.Refused refused => refused.Problem,
                    _ => throw new System.Diagnostics.UnreachableException(),
                })
            .Requires(Permission.ManageFederation).Produces<View>().WithSummary("State what the tenant is as a federation entity.");
        federation.MapPost("/entity/regenerate", async (Tenant tenant, Db db, WriteConfiguration write, CancellationToken ct) =>
                await db.InTenantAsync(tenant.Id, tx => write.RunAsync(tx, tenant, ct), ct) ? TypedResults.NoContent() : (IResult)FederationProblems.Off)
            .Requires(Permission.ManageFederation).WithSummary("Sign the entity's configuration anew.");
    }

    /// <param name="tag">The version the change was made for; null: any.</param>
    public async Task<EntityChange> RunAsync(Tenant tenant, Origin origin, FederationSettings wish, string? tag, CancellationToken ct)
    {
        if (directory.IdOf(tenant) is not { } id)
        {
            return new EntityChange.Refused(FederationProblems.NoEntityId);
        }

        return FederationSettingsRules.Refuse(wish, id) is { } refusal
            ? new EntityChange.Refused(refusal)
            : await db.InTenantAsync(tenant.Id, tx => ChangeAsync(tx, tenant, id, origin, wish, tag, ct), ct);
    }

    private async Task<EntityChange> ChangeAsync(Tx tx, Tenant tenant, EntityId id, Origin origin, FederationSettings wish, string? tag, CancellationToken ct)
    {
        var row = await FederationEntityRows.ClaimAsync(tx, ct);
        if (tag is not null && tag != TagOf(row.Version))
        {
            return new EntityChange.Refused(FederationProblems.Changed);
        }

        var before = row.ToSettings();
        if (FieldsOf(before, wish) is not { Count: > 0 } fields)
        {
            return new EntityChange.Done(before, row.Version);
        }

        await FederationEntityRows.UpdateAsync(tx, wish, ct);
        if (wish.Enabled)
        {
            await move.MoveAsync(tx, origin, wish, ct);
            if (await rings.LoadAsync(tx, wish, ct) is { } ring && write.FindFault(id, wish, ring.Published, tx.Now) is { } fault)
            {
                throw new InvalidOperationException($"Settings that passed every check make a configuration nobody would take: {fault.Detail}");
            }

            await write.RunAsync(tx, tenant, ct);
        }

        if (fields.Exists(InStatements.Contains))
        {
            await StatementRows.DeleteOfSubordinatesAsync(tx, ct);
            StatementShelf.ForgetAll(tx);
        }

        tx.Emit(origin, new FederationEntityChanged(id.Value, fields));
        if (wish.Enabled != before.Enabled)
        {
            tx.Emit(origin, wish.Enabled ? new FederationEnabled(id.Value) : (DomainEvent)new FederationDisabled(id.Value));
        }

        tx.Notify(FederationDirectory.Topic, tx.Tenant.ToString());
        tx.Notify(FederationKeyRings.Topic, tx.Tenant.ToString());
        return new EntityChange.Done(wish, row.Version + 1);
    }

    internal static string TagOf(long version) => $"\"{version}\"";

    // RFC 9110 §13.1.1; a star is anything that is there.
    internal static string? TagOf(HttpRequest request) => request.Headers[HeaderNames.IfMatch] is [{ } tag] && tag != "*" ? tag : null;

    private static Microsoft.AspNetCore.Http.HttpResults.Ok<View> Answer(HttpContext context, EntityId? id, FederationSettings settings, long version)
    {
        context.Response.Headers.ETag = TagOf(version);
        return TypedResults.Ok(new View(id?.Value, version, settings));
    }

    // What every statement about a subordinate says or is measured by: a change is in force at once, not at the next renewal.
    private static readonly string[] InStatements = ["metadata_policy", "metadata_policy_crit", "subordinate_seconds"];

    private static List<string> FieldsOf(FederationSettings before, FederationSettings after)
    {
        var (old, now) = (JsonSerializer.SerializeToElement(before, Full), JsonSerializer.SerializeToElement(after, Full));
        return [.. now.EnumerateObject().Where(field => !JsonElement.DeepEquals(field.Value, old.GetProperty(field.Name))).Select(field => field.Name)];
    }

    private static readonly JsonSerializerOptions Full = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
}
