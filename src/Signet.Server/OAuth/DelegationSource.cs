using Signet.OAuth;
using Signet.OAuth.Authorization;
using Signet.OAuth.TokenExchange;
using Signet.Platform.Data;
using Signet.Server.Agents;
using Signet.Server.Delegations;
using Signet.Server.Tenants;

namespace Signet.Server.OAuth;

/// <summary>A right that is to be handed on, with what it hangs on.</summary>
/// <param name="Before">The hand-over it came of; null where it is the first.</param>
/// <param name="Delegator">The agent that hands on; null where a person allowed it.</param>
/// <param name="Proof">What an agent's own right hangs on, where it is the first.</param>
internal sealed record DelegationSource(
    DelegationParent Parent, HandOver? Before, SubjectKind SubjectKind, Guid SubjectId, AgentId? Delegator, AgentProof? Proof)
{
    /// <summary>The access token that is exchanged, where it is the first.</summary>
    public string? TokenId { get; init; }

    /// <summary>The grant a person's token came of.</summary>
    public GrantId? Grant { get; init; }

    public ConsentId? Consent { get; init; }

    /// <summary>The one action a person approved.</summary>
    public Guid? Approval { get; init; }

    public AuthorizationDetails? Details { get; init; }

    /// <summary>The right of an agent that holds a token of ours; null where the token speaks for no agent and is no delegation.</summary>
    public static async ValueTask<DelegationSource?> OfAgentAsync(DelegationRecord record, Tenant tenant, AccessToken token, CancellationToken ct)
    {
        if (token.Delegation is { } delegation)
        {
            if (await record.FindLiveAsync(tenant.Id, delegation, ct) is not [var before, ..]
                // Who approved an action approved that this agent does it.
                || before.ApprovalId is not null)
            {
                return null;
            }

            // Where an offer may be used is on record; the offer itself is for us alone.
            var parent = ParentOf(tenant, token) with { Audience = before.Audience };
            return new DelegationSource(parent, before, before.SubjectKind, before.SubjectId, new AgentId(token.Client.Value), null) { Details = token.Details };
        }

        return OAuth.TokenId.AgentOf(token.Id) is { } proof
            ? new DelegationSource(ParentOf(tenant, token), null, SubjectKind.Agent, token.Client.Value, new AgentId(token.Client.Value), proof)
            {
                TokenId = token.Id, Details = token.Details,
            }
            : null;
    }

    public static DelegationParent ParentOf(Tenant tenant, AccessToken token) =>
        new(new Party(tenant.Origin, token.Subject), token.Scope, token.Audience, token.ExpiresAt) { Actors = token.Actors, MayAct = token.MayAct };

    /// <summary>The row of what is handed on.</summary>
    /// <param name="epoch">The actor's.</param>
    /// <param name="credential">With which the actor showed who it is; null for an offer.</param>
    public HandOver ToHandOver(
        TimeProvider time, DelegationKind kind, DelegationOutcome.Allowed allowed, AgentId actor, int epoch, CredentialId? credential, string? actorTokenId,
        AuthorizationDetails? details)
    {
        var id = TypedId.New<DelegationId>(time);
        return new HandOver(
            id, Before?.ChainId ?? id, Before?.DelegationId, kind, SubjectKind, SubjectId, Delegator, Proof?.Epoch, Proof?.Credential, TokenId, actorTokenId,
            Grant?.Value, Consent, Approval, actor, epoch, credential, allowed.Actors.Depth, [.. allowed.Scope.Tokens], [.. allowed.Audience], details?.ToString(),
            time.GetUtcNow(), allowed.ExpiresAt, null, null);
    }

    /// <summary>The subject first, then each actor in the order they came.</summary>
    public static IReadOnlyList<string> ChainOf(DelegationOutcome.Allowed allowed) =>
        [allowed.Subject.Subject, .. allowed.Actors.Chain.Reverse().Select(party => party.Subject)];
}

/// <summary>What is said of a delegation that can't be (RFC 8693 §2.2.2). Who holds a token knows what it allows, so the cause is no secret.</summary>
internal static class DelegationRefusals
{
    public static readonly DelegationRefusal Subject = Invalid("The subject_token is not valid, or of no kind that is exchanged here.", "subject_token");
    public static readonly DelegationRefusal Actor = Invalid("The actor_token is not valid, or is not the agent's own.", "actor_token");
    public static readonly DelegationRefusal TokenType = Invalid("Only access tokens are issued.", "requested_token_type");

    public static DelegationRefusal Of(DelegationDefect defect) => defect switch
    {
        DelegationDefect.AudienceTooWide => new(OAuthError.InvalidTarget with { Description = "The subject's token is not for this audience." }, "audience"),
        DelegationDefect.ScopeTooWide => new(OAuthError.InvalidScope with { Description = "The scope is more than subject, actor and policy have in common." }, "scope"),
        DelegationDefect.NoScopeLeft => new(OAuthError.InvalidScope with { Description = "Subject, actor and policy have no scope in common." }, "no_scope"),
        DelegationDefect.NotTheNamedActor => Invalid("The subject's token names another party that may act.", "may_act"),
        DelegationDefect.Cycle => Invalid("The actor is the subject, or acts in the chain already.", "cycle"),
        DelegationDefect.TooDeep => Invalid("The chain of delegations would be too long.", "depth"),
        DelegationDefect.ActorIsDelegated => Invalid("The actor_token is itself delegated.", "actor_delegated"),
        DelegationDefect.ActorExpired => Actor,
        _ => Subject,
    };

    private static DelegationRefusal Invalid(string description, string reason) => new(OAuthError.InvalidRequest with { Description = description }, reason);
}

/// <summary>A refusal with its name in the record.</summary>
internal sealed record DelegationRefusal(OAuthError Error, string Reason)
{
    public TokenOutcome.Refused Refused => new(Error, Reason);
}
