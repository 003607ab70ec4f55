using System.Text.Json.Serialization;
using Signet.Platform.Data;

namespace Signet.Server.Approvals;

/// <summary>An agent's question to a person about one action. No secret: the agent polls with another value.</summary>
[JsonConverter(typeof(TypedIdJson<ApprovalId>))]
public readonly record struct ApprovalId(Guid Value) : ITypedId<ApprovalId>
{
    public static ApprovalId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out ApprovalId id) => TypedId.TryParse(text, out id);

    public override string ToString() => Value.ToString();
}
