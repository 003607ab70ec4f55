using System.Text.Json;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Federation.Storage;
using Signet.Server.Permissions;
using Signet.Server.Tenants;

namespace Signet.Server.Federation;

/// <summary>What can happen when a type of trust mark is to be made or changed.</summary>
public abstract record MarkTypeChange
{
    private MarkTypeChange()
    {
    }

    public sealed record Done(MarkType Type) : MarkTypeChange;

    public sealed record Refused(Problem Problem) : MarkTypeChange;
}

/// <summary>Makes, changes and deletes types of trust marks. The configuration says the new state when it is next read; a type's name never changes.</summary>
public sealed class SetMarkType(Db db, MarkIssuers issuers)
{
    /// <param name="Tmtype">The <c>trust_mark_type</c>: a URL of your own.</param>
    /// <param name="ValidFor">Hours a signed mark holds.</param>
    /// <param name="RenewalTime">Hours before its end that a mark is signed anew; left out: 48, or a quarter of <paramref name="ValidFor"/> where that is less.</param>
    /// <param name="Owner">Whose it is: this entity, which may then delegate it, or another.</param>
    /// <param name="OwnerJwks">The keys another owner delegates with.</param>
    /// <param name="Delegation">The leave of another owner for this entity to issue.</param>
    /// <param name="Issuers">Who else may issue it.</param>
    /// <param name="Anyone">Whether anybody may.</param>
    /// <param name="Claims">What claims of their own marks have; left out: any.</param>
    /// <param name="Requestable">Whether subordinates may ask for one.</param>
    public sealed record Request(
        string Tmtype,
        bool Autorenew = true,
        int ValidFor = 8760,
        int? RenewalTime = null,
        bool Active = true,
        string? LogoUri = null,
        string? Ref = null,
        string? Owner = null,
        JsonElement? OwnerJwks = null,
        string? Delegation = null,
        IReadOnlyList<string>? Issuers = null,
        bool Anyone = false,
        IReadOnlyDictionary<string, ClaimRule>? Claims = null,
        bool Requestable = false);

    /// <summary>What is not named stays; an empty text takes away.</summary>
    public sealed record Patch(
        bool? Autorenew = null,
        int? ValidFor = null,
        int? RenewalTime = null,
        bool? Active = null,
        string? LogoUri = null,
        string? Ref = null,
        string? Owner = null,
        JsonElement? OwnerJwks = null,
        string? Delegation = null,
        IReadOnlyList<string>? Issuers = null,
        bool? Anyone = null,
        IReadOnlyDictionary<string, ClaimRule>? Claims = null,
        bool? Requestable = null);

    public static void Map(RouteGroupBuilder types)
    {
        types.MapPost("", async (Request request, Tenant tenant, Origin origin, SetMarkType set, CancellationToken ct) =>
                await set.CreateAsync(tenant, origin, request, ct) switch
                {
                    MarkTypeChange.Done done => TypedResults.Created($"/api/v1/trustmarktypes/{done.Type.Id}", MarkTypeView.Of(done.Type)),
                    MarkTypeChange.Refused refused => (IResult)refused.Problem,
                    _ => throw new System.Diagnostics.UnreachableException(),
                })
            .Requires(Permission.ManageFederation).Produces<MarkTypeView>(StatusCodes.Status201Created).WithSummary("Make a type of trust mark.");
        types.MapMethods("/{id}", ["PATCH", "PUT"], async (TrustMarkTypeId id, Patch request, Tenant tenant, Origin origin, SetMarkType set, CancellationToken ct) =>
                await set.UpdateAsync(tenant, origin, id, request, ct) switch
                {
                    MarkTypeChange.Done done => TypedResults.Ok(MarkTypeView.Of(done.Type)),
                    MarkTypeChange.Refused refused => (IResult)refused.Problem,
                    _ => throw new System.Diagnostics.UnreachableException(),
                })
            .Requires(Permission.ManageFederation).Produces<MarkTypeView>().WithSummary("Change a type of trust mark; what is not named stays.");
        types.MapDelete("/{id}", async (TrustMarkTypeId id, Tenant tenant, Origin origin, SetMarkType set, CancellationToken ct) =>
                await set.DeleteAsync(tenant, origin, id, ct) is { } refusal ? (IResult)refusal : TypedResults.NoContent())
            .Requires(Permission.ManageFederation).WithSummary("Delete a type of trust mark of which none was ever issued.");
    }

    public async Task<MarkTypeChange> CreateAsync(Tenant tenant, Origin origin, Request request, CancellationToken ct)
    {
        if (await issuers.FindAsync(tenant, ct) is not { } issuer)
        {
            return new MarkTypeChange.Refused(FederationProblems.Off);
        }

        return await db.InTenantAsync<MarkTypeChange>(tenant.Id, async tx =>
        {
            var type = new MarkType(
                tx.NewId<TrustMarkTypeId>(), request.Tmtype, request.Active, request.Autorenew, request.ValidFor,
                request.RenewalTime ?? Math.Clamp(request.ValidFor / 4, 1, 48), request.LogoUri, request.Ref, request.Owner, TextOf(request.OwnerJwks), request.Delegation,
                [.. (request.Issuers ?? []).Distinct(StringComparer.Ordinal)], request.Anyone, request.Claims ?? new Dictionary<string, ClaimRule>(), request.Requestable,
                tx.Now, tx.Now);
            if (MarkTypeRules.Refuse(type, issuer.Id, tx.Now) is { } fault)
            {
                return new MarkTypeChange.Refused(fault);
            }

            if (!await MarkTypeRows.InsertAsync(tx, MarkTypeRow.Of(type), ct))
            {
                return new MarkTypeChange.Refused(TrustMarkProblems.TypeExists);
            }

            tx.Emit(origin, new MarkTypeCreated(type.Id, type.Type));
            await issuers.ConfigureAsync(tx, issuer, ct);
            return new MarkTypeChange.Done(type);
        }, ct);
    }

