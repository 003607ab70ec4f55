using System.Text.Json.Serialization;
using Signet.Platform.Data;

namespace Signet.Server.Users;

/// <summary>A person in one tenant; the subject of tokens.</summary>
[JsonConverter(typeof(TypedIdJson<UserId>))]
public readonly record struct UserId(Guid Value) : ITypedId<UserId>
{
    public static UserId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out UserId id) => TypedId.TryParse(text, out id);

    public override string ToString() => Value.ToString();
}
