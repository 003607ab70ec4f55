using System.Text.Json.Serialization;
using Signet.OAuth;
using Signet.OAuth.TokenExchange;
using Signet.OAuth.Tokens;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Audit;
using Signet.Server.Limits;
using Signet.Server.Tenants;
using Signet.Server.Workloads;

namespace Signet.Server.OAuth;

/// <summary>
/// A workload exchanges the token its platform gave it for one of an agent's (RFC 8693), without a secret: the token is the proof, and a trust policy says
/// whose. The answer to every token that does not do is the same; the record has the reason.
/// </summary>
public sealed class RedeemWorkloadToken(
    VerifyWorkload verify, TrustDirectory policies, BootstrapTokens bootstrap, IssueTokens issue, CheckDpop dpop, CredentialUses uses, TokenBudget budget, RequestLimits limits,
    AuditWriter audit, OAuthMetrics metrics)
{
    /// <summary>The request of who asks in the words of its platform.</summary>
    public sealed record Request(string Token, [property: JsonPropertyName("agentId")] AgentId? AgentId = null);

    public static void Map(RouteGroupBuilder protocol) =>
        protocol.MapPost("/oidc/token", (HttpContext context, Request request, RedeemWorkloadToken use) => use.HandleAsync(context, request));

    /// <summary>RFC 8693 §2.1 leaves it to us whether who exchanges must be a client; who shows nothing but such a token is no client of ours yet.</summary>
    internal static bool IsMeant(HttpContext context, OAuthParameters form) =>
        form[OAuthParameter.GrantType] == TokenRequest.TokenExchangeGrant
        && form[OAuthParameter.SubjectTokenType] is TokenTypes.Jwt or TokenTypes.IdToken
        && context.Request.Headers.Authorization.Count == 0
        // An offer is an agent's of ours, who shows itself by the certificate of its connection.
        && !DelegateToken.IsOffer(form[OAuthParameter.SubjectToken])
        && form[OAuthParameter.ClientSecret] is null && form[OAuthParameter.ClientAssertion] is null && form[OAuthParameter.ClientAssertionType] is null;

    internal async Task HandleAsync(HttpContext context, TokenRequest request, string? clientId)
    {
        switch (request)
        {
            case TokenRequest.Refused refused:
                await OAuthAnswer.WriteAsync(context, refused.Error);
                return;
            case TokenRequest.TokenExchange { Actor: null, AuthorizationDetails: null, RequestedTokenType: null or TokenTypes.AccessToken } wish:
                AgentId? agent = AgentId.TryParse(clientId, null, out var named) ? named : null;
                // A client_id that is nobody's is not left out: it names somebody else.
                await AnswerAsync(context, wish, clientId is null || agent is not null ? agent : new AgentId(Guid.Empty));
                return;
            default:
                await OAuthAnswer.WriteAsync(context, OAuthError.InvalidRequest);
                return;
        }
    }

    private Task HandleAsync(HttpContext context, Request request) =>
        AnswerAsync(context, new TokenRequest.TokenExchange(new ExchangedToken(request.Token, TokenTypes.Jwt), null, null), request.AgentId);

    private async Task AnswerAsync(HttpContext context, TokenRequest.TokenExchange wish, AgentId? wanted)
    {
        var (tenant, origin, ct) = (context.Features.Get<Tenant>()!, context.Features.Get<Origin>()!, context.RequestAborted);
        var shown = await dpop.RunAsync(context, tenant, accessToken: null);
        if (shown is DpopCheck.Refused unproven)
        {
            await OAuthAnswer.WriteAsync(context, unproven.Error);
            return;
        }

        switch (await verify.RunAsync(tenant.Id, wish.Subject.Token, wanted, ct))
        {
            case WorkloadProof.Trusted trusted:
                if (trusted.Agent is { } caller && !await LimitTokenRequests.RunAsync(context, tenant, caller.ToClient()))
                {
                    return;
                }

                var bound = shown is DpopCheck.Held held ? new Confirmation(held.Thumbprint, null) : null;
                var outcome = trusted.Agent is { } agent
                    ? await IssueAsync(tenant, trusted.Policy, agent, trusted.Subject, wish, bound, origin, ct)
                    : await IssueBootstrapAsync(tenant, trusted.Policy, trusted.Subject, wish, origin, ct);
                await (outcome is TokenOutcome.Issued issued
                    ? OAuthAnswer.WriteAsync(context, issued.Response.ToUtf8Json())
                    : RefuseAsync(context, tenant, origin, trusted.Policy, (TokenOutcome.Refused)outcome));
                return;
            case WorkloadProof.Unavailable:
                // Nothing is said of the token: it may do when the issuer is back.
                context.Response.Headers.RetryAfter = "60";
                await OAuthAnswer.WriteAsync(context, OAuthError.TemporarilyUnavailable with { Description = "The keys of the token's issuer can't be had now." });
                return;
            case WorkloadProof.Refused refused:
                await RefuseAsync(context, tenant, origin, refused.Policy, new TokenOutcome.Refused(OAuthError.InvalidGrant, refused.Reason));
                return;
        }
    }

    private async Task<TokenOutcome> IssueAsync(
        Tenant tenant, WorkloadTrust policy, Agent agent, string subject, TokenRequest.TokenExchange wish, Confirmation? bound, Origin origin, CancellationToken ct)
    {
        if (bound is null && agent.DpopRequired)
        {
            return new TokenOutcome.Refused(OAuthError.InvalidDpopProof, "dpop_required");
        }

        if (ApprovalNeeded.Refuse(agent, wish.Scope) is { } unapproved)
        {
            return unapproved;
        }

        // The agent may have lost scopes since the policy was made, or need approval for them.
        var allowed = ScopeSet.Of(policy.Scopes.Intersect(agent.DelegableScopes));
        if (allowed.Tokens.Count == 0 || (wish.Scope is { } wanted && !wanted.IsSubsetOf(allowed)))
        {
            return new TokenOutcome.Refused(OAuthError.InvalidScope, "scope_not_allowed");
        }

        if (!await budget.TakeAsync(tenant.Id, agent.Id, ct))
        {
            return BudgetRefusals.Spent;
        }

        var scope = wish.Scope ?? allowed;
        var client = agent.ToClient() with { AccessTokenLife = policy.MaxLife < agent.TokenLife ? policy.MaxLife : agent.TokenLife };
        var token = await issue.ForClientAsync(
            tenant, client, new AgentProof(policy.Credential, agent.Epoch), scope, [.. wish.Resources, .. wish.Audiences], bound, ct);
        origin = origin with { Actor = ActorKind.Agent, ActorId = agent.Id.ToString() };
        await audit.RecordAsync(tenant.Id, origin, new AgentTokenIssued(agent.Id, scope.ToString(), token.Id, token.ExpiresAt.ToUnixTimeSeconds()), ct);
        await NoteAsync(tenant, policy, agent.Id, subject, origin, ct);
        uses.Note(tenant.Id, agent.Id, policy.Credential);
        metrics.Issued("workload_identity");
        return new TokenOutcome.Issued(new TokenResponse(token.Token, client.AccessTokenLife, scope)
        {
            IssuedTokenType = TokenTypes.AccessToken,
            TokenType = CheckDpop.TypeOf(bound),
        });
    }

    private async Task<TokenOutcome> IssueBootstrapAsync(
        Tenant tenant, WorkloadTrust policy, string subject, TokenRequest.TokenExchange wish, Origin origin, CancellationToken ct)
    {
        if (wish.Scope is { } wanted && wanted.ToString() != BootstrapTokens.Scope)
        {
            return new TokenOutcome.Refused(OAuthError.InvalidScope, "scope_not_allowed");
        }

        var (token, life) = await bootstrap.MakeAsync(tenant.Id, policy, subject, ct);
        await NoteAsync(tenant, policy, null, subject, origin, ct);
        metrics.Issued("workload_bootstrap");
        return new TokenOutcome.Issued(new TokenResponse(token, life, ScopeSet.Of([BootstrapTokens.Scope])) { IssuedTokenType = TokenTypes.AccessToken });
    }

    private async Task NoteAsync(Tenant tenant, WorkloadTrust policy, AgentId? agent, string subject, Origin origin, CancellationToken ct)
    {
        await audit.RecordAsync(tenant.Id, origin, new TrustPolicyRedeemed(policy.Id, agent, subject), ct);
        await policies.NoteUseAsync(tenant.Id, policy.Id, ct);
    }

    private async Task RefuseAsync(HttpContext context, Tenant tenant, Origin origin, WorkloadTrust? policy, TokenOutcome.Refused refused)
    {
        if (await limits.RefuseAsync(LimitRules.ClientFailuresByAddress, tenant.Id, RequestLimits.AddressOf(context), context.RequestAborted) is { } wait)
        {
            await OAuthAnswer.WriteAsync(context, new ClientCheck.TooMany(wait));
            return;
        }

        if (policy is not null)
        {
            await audit.RecordAsync(tenant.Id, origin, new TrustPolicyRefused(policy.Id, refused.Reason), context.RequestAborted);
        }

        metrics.Refused(refused.Error.Code);
        await OAuthAnswer.WriteAsync(context, refused.Error);
    }
}
