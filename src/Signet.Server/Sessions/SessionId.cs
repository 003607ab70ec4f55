using System.Text.Json.Serialization;
using Signet.Platform.Data;

namespace Signet.Server.Sessions;

/// <summary>One browser in which one person is signed in; the <c>sid</c> of tokens.</summary>
[JsonConverter(typeof(TypedIdJson<SessionId>))]
public readonly record struct SessionId(Guid Value) : ITypedId<SessionId>
{
    public static SessionId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out SessionId id) => TypedId.TryParse(text, out id);

    public override string ToString() => Value.ToString();
}
