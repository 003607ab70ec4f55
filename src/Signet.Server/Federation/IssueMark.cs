using System.Text.Json;
using Signet.OpenIdFederation;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Federation.Storage;
using Signet.Server.Permissions;
using Signet.Server.Tenants;

namespace Signet.Server.Federation;

/// <summary>What can happen when a mark is to be issued or changed.</summary>
public abstract record MarkChange
{
    private MarkChange()
    {
    }

    public sealed record Done(IssuedMark Mark) : MarkChange;

    public sealed record Refused(Problem Problem) : MarkChange;
}

/// <summary>Issues a trust mark to a subject. Signed, remembered and served are one transaction.</summary>
public sealed class IssueMark(Db db, MarkIssuers issuers)
{
    /// <param name="Tmt">The type, by id; this or <paramref name="Tmtype"/>.</param>
    /// <param name="Tmtype">The type, by name.</param>
    /// <param name="Domain">The subject: an entity identifier.</param>
    /// <param name="ValidFor">Hours, at most the type's; left out: the type's.</param>
    /// <param name="RenewalTime">Hours before its end; left out: the type's.</param>
    /// <param name="AdditionalClaims">Claims of its own.</param>
    public sealed record Request(
        string Domain,
        TrustMarkTypeId? Tmt = null,
        string? Tmtype = null,
        bool? Autorenew = null,
        int? ValidFor = null,
        int? RenewalTime = null,
        JsonElement? AdditionalClaims = null);

    public static void Map(RouteGroupBuilder marks) =>
        marks.MapPost("", async (Request request, Tenant tenant, Origin origin, IssueMark issue, CancellationToken ct) =>
                await issue.RunAsync(tenant, origin, request, ct) switch
                {
                    MarkChange.Done done => TypedResults.Created($"/api/v1/trustmarks/{done.Mark.Id}", MarkView.Of(done.Mark)),
                    MarkChange.Refused refused => (IResult)refused.Problem,
                    _ => throw new System.Diagnostics.UnreachableException(),
                })
            .Requires(Permission.ManageFederation).Produces<MarkView>(StatusCodes.Status201Created).WithSummary("Issue a trust mark.");

    public async Task<MarkChange> RunAsync(Tenant tenant, Origin origin, Request request, CancellationToken ct) =>
        await issuers.FindAsync(tenant, ct) is { } issuer
            ? await db.InTenantAsync(tenant.Id, tx => RunAsync(tx, origin, issuer, request, ct), ct)
            : new MarkChange.Refused(FederationProblems.Off);

    public async Task<MarkChange> RunAsync(Tx tx, Origin origin, MarkIssuer issuer, Request request, CancellationToken ct)
    {
        var named = request.Tmt is { } id ? await MarkTypeRows.FindAsync(tx, id, ct) : request.Tmtype is { } name ? await MarkTypeRows.FindByNameAsync(tx, name, ct) : null;
        // Held: a type that is being made inactive issues nothing any more.
        if (named is null || await MarkTypeRows.LockAsync(tx, named.TypeId, ct) is not { } row)
        {
            return new MarkChange.Refused(TrustMarkProblems.TypeNotFound);
        }

        var type = row.ToType();
        if (Refuse(type, issuer, request) is { } refusal)
        {
            return new MarkChange.Refused(refusal);
        }

        var validHours = request.ValidFor ?? type.ValidHours;
        var expires = SignMark.EndOf(tx.Now, validHours);
        var jwt = SignMark.Run(issuer, type, request.Domain, expires, Given(request.AdditionalClaims), tx.Now);
        var mark = new IssuedMark(
            tx.NewId<TrustMarkId>(), type.Id, type.Type, request.Domain, MarkState.Active, request.Autorenew ?? type.AutoRenew, validHours,
            request.RenewalTime ?? Math.Min(type.RenewalHours, Math.Max(1, validHours / 2)), Given(request.AdditionalClaims), null, jwt, issuer.Keys.Signing.Kid, expires, tx.Now, tx.Now);
        if (!await MarkRows.InsertAsync(tx, MarkRow.Of(mark), ct))
        {
            return new MarkChange.Refused(TrustMarkProblems.Exists);
        }

        await SignMark.RememberAsync(tx, issuer, mark.Id, jwt, expires, ct);
        tx.Emit(origin, new MarkIssued(mark.Id, mark.Type, mark.Subject, expires));
        await issuers.ConfigureAsync(tx, issuer, mark.Subject, ct);
        return new MarkChange.Done(mark);
    }

    private static Problem? Refuse(MarkType type, MarkIssuer issuer, Request request)
    {
        if (!type.Active)
        {
            return TrustMarkProblems.Inactive;
        }

        if (!type.IsIssuedBy(issuer.Id))
        {
            return TrustMarkProblems.NotOurs;
        }

        if (EntityId.TryParse(request.Domain) is not { } subject || subject.Value != request.Domain)
        {
            return TrustMarkProblems.Invalid.WithError("domain", "is to be an entity identifier: an https URL without query and fragment");
        }

        if (request.ValidFor is { } hours && (hours < 1 || hours > type.ValidHours))
        {
            return TrustMarkProblems.Invalid.WithError("valid_for", $"is to be from 1 to the {type.ValidHours} hours of its type");
        }

        if (request.RenewalTime is { } before && (before < 1 || before >= Math.Max(2, request.ValidFor ?? type.ValidHours)))
        {
            return TrustMarkProblems.Invalid.WithError("renewal_time", "is to be at least 1 hour, and less than valid_for");
        }

        return MarkTypeRules.FindClaimsFault(type, Given(request.AdditionalClaims)) is { } fault ? TrustMarkProblems.Invalid.WithError("additional_claims", fault) : null;
    }

    internal static JsonElement? Given(JsonElement? claims) => claims is { ValueKind: JsonValueKind.Null } ? null : claims;
}
