using Signet.Platform.Outbox;

namespace Signet.Server.Policy;

/// <summary>From here on decisions are made by the policy that was read.</summary>
public sealed record PolicyReloaded(int Rules) : DomainEvent
{
    public override string Action => "policy.reloaded";

    public override Target Target => new("policy", ScopesEngine.EngineName);
}

/// <summary>The new policy could not be read, and the old one holds.</summary>
public sealed record PolicyReloadFailed(string Fault) : DomainEvent
{
    public override string Action => "policy.reload_failed";

    public override Outcome Outcome => Outcome.Failure;

    public override Target Target => new("policy", ScopesEngine.EngineName);
}

/// <summary>One request for decisions, with all that were made.</summary>
/// <param name="Engine">Which engine made them.</param>
/// <param name="Decisions">A line each: <c>allow</c> or <c>deny</c>, method, path, subject, and why it was denied. E-mail addresses are left out.</param>
/// <param name="CallerRequestId">The X-Request-ID the caller sent.</param>
public sealed record PolicyEvaluated(string Engine, int Allowed, int Denied, IReadOnlyList<string> Decisions, string? CallerRequestId) : DomainEvent
{
    public override string Action => "policy.evaluated";

    public override Outcome Outcome => Denied == 0 ? Outcome.Success : Outcome.Failure;

    public override Target Target => new("policy", Engine);
}
