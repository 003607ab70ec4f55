using System.Text.Json;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Limits;
using Signet.Server.Tenants;

namespace Signet.Server.Workloads;

/// <summary>
/// A workload registers itself with a bootstrap token: what the agent is and may is said in the policy, its name and key by the workload. One token, one
/// agent; a request that is refused for what it says leaves the token good.
/// </summary>
public sealed class RegisterWorkload(Db db, BootstrapTokens tokens, RegisterAgent register, MakeCredential make, RequestLimits limits)
{
    private const string Scheme = "Bearer ";

    /// <param name="Jwk">The public half of a key the workload keeps, to prove itself with from then on; without it the agent has no credential yet.</param>
    public sealed record Request(string Email, string Version = "1.0.0", string Description = "", JsonElement? Jwk = null);

    public static void Map(RouteGroupBuilder protocol) =>
        protocol.MapPost("/api/v1/agents/bootstrap", (HttpContext context, Request request, RegisterWorkload use) => use.HandleAsync(context, request))
            .WithMetadata(AgentErrors.Shape);

    private async Task<IResult> HandleAsync(HttpContext context, Request request)
    {
        var (tenant, origin, ct) = (context.Features.Get<Tenant>()!, context.Features.Get<Origin>()!, context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        if (request.Jwk is { } key && CredentialKey.Take(key).Fault is { } fault)
        {
            return AgentProblems.Invalid.WithError("jwk", fault);
        }

        var header = context.Request.Headers.Authorization is [{ } only] && only.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? only[Scheme.Length..] : "";
        if (await tokens.RedeemAsync(tenant.Id, header, ct) is not var (policy, subject))
        {
            return await limits.RefuseAsync(LimitRules.ClientFailuresByAddress, tenant.Id, RequestLimits.AddressOf(context), ct) is { } wait
                ? new Problem(StatusCodes.Status429TooManyRequests, "too_many_requests", "Too many attempts.") { RetryAfter = wait }
                : TrustPolicyProblems.TokenNotGood;
        }

        var template = policy.Bootstrap!;
        var change = await register.RunAsync(tenant.Id, origin, new RegisterAgent.Request(
            request.Email, template.AgentType, request.Version, template.Capabilities, template.DeploymentEnv, template.Owner.ToString(),
            Description: request.Description, Scopes: policy.Scopes), by: null, ct);
        if (change is not AgentChange.Done { Agent: var agent })
        {
            await tokens.GiveBackAsync(tenant.Id, header, ct);
            return ((AgentChange.Refused)change).Problem;
        }

        if (request.Jwk is { } own)
        {
            await make.RunAsync(tenant.Id, origin, by: null, agent.Id, new ManageCredentials.Wish(Kind: CredentialKind.PrivateKeyJwt, Jwk: own), ct);
        }

        await db.InTenantAsync(tenant.Id, tx =>
        {
            tx.Emit(origin, new AgentBootstrapped(policy.Id, agent.Id, subject));
            return Task.CompletedTask;
        }, ct);
        return TypedResults.Created($"/api/v1/agents/{agent.Id}", AgentView.Of(agent));
    }
}
