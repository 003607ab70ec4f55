using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Permissions.Storage;

namespace Signet.Server.Permissions;

/// <summary>Revokes a leaked API key, at once and on every node.</summary>
public static class EndLeakedApiKey
{
    /// <summary>The key and whom it acts for; null where there is no such key that lives.</summary>
    public static async Task<(ApiKeyId Key, Guid User)?> RunAsync(Tx tx, Origin origin, SecretHash hash, string secret, CancellationToken ct)
    {
        var hashed = hash.Of(ApiKeys.Kind, secret);
        if (await ApiKeyRows.FindByHashAsync(tx, hashed, ct) is not { } key || !await RevokeApiKey.RunAsync(tx, origin, key.ApiKeyId, ct))
        {
            return null;
        }

        return (key.ApiKeyId, key.UserId);
    }
}
