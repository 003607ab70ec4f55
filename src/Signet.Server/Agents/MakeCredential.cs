using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Platform.Jobs;
using Signet.Platform.Outbound;
using Signet.Platform.Outbox;
using Signet.Server.Agents.Storage;
using Signet.Server.Permissions;

namespace Signet.Server.Agents;

/// <summary>Gives an agent a credential: a secret that is made here and shown once, or a key or certificate of which we see the public half alone.</summary>
public sealed class MakeCredential(Db db, SecretHash hash, OutboundHttp door, Vault vault)
{
    // Each key is tried in turn where an assertion does not say which signed it.
    private const int MostKeys = 10;

    /// <param name="by">Null: the operator at the machine.</param>
    public async Task<CredentialChange> RunAsync(
        TenantId tenant, Origin origin, Actor? by, AgentId id, ManageCredentials.Wish wish, CancellationToken ct) =>
        wish.Kind is CredentialKind.ClientSecret && vault.IsSet
            ? await MakeInVaultAsync(tenant, origin, by, id, wish, ct)
            : await db.InTenantAsync(tenant, tx => RunAsync(tx, origin, by, id, wish, ct), ct);

    // Vault is asked between two transactions: one that is slow must not use up the connections to the database.
    private async Task<CredentialChange> MakeInVaultAsync(
        TenantId tenant, Origin origin, Actor? by, AgentId id, ManageCredentials.Wish wish, CancellationToken ct)
    {
        CredentialId credential = default;
        var path = "";
        if (await db.InTenantAsync(tenant, async tx =>
            {
                if (await RefuseAsync(tx, by, id, wish, ct) is { } refusal)
                {
                    return refusal;
                }

                credential = tx.NewId<CredentialId>();
                path = vault.PathOf(id, credential);
                tx.Enqueue(DestroySecret.TidyJob, new DestroySecret.Leftover(id, credential, path), tx.Now + DestroySecret.TidyAfter);
                return null;
            }, ct) is { } refused)
        {
            return refused;
        }

        var (secret, hint) = AgentSecrets.Make();
        if (await vault.WriteAsync(path, secret, ct) is not { } version)
        {
            return new CredentialChange.Refused(AgentProblems.SecretsUnavailable);
        }

        return await db.InTenantAsync(tenant, async tx => await RefuseAsync(tx, by, id, wish, ct) ?? await AddAsync(
            tx, origin, id, CredentialRow.Of(credential, wish.Kind, hint, tx.Now, wish.ExpiresAt) with { VaultPath = path, VaultVersion = version }, secret, ct), ct);
    }

    private static async Task<CredentialChange?> RefuseAsync(Tx tx, Actor? by, AgentId id, ManageCredentials.Wish wish, CancellationToken ct) =>
        await ManageCredentials.RefuseAgentAsync(tx, by, id, ct) is { } refusal ? refusal
        : wish.ExpiresAt <= tx.Now ? Refuse("expiresAt", "is to be in the future")
        : wish.Kind is CredentialKind.ClientSecret && (wish.Jwk is not null || wish.JwksUri is not null)
            ? Refuse("kind", "is to be private_key_jwt or certificate where a key is given")
        : wish.Kind is not CredentialKind.Certificate && wish.Certificate is not null
            ? Refuse("kind", "is to be certificate where one is given")
            : null;

    private async Task<CredentialChange> RunAsync(Tx tx, Origin origin, Actor? by, AgentId id, ManageCredentials.Wish wish, CancellationToken ct)
    {
        if (await RefuseAsync(tx, by, id, wish, ct) is { } refusal)
        {
            return refusal;
        }

        var (change, row, secret) = wish.Kind switch
        {
            CredentialKind.ClientSecret => MakeSecret(tx, wish),
            CredentialKind.PrivateKeyJwt => await TakeKeyAsync(tx, id, wish, ct),
            CredentialKind.Certificate => await TakeCertificateAsync(tx, id, wish, ct),
            // Whom to trust for it is said in the policy, which makes it.
            CredentialKind.WorkloadIdentity => (Refuse("kind", "is to be client_secret, private_key_jwt or certificate; a workload's identity comes of a trust policy"), null, null),
        };
        return row is null ? change! : await AddAsync(tx, origin, id, row, secret, ct);
    }

