using System.Text.Json.Serialization;
using Signet.Platform.Data;

namespace Signet.Server.Workloads;

/// <summary>A trust policy of a tenant.</summary>
[JsonConverter(typeof(TypedIdJson<TrustPolicyId>))]
public readonly record struct TrustPolicyId(Guid Value) : ITypedId<TrustPolicyId>
{
    public static TrustPolicyId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out TrustPolicyId id) => TypedId.TryParse(text, out id);

    public override string ToString() => Value.ToString();
}
