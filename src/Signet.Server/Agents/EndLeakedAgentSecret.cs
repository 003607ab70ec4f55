using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Agents.Storage;
using Signet.Server.Users;

namespace Signet.Server.Agents;

/// <summary>Revokes the credential a leaked secret is of, and with it every token it got.</summary>
public static class EndLeakedAgentSecret
{
    /// <summary>The agent and who answers for it; null where no credential that lives has the secret.</summary>
    public static async Task<(AgentId Agent, UserId Owner)?> RunAsync(Tx tx, Origin origin, SecretHash hash, string secret, CancellationToken ct)
    {
        if (await CredentialRows.RevokeByHashAsync(tx, AgentSecrets.HashOf(hash, secret), ct) is not { } ended)
        {
            return null;
        }

        tx.Emit(origin, new CredentialRevoked(ended.AgentId, ended.CredentialId));
        tx.Notify(AgentDirectory.Topic, ended.AgentId.ToString());
        return (ended.AgentId, (await AgentRows.FindAsync(tx, ended.AgentId, ct))!.OwnerId);
    }
}
