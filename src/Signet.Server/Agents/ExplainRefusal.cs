using Signet.Platform.Crypto;
using Signet.Platform.Data;

namespace Signet.Server.Agents;

/// <summary>Finds out why a secret of an agent proved nothing. The answer is for the record; who asked hears the same whatever it is.</summary>
public sealed class ExplainRefusal(Db db, SecretHash hash, TimeProvider time)
{
    /// <summary><c>credential_revoked</c>, <c>credential_expired</c>, <c>secret_rotated</c>, <c>wrong_secret</c>.</summary>
    public async Task<string> RunAsync(TenantId tenant, AgentId agent, string presented, CancellationToken ct) => AgentSecrets.Explain(
        hash, await db.InTenantAsync(tenant, tx => ManageCredentials.FindAllAsync(tx, agent, ct), ct) ?? [], presented, time.GetUtcNow());
}
