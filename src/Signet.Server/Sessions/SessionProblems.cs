using Signet.Platform.Http;

namespace Signet.Server.Sessions;

public static class SessionProblems
{
    public static readonly Problem NotFound = new(404, "not_found", "You have no such session.");
}
