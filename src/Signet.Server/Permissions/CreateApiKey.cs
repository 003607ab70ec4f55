using Signet.OAuth;
using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Permissions.Storage;

namespace Signet.Server.Permissions;

/// <summary>Makes an API key that acts for its maker, within the scopes named. The key is shown once and never again.</summary>
public static class CreateApiKey
{
    private const int MaxDays = 365;

    /// <param name="ExpiresInDays">1 to 365.</param>
    public sealed record Request(string Name, IReadOnlyList<Permission> Scopes, int ExpiresInDays = 90);

    public sealed record Created(ApiKeyView Key, string Secret);

    public static void Map(RouteGroupBuilder keys) =>
        keys.MapPost("", HandleAsync).Requires(Permission.ManageApiKeys).Produces<Created>(StatusCodes.Status201Created).WithSummary("Make an API key.");

    /// <summary>Null if a key can be made so.</summary>
    public static Platform.Http.Problem? Refuse(Request request)
    {
        if (request.Name.Trim().Length is < 1 or > 100 || request.Name.Any(char.IsControl))
        {
            return PermissionProblems.KeyInvalid with { Detail = "name: is to have 1 to 100 characters." };
        }

        if (request.Scopes.Count == 0)
        {
            return PermissionProblems.KeyInvalid with { Detail = "scopes: name at least one." };
        }

        return request.ExpiresInDays is < 1 or > MaxDays
            ? PermissionProblems.KeyInvalid with { Detail = $"expires_in_days: is to be 1 to {MaxDays}." }
            : null;
    }

    /// <summary>Null if this caller can make such a key.</summary>
    public static Platform.Http.Problem? Refuse(Request request, Actor actor) =>
        // A key must not be a way to hold for longer what its maker can't do.
        Refuse(request) ?? (actor.SessionId is null || !request.Scopes.All(actor.May) ? PermissionProblems.Forbidden : null);

    public static async Task<Created> RunAsync(Tx tx, Origin origin, SecretHash hash, Guid user, Request request, CancellationToken ct)
    {
        var secret = TokenFormat.ApiKey.Make();
        var row = new ApiKeyRow(
            tx.NewId<ApiKeyId>(), user, request.Name.Trim(), [.. request.Scopes.Distinct().Select(scope => SnakeCase.Of(scope))],
            secret[..(TokenFormat.ApiKey.Prefix.Length + 4)], tx.Now, tx.Now.AddDays(request.ExpiresInDays), null, null);
        await ApiKeyRows.InsertAsync(tx, row, hash.Of(ApiKeys.Kind, secret), ct);
        tx.Emit(origin, new ApiKeyCreated(row.ApiKeyId, user, row.Scopes));
        return new Created(ApiKeyView.Of(row), secret);
    }

    private static async Task<IResult> HandleAsync(Request request, Actor actor, Origin origin, Db db, SecretHash hash, CancellationToken ct)
    {
        if (Refuse(request, actor) is { } refusal)
        {
            return refusal;
        }

        var created = await db.InTenantAsync(actor.Tenant, tx => RunAsync(tx, origin, hash, actor.Id, request, ct), ct);
        return TypedResults.Created($"/api/v1/api-keys/{created.Key.Id}", created);
    }
}

/// <summary>A key as it can be shown: with the beginning of the secret, to recognise it by.</summary>
public sealed record ApiKeyView(
    ApiKeyId Id, string Name, Guid UserId, IReadOnlyList<string> Scopes, string Hint, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt,
    DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt)
{
    internal static ApiKeyView Of(ApiKeyRow row) =>
        new(row.ApiKeyId, row.Name, row.UserId, row.Scopes, row.Hint, row.CreatedAt, row.ExpiresAt, row.LastUsedAt, row.RevokedAt);
}

public sealed record ApiKeyCreated(ApiKeyId Key, Guid User, IReadOnlyList<string> Scopes) : DomainEvent
{
    public override string Action => "api_keys.created";

    public override Target Target => new("api_key", Key.ToString());
}

public sealed record ApiKeyRevoked(ApiKeyId Key) : DomainEvent
{
    public override string Action => "api_keys.revoked";

    public override Target Target => new("api_key", Key.ToString());
}
