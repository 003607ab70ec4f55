using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Permissions.Storage;

namespace Signet.Server.Permissions;

/// <summary>The tenant's API keys, newest first, without their secrets.</summary>
public static class ListApiKeys
{
    public sealed record Listed(IReadOnlyList<ApiKeyView> Keys);

    public static void Map(RouteGroupBuilder keys) =>
        keys.MapGet("", HandleAsync).Requires(Permission.ManageApiKeys).Produces<Listed>().WithSummary("List API keys.");

    public static async Task<IReadOnlyList<ApiKeyView>> RunAsync(Db db, TenantId tenant, CancellationToken ct) =>
        [.. (await db.InTenantAsync(tenant, tx => ApiKeyRows.ListAsync(tx, ct), ct)).Select(ApiKeyView.Of)];

    private static async Task<IResult> HandleAsync(Actor actor, Db db, CancellationToken ct) =>
        TypedResults.Ok(new Listed(await RunAsync(db, actor.Tenant, ct)));
}

/// <summary>Ends an API key, at once and on every node.</summary>
public static class RevokeApiKey
{
    public static void Map(RouteGroupBuilder keys) =>
        keys.MapDelete("/{id}", HandleAsync).Requires(Permission.ManageApiKeys).WithSummary("Revoke an API key.");

    /// <summary>False where there is no such key that lives.</summary>
    public static async Task<bool> RunAsync(Tx tx, Origin origin, ApiKeyId id, CancellationToken ct)
    {
        if (await ApiKeyRows.RevokeAsync(tx, id, ct) is not { } hash)
        {
            return false;
        }

        tx.Emit(origin, new ApiKeyRevoked(id));
        tx.Notify(ApiKeys.Topic, Convert.ToBase64String(hash));
        return true;
    }

    private static async Task<IResult> HandleAsync(ApiKeyId id, Actor actor, Origin origin, Db db, CancellationToken ct) =>
        await db.InTenantAsync(actor.Tenant, tx => RunAsync(tx, origin, id, ct), ct) ? TypedResults.NoContent() : PermissionProblems.NoSuchKey;
}
