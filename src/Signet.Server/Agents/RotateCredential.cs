using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Platform.Jobs;
using Signet.Platform.Outbox;
using Signet.Server.Agents.Storage;
using Signet.Server.Permissions;

namespace Signet.Server.Agents;

/// <summary>
/// Gives a credential a new secret and signs nobody out. With Vault configured the new secret goes there, also that of a credential whose old one was kept
/// here. Vault numbers the versions: of several rotations at once the highest holds, whoever is first to say so here.
/// </summary>
public sealed class RotateCredential(Db db, SecretHash hash, Vault vault)
{
    /// <param name="by">Null: the operator at the machine.</param>
    /// <param name="grace">How long the old secret still holds.</param>
    public async Task<CredentialChange> RunAsync(
        TenantId tenant, Origin origin, Actor? by, AgentId id, CredentialId credential, TimeSpan grace, CancellationToken ct)
    {
        // Nothing is held while Vault is asked: a Vault that is slow must not use up the connections to the database.
        string? path = null;
        var change = await db.InTenantAsync(tenant, tx => BeginAsync(tx, origin, by, id, credential, grace, found => path = found, ct), ct);
        if (change is not null)
        {
            return change;
        }

        var (secret, hint) = AgentSecrets.Make();
        return await vault.WriteAsync(path!, secret, ct) is { } version
            ? await db.InTenantAsync(tenant, tx => EndAsync(tx, origin, by, id, credential, grace, new VaultPlace(path!, version, null), secret, hint, ct), ct)
            : new CredentialChange.Refused(AgentProblems.SecretsUnavailable);
    }

    // Null where the new secret is for Vault.
    private async Task<CredentialChange?> BeginAsync(
        Tx tx, Origin origin, Actor? by, AgentId id, CredentialId credential, TimeSpan grace, Action<string> toVault, CancellationToken ct)
    {
        if (await ManageCredentials.RefuseAgentAsync(tx, by, id, ct) is { } refusal)
        {
            return refusal;
        }

        switch ((await CredentialRows.ListAsync(tx, id, ct)).Find(other => other.CredentialId == credential))
        {
            case null:
                return new CredentialChange.Refused(AgentProblems.CredentialNotFound);
            case { State: CredentialState.Revoked }:
                return new CredentialChange.Refused(AgentProblems.CredentialRevoked);
            case { Kind: not CredentialKind.ClientSecret }:
                return new CredentialChange.Refused(AgentProblems.NotRotatable);
            case { VaultPath: { } path }:
                toVault(path);
                return null;
            case { } when vault.IsSet:
                var first = vault.PathOf(id, credential);
                tx.Enqueue(DestroySecret.TidyJob, new DestroySecret.Leftover(id, credential, first), tx.Now + DestroySecret.TidyAfter);
                toVault(first);
                return null;
        }

        // The agent's row is held, so that nobody else rotates in between.
        var (secret, hint) = AgentSecrets.Make();
        var end = tx.Now + grace;
        var row = await CredentialRows.RotateAsync(tx, id, credential, AgentSecrets.HashOf(hash, secret), hint, end, ct);
        return Shown(tx, origin, id, row!, end, secret);
    }

    private static async Task<CredentialChange> EndAsync(
        Tx tx, Origin origin, Actor? by, AgentId id, CredentialId credential, TimeSpan grace, VaultPlace place, string secret, string hint, CancellationToken ct)
    {
        if (await ManageCredentials.RefuseAgentAsync(tx, by, id, ct) is { } refusal)
        {
            return refusal;
        }

        var end = tx.Now + grace;
        if (await CredentialRows.RotateInVaultAsync(tx, id, credential, place, hint, end, ct) is { } row)
        {
            return Shown(tx, origin, id, row, end, secret);
        }

        var known = await CredentialRows.ListAsync(tx, id, ct);
        return new CredentialChange.Refused(
            known.Exists(other => other.CredentialId == credential && other.State is CredentialState.Active) ? AgentProblems.RotatedMeanwhile : AgentProblems.CredentialRevoked);
    }

    private static CredentialChange.Shown Shown(Tx tx, Origin origin, AgentId id, CredentialRow row, DateTimeOffset end, string secret)
    {
        tx.Emit(origin, new CredentialRotated(id, row.CredentialId, end));
        tx.Notify(AgentDirectory.Topic, id.ToString());
        return new CredentialChange.Shown(new CredentialShown(CredentialView.Of(id, row.ToCredential()), secret));
    }
}
