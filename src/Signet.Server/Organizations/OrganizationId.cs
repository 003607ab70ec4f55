using System.Text.Json.Serialization;
using Signet.Platform.Data;

namespace Signet.Server.Organizations;

/// <summary>A group of people inside a tenant, with roles of its own.</summary>
[JsonConverter(typeof(TypedIdJson<OrganizationId>))]
public readonly record struct OrganizationId(Guid Value) : ITypedId<OrganizationId>
{
    public static OrganizationId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out OrganizationId id) => TypedId.TryParse(text, out id);

    public override string ToString() => Value.ToString();
}
