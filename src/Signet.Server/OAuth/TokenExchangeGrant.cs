using Signet.OAuth;
using Signet.OAuth.Authorization;
using Signet.OAuth.TokenExchange;
using Signet.OAuth.Tokens;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Clients;
using Signet.Server.Delegations;
using Signet.Server.Settings;
using Signet.Server.Tenants;

namespace Signet.Server.OAuth;

/// <summary>
/// RFC 8693: an agent gets a token with which it acts for somebody. The subject stays, the agent is put in front of those who acted before, and what
/// comes out is never more than what went in. The token hangs on a row that hangs on the one before, so whatever ends above ends it.
/// </summary>
public sealed class TokenExchangeGrant(
    IssueTokens issue, VerifyAccessToken verify, AgentDirectory agents, DelegationRecord record, AgentConsents consents, HostSettings settings, Db db, TokenBudget budget, OAuthMetrics metrics,
    TimeProvider time)
{
    internal async ValueTask<TokenOutcome> RunAsync(
        Tenant tenant, Client client, AgentProof? agent, Origin origin, TokenRequest.TokenExchange request, Confirmation? bound, CancellationToken ct)
    {
        if (agent is not { } proof || await agents.FindAsync(tenant.Id, new AgentId(client.Id.Value), ct) is not { } self)
        {
            return new TokenOutcome.Refused(OAuthError.UnauthorizedClient, "not_an_agent");
        }

        if (RefuseWish(self, request) is { } refusal)
        {
            return refusal;
        }

        if (await FindSourceAsync(tenant, self.Id, request.Subject, ct) is not { } source)
        {
            return DelegationRefusals.Subject.Refused;
        }

        var actor = new DelegationParent(new Party(tenant.Origin, client.IdText), ScopeSet.Of(self.DelegableScopes), [], self.ExpiresAt ?? DateTimeOffset.MaxValue);
        string? actorTokenId = null;
        if (request.Actor is { } shown)
        {
            // Whoever else's token it were, it would not say who is asking; nor would one whose key or certificate is not shown (RFC 9449 §7.1, RFC 8705 §3).
            if (shown.Type != TokenTypes.AccessToken || await verify.RunAsync(tenant, shown.Token, ct) is not { } token
                || TokenId.AgentOf(token.Id) is null || token.Client != client.Id || token.Confirmation?.IsHeldBy(bound) is false)
            {
                return DelegationRefusals.Actor.Refused;
            }

            actorTokenId = token.Id;
            actor = DelegationSource.ParentOf(tenant, token);
        }

        // RFC 9396 §6: less than the subject has, or all of it; never what it has not.
        var details = request.AuthorizationDetails ?? source.Details;
        if (request.AuthorizationDetails is { } wanted && (source.Details is not { } granted || !wanted.IsWithin(granted)))
        {
            return new TokenOutcome.Refused(OAuthError.InvalidAuthorizationDetails, "authorization_details");
        }

        var check = Delegation.Check(
            source.Parent, actor, new WantedDelegation(request.Scope, [.. request.Resources, .. request.Audiences]),
            new DelegationLimits(ScopeSet.Of(self.DelegableScopes), client.AccessTokenLife, settings.DelegationDepth), time.GetUtcNow());
        if (check is not DelegationOutcome.Allowed allowed)
        {
            return DelegationRefusals.Of(((DelegationOutcome.Refused)check).Defect).Refused;
        }

        var made = source.ToHandOver(time, DelegationKind.Token, allowed, self.Id, proof.Epoch, proof.Credential, actorTokenId, details);
        return await IssueAsync(tenant, client, origin, made, allowed, details, bound, ct);
    }

    private async ValueTask<TokenOutcome> IssueAsync(
        Tenant tenant, Client client, Origin origin, HandOver made, DelegationOutcome.Allowed allowed, AuthorizationDetails? details, Confirmation? bound,
        CancellationToken ct)
    {
        if (!await budget.TakeAsync(tenant.Id, made.ActorId, ct))
        {
            return BudgetRefusals.Spent;
        }

        var issued = await issue.ForActorAsync(tenant, client, made, allowed, details, bound, ct);
        await db.InTenantAsync(tenant.Id, tx =>
        {
            RecordDelegation.Run(tx, origin, made, DelegationSource.ChainOf(allowed));
            return Task.CompletedTask;
        }, ct);
        metrics.Issued("token_exchange");
        return new TokenOutcome.Issued(new TokenResponse(issued.Token, issued.ExpiresAt - time.GetUtcNow(), allowed.Scope)
        {
            IssuedTokenType = TokenTypes.AccessToken,
            TokenType = CheckDpop.TypeOf(bound),
            AuthorizationDetails = details,
        });
    }

    private static TokenOutcome.Refused? RefuseWish(Agent self, TokenRequest.TokenExchange request) =>
        ApprovalNeeded.Refuse(self, request.Scope)
        ?? (request.RequestedTokenType is null or TokenTypes.AccessToken ? null : DelegationRefusals.TokenType.Refused);

    private async ValueTask<DelegationSource?> FindSourceAsync(Tenant tenant, AgentId self, ExchangedToken subject, CancellationToken ct)
    {
        if (subject.Type == TokenTypes.AgentConsent)
        {
            return ConsentId.TryParse(subject.Token, null, out var id) && await consents.FindLiveAsync(tenant.Id, id, ct) is { } consent && consent.AgentId == self
                ? OfConsent(tenant, consent)
                : null;
        }

        var token = subject.Type switch
        {
            TokenTypes.AccessToken => await verify.RunAsync(tenant, subject.Token, ct),
            TokenTypes.Jwt => await verify.RunForOfferAsync(tenant, subject.Token, ct),
            _ => null,
        };
        return token switch
        {
            null => null,
            { User: { } user } => await consents.FindLiveAsync(tenant.Id, user, self, ct) is { } consent ? Narrowed(OfConsent(tenant, consent), tenant, token) : null,
            _ => await DelegationSource.OfAgentAsync(record, tenant, token, ct),
        };
    }

    private static DelegationSource OfConsent(Tenant tenant, AgentConsent consent) => new(
        new DelegationParent(new Party(tenant.Origin, consent.UserId.ToString()), ScopeSet.Of(consent.Scopes), consent.Resources, consent.ExpiresAt),
        null, SubjectKind.User, consent.UserId.Value, null, null)
    {
        Consent = consent.ConsentId,
    };

    // A person's token gives an agent no more than the person allowed this agent, and no more than it is.
    private static DelegationSource Narrowed(DelegationSource consent, Tenant tenant, AccessToken token)
    {
        var own = DelegationSource.ParentOf(tenant, token);
        return consent with
        {
            Parent = own with
            {
                Scope = own.Scope.LimitTo(consent.Parent.Scope),
                Audience = [.. own.Audience.Where(consent.Parent.Audience.Contains)],
                ExpiresAt = own.ExpiresAt < consent.Parent.ExpiresAt ? own.ExpiresAt : consent.Parent.ExpiresAt,
            },
            TokenId = token.Id,
            Grant = token.Grant,
        };
    }
}
