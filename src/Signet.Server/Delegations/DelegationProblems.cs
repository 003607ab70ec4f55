using Signet.Platform.Http;

namespace Signet.Server.Delegations;

public static class DelegationProblems
{
    public static readonly Problem NotFound = new(404, "delegations.not_found", "The agent has no part in such a delegation.");
}
