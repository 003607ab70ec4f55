using Signet.Platform.Data;

namespace Signet.Server.Clients.Storage;

internal sealed record ClientRow(
    ClientId ClientId, string Name, ClientKind Kind, string[] Grants, string[] RedirectUris, string[] PostLogoutRedirectUris,
    string[] Scopes, bool AsksConsent, string AccessTokenAlgorithm, string IdTokenAlgorithm, int AccessTokenSeconds, ClientState State,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static ClientRow Of(Client client) => new(
        client.Id, client.Name, client.Kind, [.. client.Grants.Select(grant => SnakeCase.Of(grant))], [.. client.RedirectUris],
        [.. client.PostLogoutRedirectUris], [.. client.Scopes], client.AsksConsent, client.AccessTokenAlgorithm, client.IdTokenAlgorithm,
        (int)client.AccessTokenLife.TotalSeconds, client.State, client.CreatedAt, client.UpdatedAt);

    public Client ToClient(IReadOnlyList<ClientSecret> secrets) => new(
        ClientId, Name, Kind, [.. Grants.Select(SnakeCase.Parse<Grant>)], RedirectUris, PostLogoutRedirectUris, Scopes, AsksConsent,
        AccessTokenAlgorithm, IdTokenAlgorithm, TimeSpan.FromSeconds(AccessTokenSeconds), State, CreatedAt, UpdatedAt, secrets);
}

internal sealed record SecretRow(Guid SecretId, byte[] Hash, string Hint, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt)
{
    public ClientSecret ToSecret() => new(SecretId, Hash, Hint, CreatedAt, ExpiresAt);
}

internal static class ClientRows
{
    private const string Columns = """
        client_id, name, kind, grants, redirect_uris, post_logout_redirect_uris, scopes, asks_consent,
        access_token_algorithm, id_token_algorithm, access_token_seconds, state, created_at, updated_at
        """;

    private const string Values = """
        @ClientId, @Name, @Kind, @Grants, @RedirectUris, @PostLogoutRedirectUris, @Scopes, @AsksConsent,
        @AccessTokenAlgorithm, @IdTokenAlgorithm, @AccessTokenSeconds, @State, @CreatedAt, @UpdatedAt
        """;

    public static Task InsertAsync(Tx tx, ClientRow row, CancellationToken ct) =>
        tx.ExecuteAsync($"insert into clients (tenant_id, {Columns}) values (nullif(current_setting('signet.tenant', true), '')::uuid, {Values})", row, ct);

    /// <summary>Everything but what a client is made with: its id, its way to authenticate, its birth.</summary>
    public static async Task<bool> UpdateAsync(Tx tx, ClientRow row, CancellationToken ct) =>
        await tx.ExecuteAsync("""
            update clients
               set name = @Name, grants = @Grants, redirect_uris = @RedirectUris, post_logout_redirect_uris = @PostLogoutRedirectUris,
                   scopes = @Scopes, asks_consent = @AsksConsent, access_token_algorithm = @AccessTokenAlgorithm,
                   id_token_algorithm = @IdTokenAlgorithm, access_token_seconds = @AccessTokenSeconds, state = @State, updated_at = @UpdatedAt
             where tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid and client_id = @ClientId
            """, row, ct) == 1;

    public static Task<ClientRow?> FindAsync(Tx tx, ClientId id, CancellationToken ct) =>
        tx.FindAsync<ClientRow>($"select {Columns} from clients where tenant_id = @tenant and client_id = @id", new { tenant = tx.Tenant, id }, ct);

    /// <summary>Holds the row until the transaction ends, for a change that builds on what it says.</summary>
    public static Task<ClientRow?> LockAsync(Tx tx, ClientId id, CancellationToken ct) =>
        tx.FindAsync<ClientRow>($"select {Columns} from clients where tenant_id = @tenant and client_id = @id for update", new { tenant = tx.Tenant, id }, ct);

    public static Task<List<ClientRow>> ListAsync(Tx tx, string? search, ClientId? before, int limit, CancellationToken ct) =>
        tx.ListAsync<ClientRow>($"""
            select {Columns} from clients
             where tenant_id = @tenant
               and (@search::text is null or position(lower(@search) in lower(name)) > 0 or client_id::text = @search)
               and (@before::uuid is null or client_id < @before)
             order by client_id desc
             limit @limit
            """, new { tenant = tx.Tenant, search, before, limit }, ct);

    public static async Task<bool> DeleteAsync(Tx tx, ClientId id, CancellationToken ct) =>
        await tx.ExecuteAsync("delete from clients where tenant_id = @tenant and client_id = @id", new { tenant = tx.Tenant, id }, ct) == 1;

    public static Task<List<SecretRow>> SecretsAsync(Tx tx, ClientId id, CancellationToken ct) =>
        tx.ListAsync<SecretRow>("""
            select secret_id, hash, hint, created_at, expires_at from client_secrets
             where tenant_id = @tenant and client_id = @id and (expires_at is null or expires_at > @now)
             order by created_at desc
            """, new { tenant = tx.Tenant, id, now = tx.Now }, ct);

    public static Task AddSecretAsync(Tx tx, ClientId id, SecretRow row, CancellationToken ct) =>
        tx.ExecuteAsync("""
            insert into client_secrets (tenant_id, client_id, secret_id, hash, hint, created_at, expires_at)
            values (@Tenant, @id, @SecretId, @Hash, @Hint, @CreatedAt, @ExpiresAt)
            """, new { tx.Tenant, id, row.SecretId, row.Hash, row.Hint, row.CreatedAt, row.ExpiresAt }, ct);

    /// <summary>Whose secret it was that ended; empty where none that holds has this hash.</summary>
    public static Task<List<ClientId>> EndSecretAsync(Tx tx, byte[] hash, CancellationToken ct) =>
        tx.ListAsync<ClientId>("""
            update client_secrets set expires_at = @now
             where tenant_id = @tenant and hash = @hash and (expires_at is null or expires_at > @now)
            returning client_id
            """, new { tenant = tx.Tenant, hash, now = tx.Now }, ct);

    /// <summary>Every secret the client has ends at that moment, unless it ends before.</summary>
    public static Task ExpireSecretsAsync(Tx tx, ClientId id, DateTimeOffset at, CancellationToken ct) =>
        tx.ExecuteAsync("""
            update client_secrets set expires_at = @at
             where tenant_id = @tenant and client_id = @id and (expires_at is null or expires_at > @at)
            """, new { tenant = tx.Tenant, id, at }, ct);

    /// <summary>Counts no further than <paramref name="most"/>.</summary>
    public static Task<long> CountAsync(Tx tx, int most, CancellationToken ct) =>
        tx.ScalarAsync<long>("select count(*) from (select 1 from clients where tenant_id = @tenant limit @most) as counted", new { tenant = tx.Tenant, most }, ct);
}
