using Signet.Platform.Data;
using Signet.Server.Users;

namespace Signet.Server.Agents.Storage;

internal sealed record AgentRow(
    AgentId AgentId, string Email, AgentType AgentType, string Version, string Description, string[] Capabilities, DeploymentEnv DeploymentEnv,
    UserId OwnerId, UserId? SponsorId, string[] Scopes, string[] ApprovalScopes, string TokenAlgorithm, int TokenSeconds, bool DpopRequired, int? MonthlyTokens, AgentState State, int Epoch,
    DateTimeOffset? ExpiresAt, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string[] Labels,
    BlueprintId? BlueprintId, int? AttestationDays, DateTimeOffset? AttestedUntil, DateTimeOffset? OrphanedAt)
{
    /// <summary>Written with the row, and read by nobody but the database.</summary>
    public string[] SearchTerms => AgentSearch.TermsOf(Email, Labels);

    public static AgentRow Of(Agent agent) => new(
        agent.Id, agent.Email, agent.Type, agent.Version, agent.Description, [.. agent.Capabilities], agent.DeploymentEnv, agent.Owner, agent.Sponsor,
        [.. agent.Scopes], [.. agent.ApprovalScopes], agent.TokenAlgorithm, (int)agent.TokenLife.TotalSeconds, agent.DpopRequired, agent.MonthlyTokens, agent.State, agent.Epoch, agent.ExpiresAt, agent.CreatedAt, agent.UpdatedAt,
        AgentLabels.ToRow(agent.Labels), agent.Blueprint, agent.AttestationDays, agent.AttestedUntil, agent.OrphanedAt);

    public Agent ToAgent(IReadOnlyList<Credential> credentials) => new(
        AgentId, Email, AgentType, Version, Description, Capabilities, DeploymentEnv, OwnerId, SponsorId, Scopes, TokenAlgorithm,
        TimeSpan.FromSeconds(TokenSeconds), DpopRequired, State, Epoch, ExpiresAt, CreatedAt, UpdatedAt, credentials)
    {
        ApprovalScopes = ApprovalScopes,
        Labels = AgentLabels.OfRow(Labels),
        MonthlyTokens = MonthlyTokens,
        Blueprint = BlueprintId,
        AttestationDays = AttestationDays,
        AttestedUntil = AttestedUntil,
        OrphanedAt = OrphanedAt,
    };
}

internal static class AgentRows
{
    private const string Columns = """
        agent_id, email, agent_type, version, description, capabilities, deployment_env, owner_id, sponsor_id,
        scopes, approval_scopes, token_algorithm, token_seconds, dpop_required, monthly_tokens, state, epoch, expires_at, created_at, updated_at, labels,
        blueprint_id, attestation_days, attested_until, orphaned_at
        """;

    private const string Values = """
        @AgentId, @Email, @AgentType, @Version, @Description, @Capabilities, @DeploymentEnv, @OwnerId, @SponsorId,
        @Scopes, @ApprovalScopes, @TokenAlgorithm, @TokenSeconds, @DpopRequired, @MonthlyTokens, @State, @Epoch, @ExpiresAt, @CreatedAt, @UpdatedAt, @Labels,
        @BlueprintId, @AttestationDays, @AttestedUntil, @OrphanedAt
        """;

    /// <summary>False where an agent has the address: of two that race for one, one gets it.</summary>
    public static async Task<bool> InsertAsync(Tx tx, AgentRow row, CancellationToken ct) =>
        await tx.ExecuteAsync($"""
            insert into agents (tenant_id, search_terms, {Columns}) values (nullif(current_setting('signet.tenant', true), '')::uuid, @SearchTerms, {Values})
            on conflict (tenant_id, lower(email)) do nothing
            """, row, ct) == 1;

    /// <summary>Everything but what an agent is born with: its id, its address and its blueprint.</summary>
    public static Task UpdateAsync(Tx tx, AgentRow row, CancellationToken ct) =>
        tx.ExecuteAsync("""
            update agents
               set agent_type = @AgentType, version = @Version, description = @Description, capabilities = @Capabilities,
                   deployment_env = @DeploymentEnv, owner_id = @OwnerId, sponsor_id = @SponsorId, scopes = @Scopes,
                   approval_scopes = @ApprovalScopes, token_algorithm = @TokenAlgorithm, token_seconds = @TokenSeconds, dpop_required = @DpopRequired, monthly_tokens = @MonthlyTokens, state = @State, epoch = @Epoch,
                   expires_at = @ExpiresAt, labels = @Labels, search_terms = @SearchTerms, attestation_days = @AttestationDays,
                   attested_until = @AttestedUntil, orphaned_at = @OrphanedAt, updated_at = @UpdatedAt
             where tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid and agent_id = @AgentId
            """, row, ct);

    public static Task<AgentRow?> FindAsync(Tx tx, AgentId id, CancellationToken ct) =>
        tx.FindAsync<AgentRow>($"select {Columns} from agents where tenant_id = @tenant and agent_id = @id", new { tenant = tx.Tenant, id }, ct);

    /// <summary>Holds the row until the transaction ends, for a change that builds on what it says.</summary>
    public static Task<AgentRow?> LockAsync(Tx tx, AgentId id, CancellationToken ct) =>
        tx.FindAsync<AgentRow>($"select {Columns} from agents where tenant_id = @tenant and agent_id = @id for update", new { tenant = tx.Tenant, id }, ct);

