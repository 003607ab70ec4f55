using System.Text.Json.Serialization;
using Signet.Platform.Data;

namespace Signet.Platform.Jobs;

[JsonConverter(typeof(TypedIdJson<JobId>))]
public readonly record struct JobId(Guid Value) : ITypedId<JobId>
{
    public static JobId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out JobId id) => TypedId.TryParse(text, out id);

    public override string ToString() => Value.ToString();
}
