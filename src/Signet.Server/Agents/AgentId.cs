using System.Text.Json.Serialization;
using Signet.Platform.Data;

namespace Signet.Server.Agents;

/// <summary>An agent of a tenant; its <c>client_id</c> at the token endpoint.</summary>
[JsonConverter(typeof(TypedIdJson<AgentId>))]
public readonly record struct AgentId(Guid Value) : ITypedId<AgentId>
{
    public static AgentId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out AgentId id) => TypedId.TryParse(text, out id);

    public override string ToString() => Value.ToString();
}

/// <summary>What agents of one kind are made of.</summary>
[JsonConverter(typeof(TypedIdJson<BlueprintId>))]
public readonly record struct BlueprintId(Guid Value) : ITypedId<BlueprintId>
{
    public static BlueprintId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out BlueprintId id) => TypedId.TryParse(text, out id);

    public override string ToString() => Value.ToString();
}

/// <summary>One of the ways in which an agent shows who it is.</summary>
[JsonConverter(typeof(TypedIdJson<CredentialId>))]
public readonly record struct CredentialId(Guid Value) : ITypedId<CredentialId>
{
    public static CredentialId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out CredentialId id) => TypedId.TryParse(text, out id);

    public override string ToString() => Value.ToString();
}
