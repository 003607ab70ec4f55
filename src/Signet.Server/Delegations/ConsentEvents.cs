using Signet.Server.Agents;
using Signet.Server.Users;

namespace Signet.Server.Delegations;

public sealed record AgentConsentRequested(AgentId Agent, ConsentRequestId Request, IReadOnlyList<string> Scopes) : AgentEvent(Agent)
{
    public override string Action => "delegation.consent_requested";
}

public sealed record AgentConsentGranted(
    AgentId Agent, ConsentId Consent, UserId User, IReadOnlyList<string> Scopes, IReadOnlyList<string> Resources, long ExpiresAt) : AgentEvent(Agent)
{
    public override string Action => "delegation.consent_granted";

    public override Guid? Subject => User.Value;
}

public sealed record AgentConsentDenied(AgentId Agent, ConsentRequestId Request, UserId User) : AgentEvent(Agent)
{
    public override string Action => "delegation.consent_denied";

    public override Guid? Subject => User.Value;
}

/// <param name="Because"><c>withdrawn</c>, <c>user_ended</c>.</param>
public sealed record AgentConsentWithdrawn(AgentId Agent, ConsentId Consent, UserId User, string Because) : AgentEvent(Agent)
{
    public override string Action => "delegation.consent_withdrawn";

    public override Guid? Subject => User.Value;
}
