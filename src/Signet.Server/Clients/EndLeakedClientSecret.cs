using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Clients.Storage;

namespace Signet.Server.Clients;

/// <summary>Ends a leaked secret of an application's; its others hold on.</summary>
public static class EndLeakedClientSecret
{
    /// <summary>Null where no application has the secret, or it has ended.</summary>
    public static async Task<ClientId?> RunAsync(Tx tx, Origin origin, SecretHash hash, string secret, CancellationToken ct)
    {
        if (await ClientRows.EndSecretAsync(tx, ClientSecrets.HashOf(hash, secret), ct) is not [var client])
        {
            return null;
        }

        tx.Emit(origin, new ClientSecretEnded(client));
        tx.Notify(ClientDirectory.Topic, client.ToString());
        return client;
    }
}
