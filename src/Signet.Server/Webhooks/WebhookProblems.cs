using Signet.Platform.Http;

namespace Signet.Server.Webhooks;

public static class WebhookProblems
{
    public static readonly Problem NotFound = new(404, "not_found", "There is no such webhook.");

    public static readonly Problem NoSuchDelivery = new(404, "not_found", "There is no such delivery.");

    public static readonly Problem Invalid = new(400, "invalid_input", "The webhook can't be registered so.");

    public static readonly Problem InvalidFilter = new(400, "invalid_input", "There is no such filter.");

    public static readonly Problem TooMany = new(409, "webhooks.too_many", "A tenant has at most 50 webhooks.");

    public static readonly Problem Disabled = new(409, "webhooks.disabled", "The webhook is disabled; enable it first.");

    public static readonly Problem StillPending = new(409, "webhooks.still_pending", "The delivery is still being tried.");
}
