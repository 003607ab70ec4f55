using System.Text.Json;
using Signet.OpenIdFederation;
using Signet.OpenIdFederation.Statements;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Federation.Storage;
using Signet.Server.Permissions;
using Signet.Server.Tenants;

namespace Signet.Server.Federation;

/// <summary>
/// Enrols an entity: its configuration is fetched, believed, held against what is asked, and what would be said of it is worked out before anything is
/// stored. As a dry run it ends there.
/// </summary>
public sealed class EnrolSubordinate(Db db, Superiors superiors, LookAtEntity look, TimeProvider time)
{
    /// <param name="Entityid">The entity identifier, exactly as the entity states it.</param>
    /// <param name="Metadata">What the entity says is read from the entity; taken and passed over.</param>
    /// <param name="DryRun">Nothing is stored; the answer is what would be said.</param>
    public sealed record Request(
        string Entityid, JsonElement? Metadata = null, bool DryRun = false, JsonElement? ForcedMetadata = null, JsonElement? Jwks = null, string? RequiredTrustmarks = null,
        int? ValidFor = null, bool? Autorenew = null, bool? Active = null, JsonElement? AdditionalClaims = null, IReadOnlyList<string>? Crit = null,
        JsonElement? MetadataPolicy = null, IReadOnlyList<string>? MetadataPolicyCrit = null, JsonElement? Constraints = null)
    {
        internal SubordinateWish ToWish() => new(
            ForcedMetadata, Jwks, RequiredTrustmarks, ValidFor, Autorenew, Active, AdditionalClaims, Crit, MetadataPolicy, MetadataPolicyCrit, Constraints);
    }

    /// <param name="Url">The entity identifier.</param>
    public sealed record LookRequest(string Url);

    /// <summary>What an entity says of itself, and what we would say of it.</summary>
    /// <param name="JwksUri">Federation keys are in the configuration itself (OIDFed §3); always null.</param>
    /// <param name="Faults">What speaks against enrolling it, by name; empty: nothing.</param>
    /// <param name="Preview">Null where nothing can be said of it under the policy.</param>
    public sealed record LookAnswer(
        string Entityid, JsonElement? Metadata, JsonElement Jwks, string? JwksUri, IReadOnlyList<string> AuthorityHints, IReadOnlyList<string> TrustMarks,
        DateTimeOffset ExpiresAt, IReadOnlyDictionary<string, string[]> Faults, StatementPreview? Preview);

    public static void Map(RouteGroupBuilder subordinates)
    {
        subordinates.MapPost("", async (Request request, Tenant tenant, Origin origin, EnrolSubordinate enrol, CancellationToken ct) =>
                await enrol.RunAsync(tenant, origin, request.Entityid, request.ToWish(), request.DryRun, ct) switch
                {
                    SubordinateChange.Done done => TypedResults.Created($"/api/v1/subordinates/{done.Subordinate.Id}", SubordinateView.Of(done.Subordinate)),
                    SubordinateChange.Planned planned => TypedResults.Ok(planned.Preview),
                    SubordinateChange.Refused refused => (IResult)refused.Problem,
                    _ => throw new System.Diagnostics.UnreachableException(),
                })
            .Requires(Permission.ManageFederation).Produces<SubordinateView>(StatusCodes.Status201Created).Produces<StatementPreview>()
            .WithSummary("Enrol a subordinate, or see what would be said of it.");
        subordinates.MapPost("/fetch-config", async (LookRequest request, Tenant tenant, EnrolSubordinate enrol, CancellationToken ct) =>
            {
                var (answer, refusal) = await enrol.LookAsync(tenant, request.Url, ct);
                return refusal is null ? TypedResults.Ok(answer) : (IResult)refusal;
            })
            .Requires(Permission.ManageFederation).Produces<LookAnswer>().WithSummary("Look at an entity before it is enrolled.");
    }

