using Signet.Server.Ui;
using Signet.Server.Webhooks;

namespace Signet.Server.Console;

/// <summary>What came of deliveries, in a person's words.</summary>
internal static class WebhookWords
{
    public static Tone ToneOf(DeliveryState state) => state switch
    {
        DeliveryState.Pending => Tone.Neutral,
        DeliveryState.Delivered => Tone.Good,
        DeliveryState.Dead => Tone.Danger,
    };

    public static string WordOf(DeliveryState state) => state switch
    {
        DeliveryState.Pending => "Pending",
        DeliveryState.Delivered => "Delivered",
        DeliveryState.Dead => "Given up",
    };

    public static string? IconOf(DeliveryState state) => state is DeliveryState.Pending ? "clock" : null;

    /// <summary>What the last attempt came to: the answer's status, or why there was none.</summary>
    public static string AnswerOf(Delivery delivery) => delivery.HttpStatus is { } status ? $"{status}" : delivery.Error is { } error ? Of(error) : "";

    private static string Of(DeliveryError error) => error switch
    {
        DeliveryError.Status => "Refused",
        DeliveryError.Gone => "Gone",
        DeliveryError.AddressRefused => "Address not allowed",
        DeliveryError.UrlRefused => "URL not allowed",
        DeliveryError.Unreachable => "No connection",
        DeliveryError.TimedOut => "No answer in time",
        DeliveryError.AnswerTooLarge => "Answer too large",
        DeliveryError.Lost => "Not known",
        DeliveryError.WebhookDisabled => "Webhook disabled",
    };
}
