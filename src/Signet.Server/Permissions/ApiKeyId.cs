using System.Text.Json.Serialization;
using Signet.Platform.Data;

namespace Signet.Server.Permissions;

/// <summary>A key for programs that call the management API.</summary>
[JsonConverter(typeof(TypedIdJson<ApiKeyId>))]
public readonly record struct ApiKeyId(Guid Value) : ITypedId<ApiKeyId>
{
    public static ApiKeyId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out ApiKeyId id) => TypedId.TryParse(text, out id);

    public override string ToString() => Value.ToString();
}
