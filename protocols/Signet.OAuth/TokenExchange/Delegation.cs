using System.Text.Json;

namespace Signet.OAuth.TokenExchange;

/// <summary>A verified token as delegation needs to know it.</summary>
/// <param name="Party">Its <c>iss</c> and <c>sub</c>.</param>
/// <param name="Scope">What it allows.</param>
/// <param name="Audience">Whom it is for. Of a token made for this server alone (an assertion), whom the policy lets its subject reach.</param>
/// <param name="ExpiresAt">When it ends.</param>
public sealed record DelegationParent(Party Party, ScopeSet Scope, IReadOnlyList<string> Audience, DateTimeOffset ExpiresAt)
{
    /// <summary>Its <c>act</c>: who acts for the party already.</summary>
    public ActorClaim? Actors { get; init; }

    /// <summary>Its <c>may_act</c>.</summary>
    public JsonElement? MayAct { get; init; }
}

/// <summary>What the new token should be.</summary>
/// <param name="Scope">Null for all that may be had.</param>
/// <param name="Audience">Empty for that of the subject's token.</param>
public sealed record WantedDelegation(ScopeSet? Scope, IReadOnlyList<string> Audience);

/// <summary>What the server's policy allows this actor.</summary>
/// <param name="Scope">The most scope.</param>
/// <param name="MaxLifetime">The longest life; positive.</param>
/// <param name="MaxDepth">The most actors in the chain of the new token.</param>
public sealed record DelegationLimits(ScopeSet Scope, TimeSpan MaxLifetime, int MaxDepth);

/// <summary>What can come of asking to act for somebody.</summary>
public abstract record DelegationOutcome
{
    private DelegationOutcome() { }

    /// <summary>A token may be issued; it is no more than any of its parents.</summary>
    /// <param name="Subject">Whom it is about.</param>
    /// <param name="Actors">Its <c>act</c>.</param>
    /// <param name="Scope">Its scope; not empty.</param>
    /// <param name="Audience">Whom it is for; not empty.</param>
    /// <param name="ExpiresAt">When it ends.</param>
    public sealed record Allowed(Party Subject, ActorClaim Actors, ScopeSet Scope, IReadOnlyList<string> Audience, DateTimeOffset ExpiresAt)
        : DelegationOutcome;

    /// <summary>No token.</summary>
    /// <param name="Defect">Why.</param>
    public sealed record Refused(DelegationDefect Defect) : DelegationOutcome;
}

/// <summary>Why somebody may not act for somebody.</summary>
public enum DelegationDefect
{
    /// <summary>The subject's token has ended.</summary>
    SubjectExpired,

    /// <summary>The actor's token has ended.</summary>
    ActorExpired,

    /// <summary>The actor's token is itself used on somebody's behalf: who would act then is not clear.</summary>
    ActorIsDelegated,

    /// <summary>The subject's token names another party as the one that may act.</summary>
    NotTheNamedActor,

    /// <summary>The actor is the subject, or acts in the chain already.</summary>
    Cycle,

    /// <summary>The chain would have more actors than allowed.</summary>
    TooDeep,

    /// <summary>An audience is wanted that the subject's token is not for.</summary>
    AudienceTooWide,

    /// <summary>A scope is wanted that the subject, the actor or the policy does not have.</summary>
    ScopeTooWide,

    /// <summary>Subject, actor and policy have no scope in common.</summary>
    NoScopeLeft,
}

/// <summary>
/// Decides what a token of one party in another's hands may be (RFC 8693 §1.1). What comes out is never more than any token that went in: less scope,
/// fewer audiences, an earlier end. That both belong to one tenant is for the caller to see to.
/// </summary>
public static class Delegation
{
    /// <summary>Decides; the first check that does not hold is the answer.</summary>
    /// <param name="subject">The token of whom the new one will be about.</param>
    /// <param name="actor">The token, or the authenticated client, of who will use it.</param>
    /// <param name="wanted">What was asked for.</param>
    /// <param name="limits">What the policy allows.</param>
    /// <param name="now">The time.</param>
    public static DelegationOutcome Check(
        DelegationParent subject, DelegationParent actor, WantedDelegation wanted, DelegationLimits limits, DateTimeOffset now)
    {
        var possible = subject.Scope.LimitTo(actor.Scope).LimitTo(limits.Scope);
        var scope = wanted.Scope ?? possible;
        var audience = wanted.Audience.Count > 0 ? wanted.Audience : subject.Audience;
        DelegationDefect? defect =
            subject.ExpiresAt <= now ? DelegationDefect.SubjectExpired
            : actor.ExpiresAt <= now ? DelegationDefect.ActorExpired
            : actor.Actors is not null ? DelegationDefect.ActorIsDelegated
            // RFC 8693 §4.4.
            : subject.MayAct is { } mayAct && !MayActClaim.Names(mayAct, subject.Party.Issuer, actor.Party) ? DelegationDefect.NotTheNamedActor
            : actor.Party == subject.Party || subject.Actors?.Chain.Contains(actor.Party) is true ? DelegationDefect.Cycle
            : (subject.Actors?.Depth ?? 0) >= Math.Min(limits.MaxDepth, ActorClaim.MaxDepth) ? DelegationDefect.TooDeep
            // A token that names no audience is for nobody here, not for everybody.
            : audience.Count == 0 || !audience.All(subject.Audience.Contains) ? DelegationDefect.AudienceTooWide
            : !scope.IsSubsetOf(possible) ? DelegationDefect.ScopeTooWide
            // Some resources take a token without scope for one without limits.
            : scope.IsEmpty ? DelegationDefect.NoScopeLeft
            : null;
        if (defect is { } found)
        {
            return new DelegationOutcome.Refused(found);
        }

        // Differences between times can't overflow as sums can.
        var lifetime = new[] { subject.ExpiresAt - now, actor.ExpiresAt - now, limits.MaxLifetime }.Min();
        return new DelegationOutcome.Allowed(subject.Party, new(actor.Party, subject.Actors), scope, audience, now + lifetime);
    }
}
