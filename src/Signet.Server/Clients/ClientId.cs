using System.Text.Json.Serialization;
using Signet.Platform.Data;

namespace Signet.Server.Clients;

/// <summary>An application registered in a tenant; <c>client_id</c> on the wire.</summary>
[JsonConverter(typeof(TypedIdJson<ClientId>))]
public readonly record struct ClientId(Guid Value) : ITypedId<ClientId>
{
    public static ClientId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out ClientId id) => TypedId.TryParse(text, out id);

    public override string ToString() => Value.ToString();
}
