using System.Text.Json.Serialization;
using Signet.Platform.Data;

namespace Signet.Server.Webhooks;

/// <summary>One event for one webhook; <c>Signet-Delivery</c> on the wire, the same at every attempt.</summary>
[JsonConverter(typeof(TypedIdJson<DeliveryId>))]
public readonly record struct DeliveryId(Guid Value) : ITypedId<DeliveryId>
{
    public static DeliveryId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out DeliveryId id) => TypedId.TryParse(text, out id);

    public override string ToString() => Value.ToString();
}
