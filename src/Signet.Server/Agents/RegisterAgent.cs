using System.Text.Json.Serialization;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Agents.Storage;
using Signet.Server.Permissions;
using Signet.Server.Tenants;
using Signet.Server.Users;

namespace Signet.Server.Agents;

/// <summary>What can happen when an agent is to be registered or changed.</summary>
public abstract record AgentChange
{
    private AgentChange()
    {
    }

    public sealed record Done(Agent Agent) : AgentChange;

    public sealed record Refused(Problem Problem) : AgentChange;
}

/// <summary>Registers an agent. Somebody answers for it from the first moment: a person of the tenant, by id or address.</summary>
public sealed class RegisterAgent(Db db, UserDirectory users, TenantSettingsDirectory settings, AgentMetrics metrics, TimeProvider time)
{
    /// <param name="Owner">Id or address of a person of the tenant; left out: who registers it.</param>
    /// <param name="Sponsor">Who stands in for the owner.</param>
    /// <param name="Labels">What it is filed under: at most 32.</param>
    /// <param name="TokenSeconds">60 to 3600: how long its tokens live.</param>
    /// <param name="DpopRequired">Whether every token of it must be bound to a key (RFC 9449).</param>
    /// <param name="ApprovalScopes">Those of the scopes it gets through a person's approval only.</param>
    /// <param name="MonthlyTokens">Most access tokens in a calendar month (UTC), at most what the tenant allows; left out: as the tenant.</param>
    /// <param name="AttestationDays">1 to 366: how often a person has to say that it is still wanted; left out: never.</param>
    public sealed record Request(
        string Email,
        [property: JsonPropertyName("agentType")] AgentType AgentType,
        string Version,
        IReadOnlyList<string> Capabilities,
        [property: JsonPropertyName("deploymentEnv")] DeploymentEnv DeploymentEnv,
        string? Owner = null,
        string? Sponsor = null,
        string Description = "",
        IReadOnlyList<string>? Scopes = null,
        [property: JsonPropertyName("tokenAlgorithm")] string TokenAlgorithm = "ES256",
        [property: JsonPropertyName("tokenSeconds")] int TokenSeconds = 3600,
        [property: JsonPropertyName("expiresAt")] DateTimeOffset? ExpiresAt = null,
        [property: JsonPropertyName("dpopRequired")] bool DpopRequired = false,
        IReadOnlyDictionary<string, string>? Labels = null,
        [property: JsonPropertyName("monthlyTokens")] int? MonthlyTokens = null,
        [property: JsonPropertyName("approvalScopes")] IReadOnlyList<string>? ApprovalScopes = null,
        [property: JsonPropertyName("attestationDays")] int? AttestationDays = null);

    /// <summary>What is to be registered, said in the transaction that registers it; or why it is not.</summary>
    internal readonly record struct Said(Request? Request, BlueprintId? Blueprint, Problem? Refusal);

    public static void Map(RouteGroupBuilder agents) =>
        agents.MapPost("", async (Request request, Actor actor, Origin origin, RegisterAgent register, CancellationToken ct) =>
                await register.RunAsync(actor.Tenant, origin, request, actor, ct) switch
                {
                    AgentChange.Done done => TypedResults.Created($"/api/v1/agents/{done.Agent.Id}", AgentView.Of(done.Agent)),
                    AgentChange.Refused refused => (IResult)refused.Problem,
                    _ => throw new System.Diagnostics.UnreachableException(),
                })
            .Requires(Permission.ManageAgents).Produces<AgentView>(StatusCodes.Status201Created).WithSummary("Register an agent.");

    /// <param name="by">Who answers for it, if a person, where the request names nobody. Null: the operator at the machine.</param>
    public async Task<AgentChange> RunAsync(TenantId tenant, Origin origin, Request request, Actor? by, CancellationToken ct) =>
        Refuse(request, by) is { } refusal
            ? new AgentChange.Refused(refusal)
            : await RunAsync(tenant, origin, request.Owner, request.Sponsor, by, _ => Task.FromResult(new Said(request, null, null)), ct);

