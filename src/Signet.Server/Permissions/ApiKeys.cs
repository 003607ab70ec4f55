using Signet.OAuth;
using Signet.Platform.Cache;
using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Permissions.Storage;

namespace Signet.Server.Permissions;

/// <summary>Proves a caller by <c>Authorization: Bearer sgt_ak_…</c>. A key that was revoked is refused on every node from the commit on.</summary>
public sealed class ApiKeys(Db db, SecretHash hash, RoleDirectory roles, UserIsActive isActive, Notifications notifications, TimeProvider time)
{
    internal const string Topic = "api_keys";
    internal static readonly SecretKind Kind = new("api-key");
    private static readonly TimeSpan TouchEvery = TimeSpan.FromMinutes(5);

    private readonly NodeCache<(TenantId Tenant, string Hash), Known?> byHash =
        new(Topic, key => key.Hash, new NodeCacheOptions(10_000), notifications, time);

    public async ValueTask<ActorProof?> ProveAsync(HttpContext context, TenantId tenant)
    {
        if (context.Request.Headers.Authorization is not [{ } header]
            || !header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            || header.AsSpan(7) is var token && !token.StartsWith(TokenFormat.ApiKey.Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var refused = new ActorProof(null, IsAmbient: false);
        if (!TokenFormat.ApiKey.IsToken(token)
            || await FindAsync(tenant, hash.Of(Kind, header.AsSpan(7)), context.RequestAborted) is not { Row: { RevokedAt: null } key } known
            || key.ExpiresAt <= time.GetUtcNow()
            || !await isActive(tenant, key.UserId, context.RequestAborted))
        {
            return refused;
        }

        var scopes = key.Scopes.Select(SnakeCase.Parse<Permission>).ToHashSet();
        var role = await roles.FindAsync(tenant, key.UserId, context.RequestAborted);
        await TouchAsync(tenant, known, context.RequestAborted);
        return new ActorProof(new Actor(tenant, ActorKind.ApiKey, key.UserId, role, scopes, null), IsAmbient: false);
    }

    private ValueTask<Known?> FindAsync(TenantId tenant, byte[] tokenHash, CancellationToken ct) =>
        byHash.GetAsync((tenant, Convert.ToBase64String(tokenHash)), async (key, token) =>
            await db.InTenantAsync(key.Tenant, tx => ApiKeyRows.FindByHashAsync(tx, Convert.FromBase64String(key.Hash), token), token) is { } row
                ? new Known(row)
                : null, ct);

    private async ValueTask TouchAsync(TenantId tenant, Known known, CancellationToken ct)
    {
        if (known.TryTouch(time.GetUtcNow(), TouchEvery))
        {
            await db.InTenantAsync(tenant, tx => ApiKeyRows.TouchAsync(tx, known.Row.ApiKeyId, ct), ct);
        }
    }

    // Remembers on this node when the key was last written as used, so that many requests at once write once.
    private sealed class Known(ApiKeyRow row)
    {
        private long lastUsed = row.LastUsedAt?.UtcTicks ?? 0;

        public ApiKeyRow Row => row;

        public bool TryTouch(DateTimeOffset now, TimeSpan every)
        {
            var before = Interlocked.Read(ref lastUsed);
            return before + every.Ticks <= now.UtcTicks && Interlocked.CompareExchange(ref lastUsed, now.UtcTicks, before) == before;
        }
    }
}
