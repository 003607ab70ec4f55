using Signet.Platform.Data;

namespace Signet.Server.Webhooks;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Looking for due webhook deliveries failed.")]
    public static partial void LookFailed(this ILogger log, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "Delivering to webhook {Webhook} of tenant {Tenant} was broken off.")]
    public static partial void DrainFailed(this ILogger log, Exception failure, TenantId tenant, WebhookId webhook);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhook delivery {Delivery} of tenant {Tenant} failed at attempt {Attempt}: {Error}.")]
    public static partial void AttemptFailed(this ILogger log, TenantId tenant, DeliveryId delivery, int attempt, DeliveryError error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Event {Event} of tenant {Tenant} reaches no webhook: its record was emptied before a worker came to it.")]
    public static partial void RecordGone(this ILogger log, TenantId tenant, Guid @event);
}
