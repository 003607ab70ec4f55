using Signet.Platform.Http;

namespace Signet.Server.Keys;

public static class KeyProblems
{
    public static readonly Problem NotFound = new(404, "not_found", "There is no such key that is published.");

    public static readonly Problem AlgorithmUnknown = new(400, "invalid_input", "algorithm: is to be RS256, PS256, ES256, ES384, ES512, Ed25519 or Ed448.");

    public static readonly Problem ReasonMissing = new(400, "invalid_input", "reason: say why, in 1 to 200 characters; it goes on record.");
}
