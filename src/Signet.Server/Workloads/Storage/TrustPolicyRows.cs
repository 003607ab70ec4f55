using System.Text.Json;
using Signet.Platform.Data;
using Signet.Server.Agents;

namespace Signet.Server.Workloads.Storage;

internal sealed record TrustPolicyRow(
    TrustPolicyId PolicyId, string Name, string Issuer, string Audience, string Rules, string? Jwks, string? JwksUri, AgentId? AgentId, string? Bootstrap,
    string[] Scopes, int MaxSeconds, bool Enabled, CredentialId CredentialId, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? LastUsedAt)
{
    public static TrustPolicyRow Of(WorkloadTrust trust) => new(
        trust.Id, trust.Name, trust.Issuer, trust.Audience, JsonSerializer.Serialize(trust.Rules.Select(RuleView.Of)), trust.Jwks, trust.JwksUri, trust.Agent,
        trust.Bootstrap is null ? null : JsonSerializer.Serialize(trust.Bootstrap), [.. trust.Scopes], (int)trust.MaxLife.TotalSeconds, trust.Enabled,
        trust.Credential, trust.CreatedAt, trust.UpdatedAt, trust.LastUsedAt);

    public WorkloadTrust ToTrust() => new(
        PolicyId, Name, Issuer, Audience, [.. JsonSerializer.Deserialize<RuleView[]>(Rules)!.Select(rule => rule.ToRule())], Jwks, JwksUri, AgentId,
        Bootstrap is null ? null : JsonSerializer.Deserialize<BootstrapAgent>(Bootstrap), Scopes, TimeSpan.FromSeconds(MaxSeconds), Enabled, CredentialId,
        CreatedAt, UpdatedAt, LastUsedAt);
}

internal static class TrustPolicyRows
{
    private const string Columns = """
        policy_id, name, issuer, audience, rules, jwks, jwks_uri, agent_id, bootstrap, scopes, max_seconds, enabled, credential_id,
        created_at, updated_at, last_used_at
        """;

    /// <summary>False where the tenant has as many as it may. Counted without a lock: two at once may end one above it.</summary>
    public static async Task<bool> InsertAsync(Tx tx, TrustPolicyRow row, int most, CancellationToken ct) =>
        await tx.ExecuteAsync($"""
            insert into trust_policies (tenant_id, {Columns})
            select @Tenant, @PolicyId, @Name, @Issuer, @Audience, @Rules, @Jwks::text, @JwksUri::text, @AgentId::uuid, @Bootstrap::text, @Scopes, @MaxSeconds, @Enabled,
                   @CredentialId, @CreatedAt, @UpdatedAt, null
             where (select count(*) from trust_policies where tenant_id = @Tenant) < @most
            """, new
        {
            tx.Tenant, row.PolicyId, row.Name, row.Issuer, row.Audience, row.Rules, row.Jwks, row.JwksUri, row.AgentId, row.Bootstrap, row.Scopes,
            row.MaxSeconds, row.Enabled, row.CredentialId, row.CreatedAt, row.UpdatedAt, most,
        }, ct) == 1;

    /// <summary>Everything but whom it is for.</summary>
    public static Task UpdateAsync(Tx tx, TrustPolicyRow row, CancellationToken ct) =>
        tx.ExecuteAsync("""
            update trust_policies
               set name = @Name, issuer = @Issuer, audience = @Audience, rules = @Rules, jwks = @Jwks, jwks_uri = @JwksUri, scopes = @Scopes,
                   max_seconds = @MaxSeconds, enabled = @Enabled, credential_id = @CredentialId, updated_at = @UpdatedAt
             where tenant_id = @Tenant and policy_id = @PolicyId
            """, new
        {
            tx.Tenant, row.PolicyId, row.Name, row.Issuer, row.Audience, row.Rules, row.Jwks, row.JwksUri, row.Scopes, row.MaxSeconds, row.Enabled,
            row.CredentialId, row.UpdatedAt,
        }, ct);

    public static Task<TrustPolicyRow?> FindAsync(Tx tx, TrustPolicyId id, CancellationToken ct) =>
        tx.FindAsync<TrustPolicyRow>($"select {Columns} from trust_policies where tenant_id = @tenant and policy_id = @id", new { tenant = tx.Tenant, id }, ct);

    /// <summary>Holds the row until the transaction ends, for a change that builds on what it says.</summary>
    public static Task<TrustPolicyRow?> LockAsync(Tx tx, TrustPolicyId id, CancellationToken ct) =>
        tx.FindAsync<TrustPolicyRow>(
            $"select {Columns} from trust_policies where tenant_id = @tenant and policy_id = @id for update", new { tenant = tx.Tenant, id }, ct);

    /// <summary>Newest first.</summary>
    public static Task<List<TrustPolicyRow>> ListAsync(Tx tx, AgentId? agent, TrustPolicyId? before, int limit, CancellationToken ct) =>
        tx.ListAsync<TrustPolicyRow>($"""
            select {Columns} from trust_policies
             where tenant_id = @tenant and (@agent::uuid is null or agent_id = @agent) and (@before::uuid is null or policy_id < @before)
             order by policy_id desc
             limit @limit
            """, new { tenant = tx.Tenant, agent, before, limit }, ct);

    public static Task<List<TrustPolicyRow>> ListOfIssuerAsync(Tx tx, string issuer, CancellationToken ct) =>
        tx.ListAsync<TrustPolicyRow>(
            $"select {Columns} from trust_policies where tenant_id = @tenant and issuer = @issuer order by policy_id", new { tenant = tx.Tenant, issuer }, ct);

    public static Task<int> DeleteAsync(Tx tx, TrustPolicyId id, CancellationToken ct) =>
        tx.ExecuteAsync("delete from trust_policies where tenant_id = @tenant and policy_id = @id", new { tenant = tx.Tenant, id }, ct);

    /// <summary>Once a minute at most.</summary>
    public static Task<int> NoteUseAsync(Tx tx, TrustPolicyId id, CancellationToken ct) =>
        tx.ExecuteAsync("""
            update trust_policies set last_used_at = @now
             where tenant_id = @tenant and policy_id = @id and (last_used_at is null or last_used_at <= @unlessAfter)
            """, new { tenant = tx.Tenant, id, now = tx.Now, unlessAfter = tx.Now.AddMinutes(-1) }, ct);
}
