using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbound;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Permissions;
using Signet.Server.Settings;
using Signet.Server.Tenants;
using Signet.Server.Users;
using Signet.Server.Workloads.Storage;

namespace Signet.Server.Workloads;

/// <summary>What can happen when a trust policy is to be made or changed.</summary>
public abstract record TrustPolicyChange
{
    private TrustPolicyChange()
    {
    }

    public sealed record Done(WorkloadTrust Policy) : TrustPolicyChange;

    public sealed record Refused(Problem Problem) : TrustPolicyChange;
}

/// <summary>Makes a trust policy: for one agent, or for registering agents of one kind and nothing else.</summary>
public sealed class CreateTrustPolicy(Db db, OutboundHttp door, UserDirectory users, HostSettings settings)
{
    private const int MostPolicies = 500;

    /// <param name="Owner">Id or address of a person of the tenant; left out: who makes the policy.</param>
    public sealed record BootstrapWish(
        IReadOnlyList<string> Capabilities,
        string? Owner = null,
        [property: JsonPropertyName("agentType")] AgentType AgentType = AgentType.Custom,
        [property: JsonPropertyName("deploymentEnv")] DeploymentEnv DeploymentEnv = DeploymentEnv.Development);

    /// <param name="Issuer">The one <c>iss</c>: an https URL.</param>
    /// <param name="Rules">What the claims must be; <c>sub</c> or an id that lasts is among them.</param>
    /// <param name="Audience">The sole <c>aud</c>; left out: the tenant's issuer.</param>
    /// <param name="Jwks">The issuer's keys (RFC 7517 §5), where they are not to be fetched.</param>
    /// <param name="JwksUri">Where they are, where the issuer's discovery document is not to say it.</param>
    /// <param name="AgentId">Whom the workload acts as; this or <paramref name="Bootstrap"/>.</param>
    /// <param name="Bootstrap">What agents it may register.</param>
    /// <param name="Scopes">At most those of the agent; left out: all of them.</param>
    /// <param name="MaxTokenSeconds">60 to 3600.</param>
    public sealed record Request(
        string Name,
        string Issuer,
        IReadOnlyList<RuleView> Rules,
        string? Audience = null,
        JsonElement? Jwks = null,
        [property: JsonPropertyName("jwksUri")] string? JwksUri = null,
        [property: JsonPropertyName("agentId")] AgentId? AgentId = null,
        BootstrapWish? Bootstrap = null,
        IReadOnlyList<string>? Scopes = null,
        [property: JsonPropertyName("maxTokenSeconds")] int MaxTokenSeconds = 900,
        bool Enabled = true);

    public static void Map(RouteGroupBuilder policies) =>
        policies.MapPost("", async (Request request, Tenant tenant, Actor actor, Origin origin, CreateTrustPolicy create, CancellationToken ct) =>
                await create.RunAsync(tenant, origin, request, actor, ct) switch
                {
                    TrustPolicyChange.Done done => TypedResults.Created($"/api/v1/trust-policies/{done.Policy.Id}", TrustPolicyView.Of(done.Policy)),
                    TrustPolicyChange.Refused refused => (IResult)refused.Problem,
                    _ => throw new System.Diagnostics.UnreachableException(),
                })
            .Requires(Permission.ManageAgents).Produces<TrustPolicyView>(StatusCodes.Status201Created).WithSummary("Trust an issuer's workloads.");

    /// <param name="by">Null: the operator at the machine.</param>
    public async Task<TrustPolicyChange> RunAsync(Tenant tenant, Origin origin, Request request, Actor? by, CancellationToken ct)
    {
        if (request.AgentId is null == request.Bootstrap is null)
        {
            return Refuse("agentId", "one of agentId and bootstrap is to be given");
        }

        BootstrapAgent? template = null;
        if (request.Bootstrap is { } wish)
        {
            var (made, refusal) = await TakeAsync(tenant.Id, wish, request.Scopes, by, ct);
            if (refusal is not null)
            {
                return refusal;
            }

            template = made;
        }

        return await db.InTenantAsync(tenant.Id, tx => InsertAsync(tx, tenant, origin, request, template, by, ct), ct);
    }