    public async Task<MarkTypeChange> UpdateAsync(Tenant tenant, Origin origin, TrustMarkTypeId id, Patch request, CancellationToken ct)
    {
        var issuer = await issuers.FindAsync(tenant, ct);
        return await db.InTenantAsync<MarkTypeChange>(tenant.Id, async tx =>
        {
            if (await MarkTypeRows.LockAsync(tx, id, ct) is not { } row)
            {
                return new MarkTypeChange.Refused(TrustMarkProblems.TypeNotFound);
            }

            if (issuer is null)
            {
                return new MarkTypeChange.Refused(FederationProblems.Off);
            }

            var before = row.ToType();
            var after = Apply(before, request) with { UpdatedAt = tx.Now };
            if (MarkTypeRules.Refuse(after, issuer.Id, tx.Now) is { } fault)
            {
                return new MarkTypeChange.Refused(fault);
            }

            await MarkTypeRows.UpdateAsync(tx, MarkTypeRow.Of(after), ct);
            tx.Emit(origin, before.Active && !after.Active ? new MarkTypeDeactivated(id, after.Type) : new MarkTypeUpdated(id, after.Type, FieldsOf(request)));
            await issuers.ConfigureAsync(tx, issuer, ct);
            return new MarkTypeChange.Done(after);
        }, ct);
    }

    /// <summary>Null where it is gone.</summary>
    public async Task<Problem?> DeleteAsync(Tenant tenant, Origin origin, TrustMarkTypeId id, CancellationToken ct)
    {
        var issuer = await issuers.FindAsync(tenant, ct);
        return await db.InTenantAsync<Problem?>(tenant.Id, async tx =>
        {
            if (await MarkTypeRows.LockAsync(tx, id, ct) is not { } row)
            {
                return TrustMarkProblems.TypeNotFound;
            }

            if (!await MarkTypeRows.DeleteAsync(tx, id, ct))
            {
                return TrustMarkProblems.TypeInUse;
            }

            tx.Emit(origin, new MarkTypeDeleted(id, row.Type));
            if (issuer is not null)
            {
                await issuers.ConfigureAsync(tx, issuer, ct);
            }

            return null;
        }, ct);
    }

    private static MarkType Apply(MarkType before, Patch patch) => before with
    {
        AutoRenew = patch.Autorenew ?? before.AutoRenew,
        ValidHours = patch.ValidFor ?? before.ValidHours,
        RenewalHours = patch.RenewalTime ?? before.RenewalHours,
        Active = patch.Active ?? before.Active,
        LogoUri = Or(patch.LogoUri, before.LogoUri),
        Reference = Or(patch.Ref, before.Reference),
        Owner = Or(patch.Owner, before.Owner),
        // Keys and leave belong to the owner they were given for.
        OwnerJwks = TextOf(patch.OwnerJwks) ?? (patch.Owner is null ? before.OwnerJwks : null),
        Delegation = patch.Delegation is { } delegation ? Or(delegation, null) : patch.Owner is null ? before.Delegation : null,
        Issuers = patch.Issuers?.Distinct(StringComparer.Ordinal).ToList() ?? before.Issuers,
        Anyone = patch.Anyone ?? before.Anyone,
        ClaimRules = patch.Claims ?? before.ClaimRules,
        Requestable = patch.Requestable ?? before.Requestable,
    };

    private static string? Or(string? given, string? before) => given is null ? before : given.Length == 0 ? null : given;

    private static string? TextOf(JsonElement? jwks) => jwks is { ValueKind: JsonValueKind.Object } set ? set.GetRawText() : jwks is { ValueKind: not JsonValueKind.Null } ? "0" : null;

    private static string[] FieldsOf(Patch patch)
    {
        (string Name, bool Named)[] all =
        [
            ("autorenew", patch.Autorenew is not null), ("valid_for", patch.ValidFor is not null), ("renewal_time", patch.RenewalTime is not null),
            ("active", patch.Active is not null), ("logo_uri", patch.LogoUri is not null), ("ref", patch.Ref is not null), ("owner", patch.Owner is not null),
            ("owner_jwks", patch.OwnerJwks is not null), ("delegation", patch.Delegation is not null), ("issuers", patch.Issuers is not null),
            ("anyone", patch.Anyone is not null), ("claims", patch.Claims is not null), ("requestable", patch.Requestable is not null),
        ];
        return [.. all.Where(field => field.Named).Select(field => field.Name)];
    }
}
