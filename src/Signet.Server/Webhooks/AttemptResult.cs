using Signet.Platform.Outbound;

namespace Signet.Server.Webhooks;

/// <summary>What one attempt came to.</summary>
/// <param name="Error">Null: delivered.</param>
/// <param name="Took">Null where nothing was asked.</param>
internal sealed record AttemptResult(DeliveryError? Error, int? HttpStatus, TimeSpan? Took)
{
    /// <summary>2xx is delivered, whatever the answer says besides.</summary>
    public static AttemptResult Of(OutboundResult result, TimeSpan took) => result switch
    {
        OutboundResult.Answered { IsSuccess: true } answer => new(null, answer.Status, took),
        OutboundResult.Answered answer => new(answer.Status is 410 ? DeliveryError.Gone : DeliveryError.Status, answer.Status, took),
        OutboundResult.Refused { Reason: OutboundRefusal.Address } => new(DeliveryError.AddressRefused, null, took),
        OutboundResult.Refused => new(DeliveryError.UrlRefused, null, took),
        OutboundResult.TimedOut => new(DeliveryError.TimedOut, null, took),
        OutboundResult.TooLarge => new(DeliveryError.AnswerTooLarge, null, took),
        _ => new(DeliveryError.Unreachable, null, took),
    };
}
