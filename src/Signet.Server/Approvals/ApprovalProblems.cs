using Signet.Platform.Http;

namespace Signet.Server.Approvals;

public static class ApprovalProblems
{
    public static readonly Problem NotFound = new(404, "approvals.not_found", "The agent has no such approval.");
}