    private static async Task<CredentialChange> AddAsync(Tx tx, Origin origin, AgentId id, CredentialRow row, string? secret, CancellationToken ct)
    {
        if (!await CredentialRows.InsertAsync(tx, id, row, ct))
        {
            return new CredentialChange.Refused(AgentProblems.CertificateTaken);
        }

        tx.Emit(origin, new CredentialGenerated(id, row.CredentialId, SnakeCase.Of(row.Kind), row.ExpiresAt));
        tx.Notify(AgentDirectory.Topic, id.ToString());
        return new CredentialChange.Shown(new CredentialShown(CredentialView.Of(id, row.ToCredential()), secret));
    }

    private (CredentialChange? Refusal, CredentialRow? Row, string? Secret) MakeSecret(Tx tx, ManageCredentials.Wish wish)
    {
        var (secret, hint) = AgentSecrets.Make();
        var row = CredentialRow.Of(tx.NewId<CredentialId>(), wish.Kind, hint, tx.Now, wish.ExpiresAt);
        return (null, row with { Hash = AgentSecrets.HashOf(hash, secret) }, secret);
    }

    private async Task<(CredentialChange? Refusal, CredentialRow? Row, string? Secret)> TakeKeyAsync(
        Tx tx, AgentId id, ManageCredentials.Wish wish, CancellationToken ct)
    {
        // The agent's row is held, so no other key can come in between.
        var known = await CredentialRows.ListAsync(tx, id, ct);
        var keys = known.FindAll(other => other is { State: CredentialState.Active, Kind: CredentialKind.PrivateKeyJwt });
        if (keys.Count >= MostKeys)
        {
            return (new CredentialChange.Refused(AgentProblems.TooManyCredentials), null, null);
        }

        switch (wish)
        {
            case { Jwk: { } offered, JwksUri: null }:
                var (json, kid, fault) = CredentialKey.Take(offered);
                if (json is null)
                {
                    return (Refuse("jwk", fault!), null, null);
                }

                // Revoked under one id it would live on under the other; and of two keys of one name nobody could say which is meant.
                var key = CredentialKey.Read(json).Keys[0];
                return keys.Exists(other => other.Jwk is { } kept && CredentialKey.Read(kept).Keys[0] is var own && (own.Thumbprint == key.Thumbprint || own.Kid == key.Kid))
                    ? (Refuse("jwk", "the agent has this key, or another of this kid, already"), null, null)
                    : (null, CredentialRow.Of(tx.NewId<CredentialId>(), wish.Kind, kid, tx.Now, wish.ExpiresAt) with { Jwk = json }, null);
            case { Jwk: null, JwksUri: { } uri }:
                return door.Check(uri) is not null ? (Refuse("jwksUri", "is to be an https URL of a machine on the public Internet"), null, null)
                    : keys.Exists(other => other.JwksUri == uri) ? (Refuse("jwksUri", "the agent has this address already"), null, null)
                    : (null, CredentialRow.Of(tx.NewId<CredentialId>(), wish.Kind, new Uri(uri).Host, tx.Now, wish.ExpiresAt) with { JwksUri = uri }, null);
            default:
                return (Refuse("jwk", "one of jwk and jwksUri is to be given"), null, null);
        }
    }

    private static async Task<(CredentialChange? Refusal, CredentialRow? Row, string? Secret)> TakeCertificateAsync(
        Tx tx, AgentId id, ManageCredentials.Wish wish, CancellationToken ct)
    {
        var known = await CredentialRows.ListAsync(tx, id, ct);
        if (known.Count(other => other is { State: CredentialState.Active, Kind: CredentialKind.Certificate }) >= MostKeys)
        {
            return (new CredentialChange.Refused(AgentProblems.TooManyCredentials), null, null);
        }

        var (row, field, fault) = await RegisterCertificate.TakeAsync(tx, wish, ct);
        return row is null ? (Refuse(field, fault!), null, null) : (null, row, null);
    }

    private static CredentialChange.Refused Refuse(string field, string message) => new(AgentProblems.Invalid.WithError(field, message));
}
