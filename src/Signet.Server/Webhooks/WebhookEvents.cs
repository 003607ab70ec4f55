using Signet.Platform.Outbox;

namespace Signet.Server.Webhooks;

public abstract record WebhookEvent(WebhookId Webhook) : DomainEvent
{
    public override Target Target => new("webhook", Webhook.ToString());
}

/// <param name="Receiver">Scheme, host and port of the URL.</param>
public sealed record WebhookCreated(WebhookId Webhook, string Name, string Receiver, IReadOnlyList<string> Events) : WebhookEvent(Webhook)
{
    public override string Action => "webhooks.created";
}

/// <param name="Fields">Which were named.</param>
public sealed record WebhookUpdated(WebhookId Webhook, IReadOnlyList<string> Fields, string Receiver, IReadOnlyList<string> Events) : WebhookEvent(Webhook)
{
    public override string Action => "webhooks.updated";
}

public sealed record WebhookEnabled(WebhookId Webhook) : WebhookEvent(Webhook)
{
    public override string Action => "webhooks.enabled";
}

/// <param name="Reason"><c>requested</c>, or <c>gone</c> where the receiver answered 410.</param>
public sealed record WebhookDisabled(WebhookId Webhook, string Reason) : WebhookEvent(Webhook)
{
    public override string Action => "webhooks.disabled";
}

public sealed record WebhookDeleted(WebhookId Webhook) : WebhookEvent(Webhook)
{
    public override string Action => "webhooks.deleted";
}

public sealed record WebhookSecretRotated(WebhookId Webhook, DateTimeOffset OldSecretEnds) : WebhookEvent(Webhook)
{
    public override string Action => "webhooks.secret_rotated";
}

/// <summary>Delivered to the webhook it names, whatever its patterns.</summary>
public sealed record WebhookTested(WebhookId Webhook) : WebhookEvent(Webhook)
{
    public const string Name = "webhooks.tested";

    public override string Action => Name;
}

public sealed record WebhookRedelivered(WebhookId Webhook, DeliveryId Delivery, string EventType) : WebhookEvent(Webhook)
{
    public override string Action => "webhooks.redelivered";
}

/// <summary>The last attempt failed too. Of a failure to tell of a failure nobody else is told.</summary>
public sealed record WebhookDeliveryFailed(WebhookId Webhook, DeliveryId Delivery, string EventType, int Attempts, DeliveryError Error) : WebhookEvent(Webhook)
{
    public const string Name = "webhooks.delivery_failed";

    public override string Action => Name;

    public override Outcome Outcome => Outcome.Failure;
}
