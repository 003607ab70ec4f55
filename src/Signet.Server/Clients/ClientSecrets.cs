using Signet.OAuth;
using Signet.Platform.Crypto;

namespace Signet.Server.Clients;

/// <summary>Secrets of applications: 256 random bits, kept as a keyed hash.</summary>
public static class ClientSecrets
{
    private static readonly SecretKind Kind = new("client-secret");

    /// <summary>Whether the client may show itself with this. The same time for every wrong secret; a malformed one is wrong at once, which tells nothing.</summary>
    public static bool Match(SecretHash hash, Client client, string presented, DateTimeOffset now)
    {
        if (!TokenFormat.ClientSecret.IsToken(presented))
        {
            return false;
        }

        var found = false;
        var presentedHash = hash.Of(Kind, presented);
        foreach (var secret in client.Secrets)
        {
            // Every one is compared, so that the time does not tell which it was.
            found |= (secret.ExpiresAt is null || secret.ExpiresAt > now)
                & System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(presentedHash, secret.Hash);
        }

        return found;
    }

    internal static byte[] HashOf(SecretHash hash, string secret) => hash.Of(Kind, secret);

    internal static (string Secret, Storage.SecretRow Row) Make(SecretHash hash, Guid id, DateTimeOffset now)
    {
        var secret = TokenFormat.ClientSecret.Make();
        return (secret, new Storage.SecretRow(id, hash.Of(Kind, secret), secret[..(TokenFormat.ClientSecret.Prefix.Length + 4)], now, null));
    }
}
