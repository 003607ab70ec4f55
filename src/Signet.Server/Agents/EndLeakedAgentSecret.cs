using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Agents.Storage;
using Signet.Server.Users;

namespace Signet.Server.Agents;

/// <summary>Revokes the credential a leaked secret is of, and with it every token it got.</summary>
public static class EndLeakedAgentSecret
{
    /// <summary>Agents with a live credential in Vault that begins like the secret.</summary>
    public static Task<List<AgentId>> SuspectsAsync(Tx tx, string secret, CancellationToken ct) =>
        CredentialRows.ListInVaultAsync(tx, AgentSecrets.HintOf(secret), ct);

    /// <summary>The agent and who answers for it; null where no credential that lives has the secret.</summary>
    public static async Task<(AgentId Agent, UserId Owner)?> RunAsync(Tx tx, Origin origin, SecretHash hash, string secret, CancellationToken ct)
    {
        if (await CredentialRows.RevokeByHashAsync(tx, AgentSecrets.HashOf(hash, secret), ct) is not { } ended)
        {
            return null;
        }

        Announce(tx, origin, ended.AgentId, ended.CredentialId);
        return (ended.AgentId, (await AgentRows.FindAsync(tx, ended.AgentId, ct))!.OwnerId);
    }

    /// <summary>One whose secret is in Vault, which found out whose it is. False where it is revoked already.</summary>
    public static async Task<bool> RunAsync(Tx tx, Origin origin, AgentId agent, CredentialId credential, CancellationToken ct)
    {
        if (!await CredentialRows.RevokeAsync(tx, agent, credential, ct))
        {
            return false;
        }

        Announce(tx, origin, agent, credential);
        return true;
    }

    private static void Announce(Tx tx, Origin origin, AgentId agent, CredentialId credential)
    {
        tx.Emit(origin, new CredentialRevoked(agent, credential));
        tx.Notify(AgentDirectory.Topic, agent.ToString());
    }
}
