using Signet.Platform.Http;

namespace Signet.Server.Clients;

public static class ClientProblems
{
    public static readonly Problem NotFound = new(404, "not_found", "There is no such application.");

    public static readonly Problem Invalid = new(400, "invalid_input", "The application can't be registered so.");

    public static readonly Problem HasNoSecret = new(409, "clients.has_no_secret", "This application shows itself without a secret.");
}
