using System.Text.Json.Serialization;
using Signet.Platform.Data;

namespace Signet.Server.Federation;

/// <summary>A type of trust mark a tenant's federation knows.</summary>
[JsonConverter(typeof(TypedIdJson<TrustMarkTypeId>))]
public readonly record struct TrustMarkTypeId(Guid Value) : ITypedId<TrustMarkTypeId>
{
    public static TrustMarkTypeId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out TrustMarkTypeId id) => TypedId.TryParse(text, out id);

    public override string ToString() => Value.ToString();
}

/// <summary>A trust mark a tenant's entity issued.</summary>
[JsonConverter(typeof(TypedIdJson<TrustMarkId>))]
public readonly record struct TrustMarkId(Guid Value) : ITypedId<TrustMarkId>
{
    public static TrustMarkId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out TrustMarkId id) => TypedId.TryParse(text, out id);

    public override string ToString() => Value.ToString();
}

/// <summary>A mark an issuer asked for.</summary>
[JsonConverter(typeof(TypedIdJson<TrustMarkRequestId>))]
public readonly record struct TrustMarkRequestId(Guid Value) : ITypedId<TrustMarkRequestId>
{
    public static TrustMarkRequestId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out TrustMarkRequestId id) => TypedId.TryParse(text, out id);

    public override string ToString() => Value.ToString();
}
