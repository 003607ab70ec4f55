using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Agents.Storage;
using Signet.Server.Permissions;

namespace Signet.Server.Agents;

/// <summary>
/// What ties the tokens of a workload to the policy that took it for an agent: a credential without a secret. So they end like every other token of the
/// agent, and the credential is listed and revoked with the others.
/// </summary>
public static class WorkloadCredentials
{
    /// <summary>Null where this caller may arm this agent, which is held until the transaction ends.</summary>
    /// <param name="by">Null: the operator at the machine.</param>
    public static async Task<Problem?> RefuseAsync(Tx tx, Actor? by, AgentId agent, CancellationToken ct) =>
        (await ManageCredentials.RefuseAgentAsync(tx, by, agent, ct) as CredentialChange.Refused)?.Problem;

    /// <param name="issuer">Whose tokens stand for the agent.</param>
    public static async Task GiveAsync(Tx tx, Origin origin, AgentId agent, CredentialId credential, string issuer, CancellationToken ct)
    {
        var row = CredentialRow.Of(credential, CredentialKind.WorkloadIdentity, new Uri(issuer).Host, tx.Now, null) with { JwksUri = issuer };
        await CredentialRows.InsertAsync(tx, agent, row, ct);
        tx.Emit(origin, new CredentialGenerated(agent, credential, SnakeCase.Of(row.Kind), null));
        tx.Notify(AgentDirectory.Topic, agent.ToString());
    }

    /// <summary>Ends every token the credential got, on every node from the commit on.</summary>
    public static async Task TakeAsync(Tx tx, Origin origin, AgentId agent, CredentialId credential, CancellationToken ct)
    {
        if (await CredentialRows.RevokeAsync(tx, agent, credential, ct))
        {
            tx.Emit(origin, new CredentialRevoked(agent, credential));
            tx.Notify(AgentDirectory.Topic, agent.ToString());
        }
    }
}
