using Signet.Server.Agents;
using Signet.Server.Users;

namespace Signet.Server.Approvals;

public abstract record ApprovalEvent(AgentId Agent, ApprovalId Approval, UserId User) : AgentEvent(Agent)
{
    public override Guid? Subject => User.Value;
}

/// <summary>An agent asks a person to approve an action.</summary>
public sealed record ApprovalRequested(AgentId Agent, ApprovalId Approval, UserId User, IReadOnlyList<string> Scopes, long ExpiresAt)
    : ApprovalEvent(Agent, Approval, User)
{
    public override string Action => "approval.requested";
}

public sealed record ApprovalGranted(AgentId Agent, ApprovalId Approval, UserId User, IReadOnlyList<string> Scopes) : ApprovalEvent(Agent, Approval, User)
{
    public override string Action => "approval.granted";
}

public sealed record ApprovalDenied(AgentId Agent, ApprovalId Approval, UserId User) : ApprovalEvent(Agent, Approval, User)
{
    public override string Action => "approval.denied";
}

/// <param name="Because"><c>unanswered</c>, or <c>unused</c> where it was allowed and the agent fetched nothing.</param>
public sealed record ApprovalExpired(AgentId Agent, ApprovalId Approval, UserId User, string Because) : ApprovalEvent(Agent, Approval, User)
{
    public override string Action => "approval.expired";
}

/// <param name="Because"><c>cancelled</c>; <c>withdrawn</c> by the person; <c>user_ended</c>.</param>
public sealed record ApprovalCancelled(AgentId Agent, ApprovalId Approval, UserId User, string Because) : ApprovalEvent(Agent, Approval, User)
{
    public override string Action => "approval.cancelled";
}
