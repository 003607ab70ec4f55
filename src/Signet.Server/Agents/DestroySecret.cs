using Signet.Platform.Data;
using Signet.Server.Agents.Storage;

namespace Signet.Server.Agents;

/// <summary>
/// Takes out of Vault what no credential needs any more: that of a revoked one, and what was written for one that then was not made. Runs as a job behind the
/// commit, so that a revocation holds whether Vault answers or not, and is tried again until it does.
/// </summary>
internal static class DestroySecret
{
    public const string TidyJob = "agents.tidy_vault";

    /// <summary>Longer than any request lives.</summary>
    public static readonly TimeSpan TidyAfter = TimeSpan.FromMinutes(10);

    /// <summary>What may have been left in Vault by a process that ended between writing there and writing here.</summary>
    public sealed record Leftover(AgentId Agent, CredentialId Credential, string Path);

    public static async Task OfRevokedAsync(Db db, Vault vault, TenantId tenant, AgentId agent, CredentialId credential, CancellationToken ct)
    {
        if (await FindAsync(db, tenant, agent, credential, ct) is { State: CredentialState.Revoked, VaultPath: { } path })
        {
            await DestroyAsync(vault, path, ct);
        }
    }

    public static async Task OfLeftoverAsync(Db db, Vault vault, TenantId tenant, Leftover leftover, CancellationToken ct)
    {
        if (await FindAsync(db, tenant, leftover.Agent, leftover.Credential, ct) is not { State: CredentialState.Active, VaultPath: not null })
        {
            await DestroyAsync(vault, leftover.Path, ct);
        }
    }

    private static async Task<CredentialRow?> FindAsync(Db db, TenantId tenant, AgentId agent, CredentialId credential, CancellationToken ct) =>
        (await db.InTenantAsync(tenant, tx => CredentialRows.ListAsync(tx, agent, ct), ct)).Find(row => row.CredentialId == credential);

    private static async Task DestroyAsync(Vault vault, string path, CancellationToken ct)
    {
        if (!await vault.DestroyAsync(path, ct))
        {
            throw new IOException("Vault did not answer; the secret waits there to be destroyed.");
        }
    }
}
