using Signet.Platform.Http;

namespace Signet.Server.Delegations;

public static class DelegationProblems
{
    public static readonly Problem ConsentNotFound = new(404, "delegations.consent_not_found", "The agent has no such consent.");

    public static readonly Problem RequestNotFound = new(404, "delegations.request_not_found", "The agent has made no such request.");

    public static readonly Problem NotFound = new(404, "delegations.not_found", "The agent has no part in such a delegation.");
}
