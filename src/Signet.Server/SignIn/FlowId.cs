using System.Text.Json.Serialization;
using Signet.Platform.Data;

namespace Signet.Server.SignIn;

/// <summary>One sign-in somebody was sent to, and where they return.</summary>
[JsonConverter(typeof(TypedIdJson<FlowId>))]
public readonly record struct FlowId(Guid Value) : ITypedId<FlowId>
{
    public static FlowId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out FlowId id) => TypedId.TryParse(text, out id);

    public override string ToString() => Value.ToString();
}
