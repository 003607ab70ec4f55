using Signet.Platform.Data;

namespace Signet.Server.Agents.Storage;

internal sealed record CredentialRow(
    CredentialId CredentialId, CredentialKind Kind, byte[]? Hash, byte[]? PreviousHash, DateTimeOffset? PreviousUntil, string? Jwk, string? JwksUri, string Hint,
    CredentialState State, DateTimeOffset CreatedAt, DateTimeOffset? RotatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, DateTimeOffset? LastUsedAt,
    string? VaultPath, int? VaultVersion, int? VaultPreviousVersion, string? CertificateThumbprint, AuthorityId? AuthorityId, string? CertificateNameKind,
    string? CertificateName, string? CertificateOf)
{
    /// <summary>A credential that holds from now on.</summary>
    public static CredentialRow Of(CredentialId id, CredentialKind kind, string hint, DateTimeOffset now, DateTimeOffset? expiresAt) =>
        new(id, kind, null, null, null, null, null, hint, CredentialState.Active, now, null, expiresAt, null, null, null, null, null, null, null, null, null, null);

    public Credential ToCredential() => new(
        CredentialId, Kind, Hash, PreviousHash, PreviousUntil, Jwk is null ? null : CredentialKey.Read(Jwk), JwksUri, Hint, State, CreatedAt, RotatedAt, ExpiresAt,
        RevokedAt, LastUsedAt)
    {
        Certificate = Kind is not CredentialKind.Certificate ? null
            : CertificateThumbprint is { } thumbprint ? new RegisteredCertificate.Exact(thumbprint)
            : AuthorityId is { } authority ? new RegisteredCertificate.Issued(authority, RegisteredCertificate.NameOf(CertificateNameKind, CertificateName!))
            : new RegisteredCertificate.OfKey(CredentialKey.Read(Jwk!).Keys[0]),
        Vault = VaultPath is null ? null : new VaultPlace(VaultPath, VaultVersion!.Value, VaultPreviousVersion),
    };
}

internal sealed record RevokedCredential(AgentId AgentId, CredentialId CredentialId);

internal static class CredentialRows
{
    private const string Columns = """
        credential_id, kind, hash, previous_hash, previous_until, jwk, jwks_uri, hint, state, created_at, rotated_at, expires_at, revoked_at, last_used_at,
        vault_path, vault_version, vault_previous_version, certificate_thumbprint, authority_id, certificate_name_kind, certificate_name, certificate_of
        """;

    /// <summary>False where a credential of the tenant that lives is the same certificate.</summary>
    public static async Task<bool> InsertAsync(Tx tx, AgentId agent, CredentialRow row, CancellationToken ct) =>
        await tx.ExecuteAsync("""
            insert into agent_credentials (
                tenant_id, agent_id, credential_id, kind, hash, jwk, jwks_uri, hint, state, created_at, expires_at, vault_path, vault_version,
                certificate_thumbprint, authority_id, certificate_name_kind, certificate_name, certificate_of)
            values (
                @Tenant, @agent, @CredentialId, @Kind, @Hash, @Jwk, @JwksUri, @Hint, @State, @CreatedAt, @ExpiresAt, @VaultPath, @VaultVersion,
                @CertificateThumbprint, @AuthorityId, @CertificateNameKind, @CertificateName, @CertificateOf)
            on conflict (tenant_id, certificate_of) where state = 'active' do nothing
            """, new
        {
            tx.Tenant, agent, row.CredentialId, row.Kind, row.Hash, row.Jwk, row.JwksUri, row.Hint, row.State, row.CreatedAt, row.ExpiresAt, row.VaultPath,
            row.VaultVersion, row.CertificateThumbprint, row.AuthorityId, row.CertificateNameKind, row.CertificateName, row.CertificateOf,
        }, ct) == 1;

    /// <summary>Newest first.</summary>
    public static Task<List<CredentialRow>> ListAsync(Tx tx, AgentId agent, CancellationToken ct) =>
        tx.ListAsync<CredentialRow>($"""
            select {Columns} from agent_credentials where tenant_id = @tenant and agent_id = @agent order by credential_id desc
            """, new { tenant = tx.Tenant, agent }, ct);

