namespace Signet.Server.Webhooks;

/// <summary>One event for one webhook, and what came of it.</summary>
/// <param name="EventId">That of the event's audit record.</param>
/// <param name="HttpStatus">Of the last attempt's answer; null where none came.</param>
/// <param name="DurationMs">Of the last attempt.</param>
/// <param name="NextAttemptAt">While it is pending.</param>
public sealed record Delivery(
    DeliveryId Id, Guid EventId, string EventType, DeliveryState State, int Attempts, int? HttpStatus, int? DurationMs, DeliveryError? Error,
    DateTimeOffset CreatedAt, DateTimeOffset? LastAttemptAt, DateTimeOffset? NextAttemptAt);

public enum DeliveryState
{
    /// <summary>Waits for its first or next attempt.</summary>
    Pending,
    Delivered,

    /// <summary>Given up; can be delivered again on request.</summary>
    Dead,
}

/// <summary>Why the last attempt delivered nothing.</summary>
public enum DeliveryError
{
    /// <summary>The receiver answered with a status that is no success; redirects are not followed.</summary>
    Status,

    /// <summary>410: the receiver wants no more (RFC 9110 §15.5.11).</summary>
    Gone,

    /// <summary>The name leads to an address that is not the public Internet.</summary>
    AddressRefused,

    /// <summary>The URL is none that may be asked.</summary>
    UrlRefused,

    /// <summary>No such name, no connection, a bad certificate, a cut answer.</summary>
    Unreachable,
    TimedOut,
    AnswerTooLarge,

    /// <summary>The process stopped while the attempt was under way; whether it arrived is not known.</summary>
    Lost,

    /// <summary>The webhook was disabled before the event was delivered.</summary>
    WebhookDisabled,
}
