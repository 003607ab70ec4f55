using Signet.OAuth;
using Signet.OAuth.Tokens;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Audit;
using Signet.Server.Clients;
using Signet.Server.Tenants;

namespace Signet.Server.OAuth;

/// <summary>RFC 6749 §4.4. Nothing is written but the record, which shares its commit with those of other requests.</summary>
public sealed class ClientCredentialsGrant(IssueTokens issue, AgentDirectory agents, AuditWriter audit, TokenBudget budget, OAuthMetrics metrics)
{
    internal async ValueTask<TokenOutcome> RunAsync(
        Tenant tenant, Client client, AgentProof? agent, Origin origin, TokenRequest.ClientCredentials request, Confirmation? bound, CancellationToken ct)
    {
        var allowed = client.OwnScope;
        if (agent is not null && await agents.FindAsync(tenant.Id, new AgentId(client.Id.Value), ct) is { } self
            && ApprovalNeeded.Refuse(self, request.Scope) is { } unapproved)
        {
            return unapproved;
        }

        if (request.Scope is { } wanted && !wanted.IsSubsetOf(allowed))
        {
            return new TokenOutcome.Refused(OAuthError.InvalidScope, "scope_not_registered");
        }

        if (agent is not null && !await budget.TakeAsync(tenant.Id, new AgentId(client.Id.Value), ct))
        {
            return BudgetRefusals.Spent;
        }

        var scope = request.Scope ?? allowed;
        var token = await issue.ForClientAsync(tenant, client, agent, scope, request.Resources, bound, ct);
        await audit.RecordAsync(
            tenant.Id, origin,
            agent is null
                ? new TokenIssued(client.Id, null, "client_credentials", scope.ToString(), token.Id, token.ExpiresAt.ToUnixTimeSeconds())
                : new AgentTokenIssued(new AgentId(client.Id.Value), scope.ToString(), token.Id, token.ExpiresAt.ToUnixTimeSeconds()), ct);
        metrics.Issued(Grant.ClientCredentials);
        return new TokenOutcome.Issued(new TokenResponse(token.Token, client.AccessTokenLife, scope) { TokenType = CheckDpop.TypeOf(bound) });
    }
}