    /// <summary>Newest first. Of several terms it walks along the rows of the one that fewest have.</summary>
    public static Task<List<AgentRow>> ListAsync(Tx tx, AgentsWanted wanted, AgentId? before, int limit, CancellationToken ct)
    {
        AgentId? id = Guid.TryParse(wanted.Search, out var whole) ? new AgentId(whole) : null;
        var terms = AgentSearch.TermsFor(id is null ? wanted.Search : null, wanted.Labels);
        return tx.ListAsync<AgentRow>($"""
            select {Columns}
              from agents
             {(terms.Length == 0 ? "" : """
               join agent_search_terms as found using (tenant_id, agent_id)
               """)}
             where tenant_id = @tenant
               {(terms.Length == 0 ? "" : """
               and found.term = (select term from unnest(@terms) as term
                                  order by (select count(*) from (select 1 from agent_search_terms as has
                                                                   where has.tenant_id = @tenant and has.term = term.term limit 1000) as capped)
                                  limit 1)
               and not exists (select 1 from unnest(@terms) as other
                                where not exists (select 1 from agent_search_terms as has
                                                   where has.tenant_id = @tenant and has.term = other and has.agent_id = found.agent_id))
               """)}
               {(id is null ? "" : "and agent_id = @id")}
               {(wanted.Owner is null ? "" : "and owner_id = @owner")}
               {(wanted.Type is null ? "" : "and agent_type = @type")}
               {(wanted.State is null ? "" : "and state = @state")}
               {(wanted.DeploymentEnv is null ? "" : "and deployment_env = @env")}
               {(wanted.Blueprint is null ? "" : "and blueprint_id = @blueprint")}
               {(wanted.Orphaned is not { } orphaned ? "" : orphaned ? "and orphaned_at is not null" : "and orphaned_at is null")}
               {(wanted.Person is null ? "" : "and (owner_id = @person or sponsor_id = @person)")}
               {(before is null ? "" : "and agent_id < @before")}
             order by agent_id desc
             limit @limit
            """, new
        {
            tenant = tx.Tenant, terms, id, owner = wanted.Owner, type = wanted.Type, state = wanted.State, env = wanted.DeploymentEnv,
            blueprint = wanted.Blueprint, person = wanted.Person, before, limit,
        }, ct);
    }

    public static async Task<long> CountAsync(Tx tx, int most, CancellationToken ct) =>
        await tx.ScalarAsync<long>("""
            select count(*) from (
                select 1 from agents where tenant_id = @tenant and state <> 'decommissioned' limit @most) counted
            """, new { tenant = tx.Tenant, most }, ct);

    /// <summary>Has those who register agents of this tenant come one after the other until the transaction ends, so that none is counted past a limit.</summary>
    public static Task QueueAsync(Tx tx, CancellationToken ct) =>
        tx.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('agents of ' || @tenant::text, 0))", new { tenant = tx.Tenant }, ct);

    /// <summary>Has those who register or stop agents of this blueprint come one after the other until the transaction ends: none slips past a count or a stop.</summary>
    public static Task QueueAsync(Tx tx, BlueprintId blueprint, CancellationToken ct) =>
        tx.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('agents of ' || @tenant::text || ' ' || @blueprint::text, 0))", new { tenant = tx.Tenant, blueprint }, ct);

    /// <summary>How many agents of this blueprint are not decommissioned, counted no further than <paramref name="most"/>.</summary>
    public static async Task<long> CountAsync(Tx tx, BlueprintId blueprint, int most, CancellationToken ct) =>
        await tx.ScalarAsync<long>("""
            select count(*) from (
                select 1 from agents where tenant_id = @tenant and blueprint_id = @blueprint and state <> 'decommissioned' limit @most) counted
            """, new { tenant = tx.Tenant, blueprint, most }, ct);

    /// <summary>Steps from owner to owner through the index, so that a person of many agents costs no more than one of few.</summary>
    public static Task<List<UserId>> ListOwnersAsync(Tx tx, int limit, CancellationToken ct) =>
        tx.ListAsync<UserId>("""
            with recursive owners (owner_id) as (
                (select owner_id from agents where tenant_id = @tenant order by owner_id limit 1)
                union all
                select (select agents.owner_id from agents where tenant_id = @tenant and agents.owner_id > owners.owner_id order by agents.owner_id limit 1)
                  from owners where owners.owner_id is not null)
            select owner_id from owners where owner_id is not null limit @limit
            """, new { tenant = tx.Tenant, limit }, ct);

    /// <summary>Gives every agent of one person that is not decommissioned to another. The ids of those it gave.</summary>
    public static Task<List<AgentId>> TransferAsync(Tx tx, UserId from, UserId to, CancellationToken ct) =>
        tx.ListAsync<AgentId>("""
            update agents set owner_id = @to, orphaned_at = null, updated_at = @now
             where tenant_id = @tenant and owner_id = @from and state <> 'decommissioned'
            returning agent_id
            """, new { tenant = tx.Tenant, from, to, now = tx.Now }, ct);

    /// <summary>Suspends every active agent of the tenant, or those of an owner or a blueprint, and ends their tokens. The ids of those it stopped.</summary>
    public static Task<List<AgentId>> StopAsync(Tx tx, UserId? owner, BlueprintId? blueprint, CancellationToken ct) =>
        tx.ListAsync<AgentId>("""
            update agents set state = 'suspended', epoch = epoch + 1, updated_at = @now
             where tenant_id = @tenant and state = 'active' and (@owner::uuid is null or owner_id = @owner)
               and (@blueprint::uuid is null or blueprint_id = @blueprint)
            returning agent_id
            """, new { tenant = tx.Tenant, owner, blueprint, now = tx.Now }, ct);
}
