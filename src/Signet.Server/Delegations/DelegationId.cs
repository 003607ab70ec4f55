using System.Text.Json.Serialization;
using Signet.Platform.Data;

namespace Signet.Server.Delegations;

/// <summary>One hand-over. The first of a chain gives the chain its id.</summary>
[JsonConverter(typeof(TypedIdJson<DelegationId>))]
public readonly record struct DelegationId(Guid Value) : ITypedId<DelegationId>
{
    public static DelegationId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out DelegationId id) => TypedId.TryParse(text, out id);

    public override string ToString() => Value.ToString();
}

/// <summary>What a person allowed one agent.</summary>
[JsonConverter(typeof(TypedIdJson<ConsentId>))]
public readonly record struct ConsentId(Guid Value) : ITypedId<ConsentId>
{
    public static ConsentId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out ConsentId id) => TypedId.TryParse(text, out id);

    public override string ToString() => Value.ToString();
}

/// <summary>An agent's question to a person.</summary>
[JsonConverter(typeof(TypedIdJson<ConsentRequestId>))]
public readonly record struct ConsentRequestId(Guid Value) : ITypedId<ConsentRequestId>
{
    public static ConsentRequestId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out ConsentRequestId id) => TypedId.TryParse(text, out id);

    public override string ToString() => Value.ToString();
}
