using Signet.OAuth;
using Signet.OAuth.Clients;
using Signet.Platform.Crypto;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Audit;
using Signet.Server.Clients;
using Signet.Server.Limits;
using Signet.Server.Tenants;

namespace Signet.Server.OAuth;

/// <summary>Whether a request comes from the application it names.</summary>
internal abstract record ClientCheck
{
    private ClientCheck()
    {
    }

    /// <param name="Agent">Where the application is an agent: how it showed that.</param>
    public sealed record Known(Client Client, AgentProof? Agent = null) : ClientCheck;

    /// <param name="ByHeader">RFC 6749 §5.2: the answer must name the Basic scheme then.</param>
    public sealed record Refused(OAuthError Error, bool ByHeader) : ClientCheck;

    public sealed record TooMany(TimeSpan RetryAfter) : ClientCheck;
}

/// <summary>
/// Authenticates applications (RFC 6749 §2.3). An unknown id, a wrong secret and a disabled application get one answer; failures are counted by
/// address, so that guessing is slow and a busy application is not.
/// </summary>
public sealed class AuthenticateClient(
    ClientDirectory clients, AgentDirectory agents, SecretHash hash, RequestLimits limits, AuditWriter audit, TimeProvider time)
{
    internal async ValueTask<ClientCheck> RunAsync(HttpContext context, Tenant tenant, Origin origin, OAuthParameters form)
    {
        var authorization = context.Request.Headers.Authorization;
        if (authorization.Count > 1)
        {
            return new ClientCheck.Refused(OAuthError.InvalidRequest, ByHeader: true);
        }

        var offered = ClientAuthentication.Read(authorization, form);
        if (offered is ClientAuthentication.Refused refused)
        {
            return new ClientCheck.Refused(refused.Error, refused.ByHeader);
        }

        var byHeader = offered is ClientAuthentication.Secret { Method: SecretMethod.Basic };
        var claimed = IdOf(offered) is { } text && ClientId.TryParse(text, null, out var id) ? id : (ClientId?)null;
        if (claimed is { } found
            && await clients.FindAsync(tenant.Id, found, context.RequestAborted) is { IsActive: true } client
            && IsProven(client, offered))
        {
            return new ClientCheck.Known(client);
        }

        AgentProof proof = default;
        var agent = claimed is { } asked ? await agents.FindAsync(tenant.Id, new AgentId(asked.Value), context.RequestAborted) : null;
        var refusedAgent = agent is null ? null : RefuseAgent(agent, offered, out proof);
        if (agent is not null && refusedAgent is null)
        {
            return new ClientCheck.Known(agent.ToClient(), proof);
        }

        if (await limits.RefuseAsync(LimitRules.ClientFailuresByAddress, tenant.Id, RequestLimits.AddressOf(context), context.RequestAborted) is { } tooMany)
        {
            return new ClientCheck.TooMany(tooMany);
        }

        if (claimed is { } named)
        {
            await audit.RecordAsync(tenant.Id, origin, agent is null ? new ClientRefused(named) : new AgentRefused(agent.Id, refusedAgent!), context.RequestAborted);
        }

        return new ClientCheck.Refused(OAuthError.InvalidClient, byHeader);
    }

    private bool IsProven(Client client, ClientAuthentication offered) => offered switch
    {
        ClientAuthentication.Secret secret => client.Kind is ClientKind.Confidential && ClientSecrets.Match(hash, client, secret.Value, time.GetUtcNow()),
        ClientAuthentication.None => client.Kind is ClientKind.Public,
        _ => false,
    };

    // The secret is looked at first and always, so that the time tells nothing of the agent's state. Null: it is who it says.
    private string? RefuseAgent(Agent agent, ClientAuthentication offered, out AgentProof proof)
    {
        var now = time.GetUtcNow();
        var credential = offered is ClientAuthentication.Secret secret ? AgentSecrets.Find(hash, agent, secret.Value, now) : null;
        proof = new AgentProof(credential ?? default, agent.Epoch);
        return credential is null ? "wrong_secret"
            : agent.State is not AgentState.Active ? Platform.Data.SnakeCase.Of(agent.State)
            : !agent.IsActive(now) ? "expired"
            : null;
    }

    private static string? IdOf(ClientAuthentication offered) => offered switch
    {
        ClientAuthentication.Secret secret => secret.ClientId,
        ClientAuthentication.None none => none.ClientId,
        _ => null,
    };
}
