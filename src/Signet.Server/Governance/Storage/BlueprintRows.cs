using Signet.Platform.Data;
using Signet.Server.Agents;

namespace Signet.Server.Governance.Storage;

internal sealed record BlueprintRow(
    BlueprintId BlueprintId, string Name, string Description, AgentType AgentType, string Version, string[] Capabilities, DeploymentEnv DeploymentEnv,
    string[] Scopes, string[] ApprovalScopes, string TokenAlgorithm, int TokenSeconds, bool DpopRequired, int? MonthlyTokens, int? LifetimeDays,
    int? AttestationDays, string[] Labels, int? MaxInstances, BlueprintState State, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static BlueprintRow Of(Blueprint one) => new(
        one.Id, one.Name, one.Description, one.Type, one.Version, [.. one.Capabilities], one.DeploymentEnv, [.. one.Scopes], [.. one.ApprovalScopes],
        one.TokenAlgorithm, one.TokenSeconds, one.DpopRequired, one.MonthlyTokens, one.LifetimeDays, one.AttestationDays, AgentLabels.ToRow(one.Labels),
        one.MaxInstances, one.State, one.CreatedAt, one.UpdatedAt);

    public Blueprint ToBlueprint() => new(
        BlueprintId, Name, Description, AgentType, Version, Capabilities, DeploymentEnv, Scopes, ApprovalScopes, TokenAlgorithm, TokenSeconds, DpopRequired,
        AgentLabels.OfRow(Labels), State, CreatedAt, UpdatedAt)
    {
        MonthlyTokens = MonthlyTokens,
        LifetimeDays = LifetimeDays,
        AttestationDays = AttestationDays,
        MaxInstances = MaxInstances,
    };
}

internal static class BlueprintRows
{
    private const string Columns = """
        blueprint_id, name, description, agent_type, version, capabilities, deployment_env, scopes, approval_scopes, token_algorithm, token_seconds,
        dpop_required, monthly_tokens, lifetime_days, attestation_days, labels, max_instances, state, created_at, updated_at
        """;

    /// <summary>Has those who make blueprints of this tenant come one after the other until the transaction ends, so that none is counted past the limit.</summary>
    public static Task QueueAsync(Tx tx, CancellationToken ct) =>
        tx.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('blueprints of ' || @tenant::text, 0))", new { tenant = tx.Tenant }, ct);

    public static async Task<long> CountAsync(Tx tx, CancellationToken ct) =>
        await tx.ScalarAsync<long>("select count(*) from agent_blueprints where tenant_id = @tenant", new { tenant = tx.Tenant }, ct);

    public static Task<int> InsertAsync(Tx tx, BlueprintRow row, CancellationToken ct) =>
        tx.ExecuteAsync($"""
            insert into agent_blueprints (tenant_id, {Columns})
            values (nullif(current_setting('signet.tenant', true), '')::uuid,
                @BlueprintId, @Name, @Description, @AgentType, @Version, @Capabilities, @DeploymentEnv, @Scopes, @ApprovalScopes, @TokenAlgorithm,
                @TokenSeconds, @DpopRequired, @MonthlyTokens, @LifetimeDays, @AttestationDays, @Labels, @MaxInstances, @State, @CreatedAt, @UpdatedAt)
            """, row, ct);

    public static Task<int> UpdateAsync(Tx tx, BlueprintRow row, CancellationToken ct) =>
        tx.ExecuteAsync("""
            update agent_blueprints
               set name = @Name, description = @Description, agent_type = @AgentType, version = @Version, capabilities = @Capabilities,
                   deployment_env = @DeploymentEnv, scopes = @Scopes, approval_scopes = @ApprovalScopes, token_algorithm = @TokenAlgorithm,
                   token_seconds = @TokenSeconds, dpop_required = @DpopRequired, monthly_tokens = @MonthlyTokens, lifetime_days = @LifetimeDays,
                   attestation_days = @AttestationDays, labels = @Labels, max_instances = @MaxInstances, updated_at = @UpdatedAt
             where tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid and blueprint_id = @BlueprintId
            """, row, ct);

    /// <summary>False where it was retired already, or the tenant has none of this id.</summary>
    public static async Task<bool> RetireAsync(Tx tx, BlueprintId id, CancellationToken ct) =>
        await tx.ExecuteAsync("""
            update agent_blueprints set state = 'retired', updated_at = @now
             where tenant_id = @tenant and blueprint_id = @id and state = 'active'
            """, new { tenant = tx.Tenant, id, now = tx.Now }, ct) == 1;

    public static Task<BlueprintRow?> FindAsync(Tx tx, BlueprintId id, CancellationToken ct) =>
        tx.FindAsync<BlueprintRow>($"select {Columns} from agent_blueprints where tenant_id = @tenant and blueprint_id = @id", new { tenant = tx.Tenant, id }, ct);

    /// <summary>Holds the row until the transaction ends: what is made of it is made of what it says.</summary>
    public static Task<BlueprintRow?> LockAsync(Tx tx, BlueprintId id, CancellationToken ct) =>
        tx.FindAsync<BlueprintRow>(
            $"select {Columns} from agent_blueprints where tenant_id = @tenant and blueprint_id = @id for update", new { tenant = tx.Tenant, id }, ct);

    /// <summary>Newest first.</summary>
    public static Task<List<BlueprintRow>> ListAsync(Tx tx, BlueprintState? state, BlueprintId? before, int limit, CancellationToken ct) =>
        tx.ListAsync<BlueprintRow>($"""
            select {Columns} from agent_blueprints
             where tenant_id = @tenant and (@state::text is null or state = @state) and (@before::uuid is null or blueprint_id < @before)
             order by blueprint_id desc
             limit @limit
            """, new { tenant = tx.Tenant, state, before, limit }, ct);
}
