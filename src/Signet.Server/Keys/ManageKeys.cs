using System.Text.Json;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Keys.Storage;
using Signet.Server.Permissions;

namespace Signet.Server.Keys;

/// <summary>A signing key as it can be shown.</summary>
public sealed record SigningKeyView(
    string Kid, string Algorithm, KeyState State, JsonElement PublicJwk, DateTimeOffset CreatedAt, DateTimeOffset? ActivatedAt,
    DateTimeOffset? RetiringAt, DateTimeOffset? RetiredAt, string? DroppedBecause)
{
    internal static SigningKeyView Of(SigningKeyRow row)
    {
        using var document = JsonDocument.Parse(row.PublicJwk);
        return new SigningKeyView(
            row.Kid, row.Algorithm, row.State, document.RootElement.Clone(), row.CreatedAt, row.ActivatedAt, row.RetiringAt, row.RetiredAt, row.Dropped);
    }
}

/// <summary>Seeing the signing keys, rotating one ahead of time, and the emergency brake.</summary>
public static class ManageKeys
{
    public sealed record Listed(IReadOnlyList<SigningKeyView> Keys);

    /// <param name="AtOnce">The new key signs now; relying parties that keep the key set may refuse its tokens until they read it again.</param>
    public sealed record RotateRequest(string Algorithm, bool AtOnce = false);

    public sealed record DropRequest(string Reason);

    /// <param name="Kid">The key that signs, or will sign, in its place.</param>
    public sealed record Successor(string Kid);

    public static void Map(RouteGroupBuilder management)
    {
        var keys = management.MapGroup("/keys").WithTags("Keys");
        keys.MapGet("", ShowAsync).Requires(Permission.ReadKeys).Produces<Listed>().WithSummary("List signing keys.");
        keys.MapPost("/rotate", RotateAsync).Requires(Permission.ManageKeys).Produces<Successor>().WithSummary("Announce a new signing key.");
        keys.MapPost("/{kid}/drop", DropAsync).Requires(Permission.ManageKeys).WithSummary("Withdraw a signing key now.");
    }

    public static async Task<IReadOnlyList<SigningKeyView>> ListAsync(Db db, TenantId tenant, CancellationToken ct) =>
        [.. (await db.InTenantAsync(tenant, tx => SigningKeyRows.ListAsync(tx, ct), ct)).Select(SigningKeyView.Of)];

    private static async Task<IResult> ShowAsync(Actor actor, Db db, CancellationToken ct) =>
        TypedResults.Ok(new Listed(await ListAsync(db, actor.Tenant, ct)));

    private static async Task<IResult> RotateAsync(RotateRequest request, Actor actor, Origin origin, Db db, MoveKeys move, CancellationToken ct) =>
        SigningAlgorithms.TryParse(request.Algorithm) is { } algorithm
            ? TypedResults.Ok(new Successor(await db.InTenantAsync(actor.Tenant, tx => move.RotateAsync(tx, origin, algorithm, request.AtOnce, ct), ct)))
            : KeyProblems.AlgorithmUnknown;

    private static async Task<IResult> DropAsync(
        string kid, DropRequest request, Actor actor, Origin origin, Db db, MoveKeys move, CancellationToken ct)
    {
        if (request.Reason.Trim().Length is < 1 or > 200)
        {
            return KeyProblems.ReasonMissing;
        }

        return await db.InTenantAsync(actor.Tenant, tx => move.DropAsync(tx, origin, kid, request.Reason.Trim(), ct), ct) is { } successor
            ? TypedResults.Ok(new Successor(successor))
            : KeyProblems.NotFound;
    }
}
