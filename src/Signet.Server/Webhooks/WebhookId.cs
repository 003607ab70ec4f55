using System.Text.Json.Serialization;
using Signet.Platform.Data;

namespace Signet.Server.Webhooks;

/// <summary>A receiver registered in a tenant.</summary>
[JsonConverter(typeof(TypedIdJson<WebhookId>))]
public readonly record struct WebhookId(Guid Value) : ITypedId<WebhookId>
{
    public static WebhookId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out WebhookId id) => TypedId.TryParse(text, out id);

    public override string ToString() => Value.ToString();
}
