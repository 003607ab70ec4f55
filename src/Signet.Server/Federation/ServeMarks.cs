using System.Text;
using System.Text.Json;
using Signet.OpenIdFederation;
using Signet.OpenIdFederation.TrustMarks;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Server.Federation.Storage;
using Signet.Server.Tenants;

namespace Signet.Server.Federation;

/// <summary>
/// What anybody may ask of the marks we issue: one of them (OIDFed §8.6), who has one (§8.5), and whether one is in force (§8.4). A mark that is suspended,
/// revoked or over is served to nobody; its status is told for each JWT alone, whatever was issued before or after it.
/// </summary>
internal static class ServeMarks
{
    public const string MarkPath = "/trust_mark";
    public const string ListPath = "/trust_mark_list";
    public const string StatusPath = "/trust_mark_status";

    /// <summary>Beyond the specification's values, which it allows (§8.4.2): not in force now, and not revoked.</summary>
    public const string Suspended = "suspended";

    private const int LongestParameter = 2048;
    private static readonly FederationError NoForm =
        FederationError.InvalidRequest("The body is to be a form: application/x-www-form-urlencoded.") with { Status = StatusCodes.Status415UnsupportedMediaType };

    private static readonly TimeSpan AnswerHolds = TimeSpan.FromMinutes(5);

    public static void Map(RouteGroupBuilder protocol)
    {
        protocol.MapMethods(MarkPath, ["GET", "HEAD"], MarkAsync);
        protocol.MapMethods(ListPath, ["GET", "HEAD"], ListAsync);
        protocol.MapPost(StatusPath, StatusAsync);
    }

    private static async Task MarkAsync(HttpContext context, Tenant tenant, MarkIssuers issuers, Db db, CancellationToken ct)
    {
        if (await issuers.FindAsync(tenant, ct) is null)
        {
            await FederationAnswer.RefuseNoEntityAsync(context);
        }
        else if (Read(context, "trust_mark_type") is not { } type)
        {
            await FederationAnswer.RefuseAsync(context, Missing("trust_mark_type"));
        }
        else if (Read(context, "sub") is not { } subject)
        {
            await FederationAnswer.RefuseAsync(context, Missing("sub"));
        }
        else if (await db.InTenantAsync(tenant.Id, tx => MarkRows.FindServedAsync(tx, type, subject, ct), ct) is { } jwt)
        {
            await FederationAnswer.FreshAsync(context, $"application/{JwtTypes.TrustMark}", Encoding.ASCII.GetBytes(jwt));
        }
        else
        {
            await FederationAnswer.RefuseAsync(context, FederationError.NotFound("Trust mark not found."));
        }
    }

    private static async Task ListAsync(HttpContext context, Tenant tenant, MarkIssuers issuers, Db db, CancellationToken ct)
    {
        if (await issuers.FindAsync(tenant, ct) is null)
        {
            await FederationAnswer.RefuseNoEntityAsync(context);
        }
        else if (Read(context, "trust_mark_type") is not { } type)
        {
            await FederationAnswer.RefuseAsync(context, Missing("trust_mark_type"));
        }
        else if (context.Request.Query.ContainsKey("sub") && Read(context, "sub") is null)
        {
            await FederationAnswer.RefuseAsync(context, Missing("sub"));
        }
        else
        {
            var subjects = await db.InTenantAsync(tenant.Id, tx => MarkRows.ListSubjectsAsync(tx, type, Read(context, "sub"), ct), ct);
            await FederationAnswer.FreshAsync(context, "application/json", JsonSerializer.SerializeToUtf8Bytes(subjects));
        }
    }

    private static async Task StatusAsync(HttpContext context, Tenant tenant, MarkIssuers issuers, Db db, TimeProvider time, CancellationToken ct)
    {
        if (await issuers.FindAsync(tenant, ct) is not { } issuer)
        {
            await FederationAnswer.RefuseNoEntityAsync(context);
            return;
        }

        if (!FormBody.IsIn(context.Request))
        {
            await FederationAnswer.RefuseAsync(context, NoForm);
            return;
        }

        if ((await FormBody.ReadAsync(context.Request, ct))["trust_mark"] is not [{ Length: > 0 } jwt])
        {
            await FederationAnswer.RefuseAsync(context, Missing("trust_mark"));
            return;
        }

        if (await db.InTenantAsync(tenant.Id, tx => MarkRows.FindJwtAsync(tx, SignMark.HashOf(jwt), ct), ct) is not { } known)
        {
            await FederationAnswer.RefuseAsync(context, FederationError.NotFound("Trust mark not found."));
            return;
        }

        var now = time.GetUtcNow();
        var status = new TrustMarkStatus { Issuer = issuer.Id, TrustMark = jwt, Status = StatusOf(known, now), IssuedAt = now, ExpiresAt = now + AnswerHolds };
        await FederationAnswer.FreshAsync(context, $"application/{JwtTypes.TrustMarkStatus}", Encoding.ASCII.GetBytes(status.Sign(issuer.Keys.Signing)));
    }

    internal static string StatusOf(MarkJwtRow mark, DateTimeOffset now) =>
        mark.RevokedAt is not null || mark.State == SnakeCase.Of(MarkState.Revoked) ? TrustMarkStates.Revoked
        : mark.KeyRevoked ? TrustMarkStates.Invalid
        : mark.ExpiresAt <= now ? TrustMarkStates.Expired
        : mark.State == SnakeCase.Of(MarkState.Suspended) ? Suspended
        : TrustMarkStates.Active;

    private static string? Read(HttpContext context, string name) =>
        context.Request.Query[name] is [{ Length: > 0 and <= LongestParameter } value] && !value.Any(char.IsControl) ? value : null;

    private static FederationError Missing(string parameter) => FederationError.InvalidRequest($"The parameter {parameter} is to be given, once, in at most {LongestParameter} characters.");
}