    /// <summary>Gives an active credential a new secret; null where it is revoked, has no secret, or is none, or its secret is in Vault.</summary>
    public static Task<CredentialRow?> RotateAsync(
        Tx tx, AgentId agent, CredentialId id, byte[] hash, string hint, DateTimeOffset oldEnds, CancellationToken ct) =>
        tx.FindAsync<CredentialRow>($"""
            update agent_credentials
               set previous_hash = hash, previous_until = @oldEnds, hash = @hash, hint = @hint, rotated_at = @now
             where tenant_id = @tenant and agent_id = @agent and credential_id = @id and state = 'active' and kind = 'client_secret' and vault_path is null
            returning {Columns}
            """, new { tenant = tx.Tenant, agent, id, hash, hint, oldEnds, now = tx.Now }, ct);

    /// <summary>
    /// Says which version in Vault holds from now on; null where the credential is revoked, has no secret, or a higher version holds already. What was before,
    /// here or there, is the previous.
    /// </summary>
    public static Task<CredentialRow?> RotateInVaultAsync(
        Tx tx, AgentId agent, CredentialId id, VaultPlace place, string hint, DateTimeOffset oldEnds, CancellationToken ct) =>
        tx.FindAsync<CredentialRow>($"""
            update agent_credentials
               set previous_hash = hash, hash = null, vault_previous_version = vault_version, vault_path = @path, vault_version = @version,
                   previous_until = @oldEnds, hint = @hint, rotated_at = @now
             where tenant_id = @tenant and agent_id = @agent and credential_id = @id and state = 'active' and kind = 'client_secret'
               and coalesce(vault_version, 0) < @version
            returning {Columns}
            """, new { tenant = tx.Tenant, agent, id, path = place.Path, version = place.Version, hint, oldEnds, now = tx.Now }, ct);

    /// <summary>False where it is revoked already, or none.</summary>
    public static async Task<bool> RevokeAsync(Tx tx, AgentId agent, CredentialId id, CancellationToken ct) =>
        await tx.ExecuteAsync("""
            update agent_credentials set state = 'revoked', revoked_at = @now
             where tenant_id = @tenant and agent_id = @agent and credential_id = @id and state = 'active'
            """, new { tenant = tx.Tenant, agent, id, now = tx.Now }, ct) == 1;

    /// <summary>Revokes every credential of certificates that this authority issues.</summary>
    public static Task<List<RevokedCredential>> RevokeOfAuthorityAsync(Tx tx, AuthorityId authority, CancellationToken ct) =>
        tx.ListAsync<RevokedCredential>("""
            update agent_credentials set state = 'revoked', revoked_at = @now
             where tenant_id = @tenant and authority_id = @authority and state = 'active'
            returning agent_id, credential_id
            """, new { tenant = tx.Tenant, authority, now = tx.Now }, ct);

    /// <summary>Revokes the credential whose secret, or whose secret before the last rotation, has this hash; null where none that lives has it.</summary>
    public static Task<RevokedCredential?> RevokeByHashAsync(Tx tx, byte[] hash, CancellationToken ct) =>
        tx.FindAsync<RevokedCredential>("""
            update agent_credentials set state = 'revoked', revoked_at = @now
             where tenant_id = @tenant and state = 'active' and (hash = @hash or (previous_hash = @hash and previous_until > @now))
            returning agent_id, credential_id
            """, new { tenant = tx.Tenant, hash, now = tx.Now }, ct);

    /// <summary>Agents with a live credential that is in Vault and begins so.</summary>
    public static Task<List<AgentId>> ListInVaultAsync(Tx tx, string hint, CancellationToken ct) =>
        tx.ListAsync<AgentId>("""
            select distinct agent_id from agent_credentials
             where tenant_id = @tenant and state = 'active' and vault_path is not null and hint = @hint
            """, new { tenant = tx.Tenant, hint }, ct);

    /// <summary>The ids of those it revoked.</summary>
    public static Task<List<CredentialId>> RevokeAllAsync(Tx tx, AgentId agent, CancellationToken ct) =>
        tx.ListAsync<CredentialId>("""
            update agent_credentials set state = 'revoked', revoked_at = @now
             where tenant_id = @tenant and agent_id = @agent and state = 'active'
            returning credential_id
            """, new { tenant = tx.Tenant, agent, now = tx.Now }, ct);

    /// <summary>Of two nodes that saw it in one minute, one writes.</summary>
    public static Task<int> NoteUseAsync(Tx tx, AgentId agent, CredentialId id, DateTimeOffset at, DateTimeOffset unlessAfter, CancellationToken ct) =>
        tx.ExecuteAsync("""
            update agent_credentials set last_used_at = @at
             where tenant_id = @tenant and agent_id = @agent and credential_id = @id and (last_used_at is null or last_used_at <= @unlessAfter)
            """, new { tenant = tx.Tenant, agent, id, at, unlessAfter }, ct);
}
