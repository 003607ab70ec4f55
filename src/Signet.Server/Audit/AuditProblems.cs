using Signet.Platform.Http;

namespace Signet.Server.Audit;

public static class AuditProblems
{
    public static readonly Problem NotFound = new(404, "not_found", "There is no such audit record.");

    public static readonly Problem InvalidFilter = new(400, "invalid_input", "There is no such filter.");

    public static readonly Problem InvalidWindow = new(400, "invalid_input", "There is no such span of time.");

    public static readonly Problem NotYours = new(403, "audit.not_yours", "An agent sees its own events; those of others need agents:admin.");

    public static readonly Problem InvalidCheckpoint = new(400, "invalid_input", "The checkpoint is no signed note.");

    public static readonly Problem NotSealedYet = new(409, "audit.not_sealed_yet", "The record has no position in the log yet.")
    {
        RetryAfter = TimeSpan.FromSeconds(1),
    };

    public static readonly Problem NoCheckpoint = new(404, "audit.no_checkpoint", "Nothing has been sealed yet.");

    public static readonly Problem SizeOutOfRange = new(400, "audit.size_out_of_range", "The log was never of that size.");

    public static readonly Problem TreeDamaged = new(500, "audit.tree_damaged", "The stored tree does not give what was signed.");

    public static readonly Problem InvalidRetention = new(400, "invalid_input", "Records are kept for 1 to 36500 days, or for ever.");
}
