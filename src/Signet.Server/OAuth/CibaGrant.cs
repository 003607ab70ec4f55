using Signet.OAuth;
using Signet.OAuth.Authorization;
using Signet.OAuth.TokenExchange;
using Signet.OAuth.Tokens;
using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Approvals;
using Signet.Server.Clients;
using Signet.Server.Delegations;
using Signet.Server.Settings;
using Signet.Server.Tenants;
using Signet.Server.Users;

namespace Signet.Server.OAuth;

/// <summary>
/// CIBA Core §10.1, poll mode: the agent asks whether the person has answered, and gets one token where they said yes. It speaks for the person, with the
/// agent as actor, and hangs on a row of Delegations; it is never more than what the person saw, nor than what the agent is now.
/// </summary>
public sealed class CibaGrant(
    IssueTokens issue, AgentDirectory agents, UserDirectory users, RedeemApproval redeem, SecretHash hash, HostSettings settings, Db db, TokenBudget budget, OAuthMetrics metrics,
    TimeProvider time)
{
    private static readonly OAuthError Cancelled = OAuthError.DeniedByPerson with { Description = "The request was taken back." };

    internal async ValueTask<TokenOutcome> RunAsync(
        Tenant tenant, Client client, AgentProof? agent, Origin origin, TokenRequest.Ciba request, Confirmation? bound, CancellationToken ct)
    {
        if (agent is not { } proof || await agents.FindAsync(tenant.Id, new AgentId(client.Id.Value), ct) is not { } self)
        {
            return new TokenOutcome.Refused(OAuthError.UnauthorizedClient, "not_an_agent");
        }

        if (!TokenFormat.BackchannelRequest.IsToken(request.AuthReqId)
            || await redeem.FindAsync(tenant.Id, hash.Of(TokenKinds.BackchannelRequest, request.AuthReqId), self.Id, ct) is not { } approval)
        {
            return new TokenOutcome.Refused(OAuthError.InvalidGrant, "unknown_request");
        }

        // An agent that was stopped meanwhile begins anew; and the key that asked must fetch.
        if (approval.AgentEpoch != proof.Epoch)
        {
            return new TokenOutcome.Refused(OAuthError.InvalidGrant, "asked_before_stopped");
        }

        if (approval.DpopKey is { } key && bound?.KeyThumbprint != key)
        {
            return new TokenOutcome.Refused(OAuthError.InvalidDpopProof, "another_key");
        }

        return approval.StateAt(time.GetUtcNow()) switch
        {
            ApprovalState.Waiting => await redeem.PollAsync(tenant.Id, approval.ApprovalId, ct)
                ? new TokenOutcome.Refused(OAuthError.SlowDown, "slow_down")
                : new TokenOutcome.Refused(OAuthError.AuthorizationPending, "pending", IsRecorded: true),
            ApprovalState.Denied => new TokenOutcome.Refused(OAuthError.DeniedByPerson, "denied"),
            ApprovalState.Cancelled => new TokenOutcome.Refused(Cancelled, "cancelled"),
            ApprovalState.Expired => new TokenOutcome.Refused(OAuthError.ExpiredToken, "expired"),
            ApprovalState.Allowed => await IssueAsync(tenant, client, self, proof, origin, approval, request.Resources, bound, ct),
            _ => new TokenOutcome.Refused(OAuthError.InvalidGrant, "used"),
        };
    }

    private async ValueTask<TokenOutcome> IssueAsync(
        Tenant tenant, Client client, Agent self, AgentProof proof, Origin origin, Approval approval, IReadOnlyList<string> resources, Confirmation? bound,
        CancellationToken ct)
    {
        if (await users.FindAsync(tenant.Id, approval.UserId, ct) is not { IsActive: true })
        {
            return new TokenOutcome.Refused(OAuthError.DeniedByPerson, "user_ended");
        }

        var now = time.GetUtcNow();
        var life = client.AccessTokenLife < TokenLife.Approved ? client.AccessTokenLife : TokenLife.Approved;
        var own = ScopeSet.Of(self.Scopes);
        var parent = new DelegationParent(
            new Party(tenant.Origin, approval.UserId.ToString()), ScopeSet.Of(approval.Scopes), approval.Resources, now + life);
        var actor = new DelegationParent(new Party(tenant.Origin, client.IdText), own, [], self.ExpiresAt ?? DateTimeOffset.MaxValue);
        var check = Delegation.Check(
            parent, actor, new WantedDelegation(ScopeSet.Of(approval.Scopes), resources), new DelegationLimits(own, life, settings.DelegationDepth), now);
        if (check is not DelegationOutcome.Allowed allowed)
        {
            return DelegationRefusals.Of(((DelegationOutcome.Refused)check).Defect).Refused;
        }

        // Before the approval is used up: who is over budget may fetch it when the month is over or the budget is more, if it still stands.
        if (!await budget.TakeAsync(tenant.Id, self.Id, ct))
        {
            return BudgetRefusals.Spent;
        }

        var details = approval.Details is { } json && AuthorizationDetails.TryParse(json, out var read) ? read : null;
        var source = new DelegationSource(parent, null, SubjectKind.User, approval.UserId.Value, null, null) { Approval = approval.ApprovalId.Value };
        var made = source.ToHandOver(time, DelegationKind.Token, allowed, self.Id, proof.Epoch, proof.Credential, null, details);
        var token = await issue.ForActorAsync(tenant, client, made, allowed, details, bound, ct);
        // CIBA Core §10.1.1: whoever asked for openid learns who approved, and how they had signed in.
        var approved = new Authorized(
            default, client.Id, approval.UserId, approval.SessionId!.Value, approval.Scopes, approval.Resources, approval.Methods!, approval.AuthenticatedAt!.Value);
        var idToken = await issue.IdTokenAsync(tenant, client, approved, null, token.Token, ct);
        var taken = await db.InTenantAsync(tenant.Id, async tx =>
        {
            if (!await RedeemApproval.TakeAsync(tx, approval, made.DelegationId, made.ExpiresAt, ct))
            {
                return false;
            }

            RecordDelegation.Run(tx, origin, made, DelegationSource.ChainOf(allowed));
            return true;
        }, ct);
        if (!taken)
        {
            return new TokenOutcome.Refused(OAuthError.InvalidGrant, "used");
        }

        metrics.Issued("ciba");
        return new TokenOutcome.Issued(new TokenResponse(token.Token, token.ExpiresAt - now, allowed.Scope)
        {
            TokenType = CheckDpop.TypeOf(bound),
            IdToken = idToken,
            AuthorizationDetails = details,
        });
    }
}
