using System.Text.Json.Serialization;
using Signet.Platform.Data;

namespace Signet.Server.OAuth;

/// <summary>Everything that came of one authorization: the code, its tokens, and theirs.</summary>
[JsonConverter(typeof(TypedIdJson<GrantId>))]
public readonly record struct GrantId(Guid Value) : ITypedId<GrantId>
{
    public static GrantId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out GrantId id) => TypedId.TryParse(text, out id);

    public override string ToString() => Value.ToString();
}