    public async Task<SubordinateChange> RunAsync(Tenant tenant, Origin origin, string entityId, SubordinateWish wish, bool dryRun, CancellationToken ct)
    {
        if (await superiors.FindAsync(tenant, ct) is not { } superior)
        {
            return new SubordinateChange.Refused(FederationProblems.Off);
        }

        if (RefuseId(superior, entityId, "entityid") is { } unfit)
        {
            return new SubordinateChange.Refused(unfit);
        }

        if (wish.Refuse(superior.Settings) is { } invalid)
        {
            return new SubordinateChange.Refused(invalid);
        }

        var entity = EntityId.Parse(entityId);
        if (await db.InTenantAsync(tenant.Id, tx => SubordinateRows.FindEntityAsync(tx, entityId, ct), ct) is not null)
        {
            return new SubordinateChange.Refused(FederationProblems.SubordinateExists);
        }

        var terms = wish.On(SubordinateTerms.Plain);
        var seen = await look.ReadAsync(entity, wish.Keys, ct);
        if (seen is EntityLook.Refused refused)
        {
            return new SubordinateChange.Refused(refused.Problem);
        }

        var configuration = ((EntityLook.Found)seen).Configuration;
        if (await look.RefuseAsync(superior, configuration, terms, ct) is { } unwanted)
        {
            return new SubordinateChange.Refused(unwanted);
        }

        var now = time.GetUtcNow();
        var subordinate = Of(default, configuration, wish.Keys, terms, wish.Active ?? true, now);
        if (SignSubordinate.Preview(superior, subordinate, now, out var fault) is not { } preview)
        {
            return new SubordinateChange.Refused(FederationProblems.SubordinateRefused.WithError(fault!.Value.Field, fault.Value.Detail));
        }

        return dryRun
            ? new SubordinateChange.Planned(preview)
            : await db.InTenantAsync(tenant.Id, tx => StoreAsync(tx, origin, tenant, subordinate, ct), ct);
    }

    public async Task<(LookAnswer? Answer, Problem? Refusal)> LookAsync(Tenant tenant, string url, CancellationToken ct)
    {
        if (await superiors.FindAsync(tenant, ct) is not { } superior)
        {
            return (null, FederationProblems.Off);
        }

        if (RefuseId(superior, url, "url") is { } unfit)
        {
            return (null, unfit);
        }

        var seen = await look.ReadAsync(EntityId.Parse(url), null, ct);
        if (seen is EntityLook.Refused refused)
        {
            return (null, refused.Problem);
        }

        var configuration = ((EntityLook.Found)seen).Configuration;
        var faults = (await look.RefuseAsync(superior, configuration, SubordinateTerms.Plain, ct))?.Errors ?? new Dictionary<string, string[]>();
        var preview = SignSubordinate.Preview(superior, Of(default, configuration, null, SubordinateTerms.Plain, true, time.GetUtcNow()), time.GetUtcNow(), out var fault);
        if (fault is { } policy)
        {
            faults = new Dictionary<string, string[]>(faults) { [policy.Field] = [policy.Detail] };
        }

        return (new LookAnswer(
            url, configuration.Metadata, KeysJson.ToElement(configuration.Keys!), null, [.. configuration.AuthorityHints.Select(hint => hint.Value)],
            [.. configuration.TrustMarks.Select(mark => mark.Type)], configuration.ExpiresAt, faults, preview), null);
    }

    private async Task<SubordinateChange> StoreAsync(Tx tx, Origin origin, Tenant tenant, Subordinate planned, CancellationToken ct)
    {
        var subordinate = planned with { Id = tx.NewId<SubordinateId>(), CreatedAt = tx.Now, UpdatedAt = tx.Now, SeenAt = tx.Now };
        if (await superiors.FindAsync(tx, tenant, ct) is not { } superior)
        {
            return new SubordinateChange.Refused(FederationProblems.Off);
        }

        if (!await SubordinateRows.InsertAsync(tx, SubordinateRow.Of(subordinate), ct))
        {
            return new SubordinateChange.Refused(FederationProblems.SubordinateExists);
        }

        tx.Emit(origin, new SubordinateEnrolled(subordinate.Id, subordinate.Entity.Value, subordinate.State));
        if (subordinate.State is SubordinateState.Active)
        {
            await SubordinateHistory.AddAsync(tx, subordinate, SubordinateHistory.Registration, null, ct);
            subordinate = subordinate with { ExpiresAt = await SignSubordinate.RunAsync(tx, superior, subordinate, ct) };
        }

        return new SubordinateChange.Done(subordinate);
    }

    private static Problem? RefuseId(Superior superior, string? text, string field) =>
        EntityId.TryParse(text) is not { } entity || entity.Value != text
            ? FederationProblems.SubordinateInvalid.WithError(field, "is to be an entity identifier: an https URL without query and fragment")
            : entity == superior.Id ? FederationProblems.SubordinateInvalid.WithError(field, "is this entity itself") : null;

    private static Subordinate Of(SubordinateId id, EntityStatement configuration, FederationKeys? keys, SubordinateTerms terms, bool active, DateTimeOffset now) => new(
        id, configuration.Subject, active ? SubordinateState.Active : SubordinateState.Pending, keys ?? configuration.Keys!, SubordinateRules.MetadataOf(configuration),
        configuration.FetchEndpoint is not null, terms, 1, now, now, now, null, null);
}