    private async Task<(BootstrapAgent? Template, TrustPolicyChange.Refused? Refusal)> TakeAsync(
        TenantId tenant, BootstrapWish wish, IReadOnlyList<string>? scopes, Actor? by, CancellationToken ct)
    {
        if (!AgentScopes.MayGive(by, scopes ?? AgentScopes.Usual))
        {
            return (null, new TrustPolicyChange.Refused(TrustPolicyProblems.BeyondYours));
        }

        var owner = wish.Owner is { } named ? await RegisterAgent.FindPersonAsync(users, tenant, named, ct) : by is null or { Kind: ActorKind.Agent } ? null : new UserId(by.Id);
        if (owner is null)
        {
            return (null, Refuse("bootstrap", "owner is to be a person of this tenant, by id or address"));
        }

        // The same words an agent is checked by when it is registered.
        var likeness = new AgentMetadata
        {
            Email = "agent@example.com", Version = "1.0.0", Description = "", Capabilities = wish.Capabilities, Scopes = scopes ?? AgentScopes.Usual, TokenAlgorithm = "ES256",
            TokenSeconds = 3600,
        };
        return likeness.Refuse()?.Errors is { } errors && errors.TryGetValue("capabilities", out var faults)
            ? (null, Refuse("bootstrap", $"capabilities: {faults[0]}"))
            : (new BootstrapAgent(owner.Value, wish.AgentType, wish.DeploymentEnv, [.. wish.Capabilities.Distinct(StringComparer.Ordinal)]), null);
    }

    private async Task<TrustPolicyChange> InsertAsync(
        Tx tx, Tenant tenant, Origin origin, Request request, BootstrapAgent? template, Actor? by, CancellationToken ct)
    {
        var scopes = request.Scopes ?? AgentScopes.Usual;
        if (request.AgentId is { } agent)
        {
            // Also holds the agent, so that nothing is made for one that is being decommissioned.
            if (await WorkloadCredentials.RefuseAsync(tx, by, agent, ct) is { } refusal)
            {
                return new TrustPolicyChange.Refused(refusal);
            }

            var own = (await AgentDirectory.LoadAsync(tx, agent, ct))!.Scopes;
            scopes = request.Scopes ?? own;
            if (scopes.Except(own).Any())
            {
                return Refuse("scopes", "are to be scopes of the agent");
            }
        }

        var draft = new TrustPolicyDraft(
            request.Name, request.Issuer, request.Audience ?? tenant.Origin, [.. request.Rules.Select(rule => rule.ToRule())], TextOf(request.Jwks), request.JwksUri,
            [.. scopes.Distinct(StringComparer.Ordinal)], request.MaxTokenSeconds);
        if (draft.Refuse(door, settings.IsDevelopment) is { } fault)
        {
            return new TrustPolicyChange.Refused(fault);
        }

        var trust = new WorkloadTrust(
            tx.NewId<TrustPolicyId>(), draft.Name.Trim(), draft.Issuer, draft.Audience, draft.Rules, draft.Jwks, draft.JwksUri, request.AgentId, template, draft.Scopes,
            TimeSpan.FromSeconds(draft.MaxSeconds), request.Enabled, tx.NewId<CredentialId>(), tx.Now, tx.Now, null);
        if (!await TrustPolicyRows.InsertAsync(tx, TrustPolicyRow.Of(trust), MostPolicies, ct))
        {
            return new TrustPolicyChange.Refused(TrustPolicyProblems.TooMany);
        }

        if (trust is { Agent: { } armed, Enabled: true })
        {
            await WorkloadCredentials.GiveAsync(tx, origin, armed, trust.Credential, trust.Issuer, ct);
        }

        tx.Emit(origin, new TrustPolicyCreated(trust.Id, trust.Issuer, trust.Agent, trust.Scopes));
        tx.Notify(TrustDirectory.Topic, tx.Tenant.ToString());
        return new TrustPolicyChange.Done(trust);
    }

    // As bytes: what is in a string that nobody read yet may be no text at all, which no key set has.
    internal static string? TextOf(JsonElement? jwks) =>
        jwks is { ValueKind: not JsonValueKind.Null } document ? Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(document)) : null;

    internal static TrustPolicyChange.Refused Refuse(string field, string message) => new(TrustPolicyProblems.Invalid.WithError(field, message));
}