    /// <summary>The same for who says only in the transaction what the agent is like, but for its people.</summary>
    internal async Task<AgentChange> RunAsync(
        TenantId tenant, Origin origin, string? ownerNamed, string? sponsorNamed, Actor? by, Func<Tx, Task<Said>> say, CancellationToken ct)
    {
        var owner = ownerNamed is { } named ? await FindPersonAsync(users, tenant, named, ct) : by is null or { Kind: ActorKind.Agent } ? null : new UserId(by.Id);
        if (owner is null)
        {
            return new AgentChange.Refused(AgentProblems.Invalid.WithError("owner", "is to be a person of this tenant, by id or address"));
        }

        var sponsor = sponsorNamed is { } second ? await FindPersonAsync(users, tenant, second, ct) : null;
        if (sponsor is null && sponsorNamed is not null)
        {
            return new AgentChange.Refused(AgentProblems.Invalid.WithError("sponsor", "is to be a person of this tenant, by id or address"));
        }

        var limits = (await settings.FindAsync(tenant, ct)).Limits;
        var change = await db.InTenantAsync(tenant, async tx =>
        {
            var said = await say(tx);
            return said.Request is { } request
                ? await RegisterAsync(tx, origin, request, said.Blueprint, owner.Value, sponsor, limits, by, ct)
                : new AgentChange.Refused(said.Refusal!);
        }, ct);
        if (change is AgentChange.Done made)
        {
            metrics.Registered(made.Agent);
        }

        return change;
    }

    private Problem? Refuse(Request request, Actor? by) =>
        MetadataOf(request).Refuse() ?? AgentLabels.Refuse(request.Labels) ?? AgentAttestation.Refuse(request.AttestationDays)
        ?? (!AgentScopes.MayGive(by, request.Scopes ?? AgentScopes.Usual, request.ApprovalScopes) ? AgentProblems.BeyondYours
            : request.ExpiresAt <= time.GetUtcNow() ? AgentProblems.Invalid.WithError("expiresAt", "is to be in the future")
            : null);

    private async Task<AgentChange> RegisterAsync(
        Tx tx, Origin origin, Request request, BlueprintId? blueprint, UserId owner, UserId? sponsor, AgentLimits limits, Actor? by, CancellationToken ct) =>
        (Refuse(request, by) ?? AgentBudgets.Refuse(request.MonthlyTokens, limits) ?? await AgentBudgets.RefuseOneMoreAsync(tx, limits, ct)) is { } refusal
            ? new AgentChange.Refused(refusal)
            : await InsertAsync(tx, origin, request, blueprint, owner, sponsor, ct) is { } agent
                ? new AgentChange.Done(agent)
                : new AgentChange.Refused(AgentProblems.AlreadyExists);

    private static AgentMetadata MetadataOf(Request request) => new()
    {
        Email = request.Email,
        Version = request.Version,
        Description = request.Description,
        Capabilities = [.. request.Capabilities.Distinct(StringComparer.Ordinal)],
        Scopes = [.. (request.Scopes ?? AgentScopes.Usual).Distinct(StringComparer.Ordinal)],
        ApprovalScopes = [.. (request.ApprovalScopes ?? []).Distinct(StringComparer.Ordinal)],
        TokenAlgorithm = request.TokenAlgorithm,
        TokenSeconds = request.TokenSeconds,
    };

    /// <summary>An active person of the tenant; null for nobody.</summary>
    internal static async Task<UserId?> FindPersonAsync(UserDirectory users, TenantId tenant, string named, CancellationToken ct)
    {
        var found = UserId.TryParse(named, null, out var id) ? await users.FindAsync(tenant, id, ct)
            : EmailAddress.TryParse(named) is { } address ? await users.FindByEmailAsync(tenant, address, ct)
            : null;
        return found is { IsActive: true } person ? person.Id : null;
    }

    private static async Task<Agent?> InsertAsync(
        Tx tx, Origin origin, Request request, BlueprintId? blueprint, UserId owner, UserId? sponsor, CancellationToken ct)
    {
        var metadata = MetadataOf(request);
        var agent = new Agent(
            tx.NewId<AgentId>(), metadata.Email, request.AgentType, metadata.Version, metadata.Description, metadata.Capabilities, request.DeploymentEnv,
            owner, sponsor, metadata.Scopes, metadata.TokenAlgorithm, TimeSpan.FromSeconds(metadata.TokenSeconds), request.DpopRequired, AgentState.Active, Epoch: 1,
            request.ExpiresAt, tx.Now, tx.Now, [])
        {
            ApprovalScopes = metadata.ApprovalScopes,
            Labels = request.Labels ?? AgentLabels.None,
            MonthlyTokens = request.MonthlyTokens,
            Blueprint = blueprint,
            AttestationDays = request.AttestationDays,
            AttestedUntil = AgentAttestation.First(request.AttestationDays, tx.Now),
        };
        if (!await AgentRows.InsertAsync(tx, AgentRow.Of(agent), ct))
        {
            return null;
        }

        tx.Emit(origin, new AgentCreated(agent.Id, owner, agent.Scopes, SnakeCase.Of(agent.DeploymentEnv)) { Blueprint = blueprint });
        tx.Notify(AgentDirectory.Topic, agent.Id.ToString());
        return agent;
    }
}
