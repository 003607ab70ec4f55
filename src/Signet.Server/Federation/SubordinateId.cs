using System.Text.Json.Serialization;
using Signet.Platform.Data;

namespace Signet.Server.Federation;

/// <summary>An entity that a tenant's entity vouches for.</summary>
[JsonConverter(typeof(TypedIdJson<SubordinateId>))]
public readonly record struct SubordinateId(Guid Value) : ITypedId<SubordinateId>
{
    public static SubordinateId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out SubordinateId id) => TypedId.TryParse(text, out id);

    public override string ToString() => Value.ToString();
}
