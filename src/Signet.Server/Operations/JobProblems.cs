using Signet.Platform.Http;

namespace Signet.Server.Operations;

public static class JobProblems
{
    public static readonly Problem NotFound = new(404, "not_found", "There is no such job.");

    public static readonly Problem StateInvalid = new(400, "invalid_input", "state: is to be queued, running, done or dead.");

    public static readonly Problem NotWaiting = new(409, "jobs.not_waiting", "There is no dead or waiting job of this id.");
}
