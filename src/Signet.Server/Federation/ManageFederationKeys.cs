using System.Text.Json;
using Signet.OpenIdFederation.Messages;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Federation.Storage;
using Signet.Server.Permissions;
using Signet.Server.Tenants;

namespace Signet.Server.Federation;

/// <summary>A federation key as it can be shown.</summary>
/// <param name="RevokedBecause">Null where it was not revoked.</param>
public sealed record FederationKeyView(
    string Kid, string Algorithm, FederationKeyState State, JsonElement PublicJwk, DateTimeOffset CreatedAt, DateTimeOffset? ActivatedAt,
    DateTimeOffset? RetiringAt, DateTimeOffset? EndedAt, string? RevokedBecause)
{
    internal static FederationKeyView Of(FederationKeyRow row)
    {
        using var document = JsonDocument.Parse(row.PublicJwk);
        return new FederationKeyView(
            row.Kid, row.Algorithm, row.State, document.RootElement.Clone(), row.CreatedAt, row.ActivatedAt, row.RetiringAt, row.EndedAt, row.Revoked);
    }
}

/// <summary>Seeing the federation keys, rotating one ahead of time, and revoking one.</summary>
public static class ManageFederationKeys
{
    private static readonly string[] Reasons = [KeyRevocationReasons.Unspecified, KeyRevocationReasons.Compromised, KeyRevocationReasons.Superseded];

    public sealed record Listed(IReadOnlyList<FederationKeyView> Keys);

    /// <param name="AtOnce">The new key signs now; who keeps our configuration may refuse what it signs until they read it again.</param>
    public sealed record RotateRequest(string Algorithm, bool AtOnce = false);

    /// <param name="Reason"><c>unspecified</c>, <c>compromised</c> or <c>superseded</c> (OIDFed §8.7.3).</param>
    public sealed record RevokeRequest(string Reason);

    /// <param name="Kid">The key that signs, or will sign, in its place.</param>
    public sealed record Successor(string Kid);

    public static void Map(RouteGroupBuilder federation)
    {
        federation.MapGet("/keys", async (Tenant tenant, Db db, CancellationToken ct) => TypedResults.Ok(new Listed(await ListAsync(db, tenant.Id, ct))))
            .Requires(Permission.ReadFederation).Produces<Listed>().WithSummary("List federation keys.");
        federation.MapPost("/keys/rotate", async (RotateRequest request, Tenant tenant, Origin origin, Db db, MoveFederationKeys move, CancellationToken ct) =>
                await db.InTenantAsync(tenant.Id, tx => move.RotateAsync(tx, origin, tenant, request.Algorithm, request.AtOnce, ct), ct) is { } kid
                    ? TypedResults.Ok(new Successor(kid))
                    : (IResult)FederationProblems.AlgorithmUnknown)
            .Requires(Permission.ManageFederation).Produces<Successor>().WithSummary("Announce a new federation key.");
        federation.MapPost("/keys/{kid}/revoke", async (string kid, RevokeRequest request, Tenant tenant, Origin origin, Db db, MoveFederationKeys move, CancellationToken ct) =>
                !Reasons.Contains(request.Reason) ? FederationProblems.ReasonUnknown
                : await db.InTenantAsync(tenant.Id, tx => move.RevokeAsync(tx, origin, tenant, kid, request.Reason, ct), ct) is { } successor
                    ? TypedResults.Ok(new Successor(successor))
                    : (IResult)FederationProblems.KeyNotFound)
            .Requires(Permission.ManageFederation).Produces<Successor>().WithSummary("Revoke a federation key now.");
    }

    public static async Task<IReadOnlyList<FederationKeyView>> ListAsync(Db db, TenantId tenant, CancellationToken ct) =>
        [.. (await db.InTenantAsync(tenant, tx => FederationKeyRows.ListAsync(tx, ct), ct)).Select(FederationKeyView.Of)];
}
