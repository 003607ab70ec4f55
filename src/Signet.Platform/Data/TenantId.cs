using System.Text.Json.Serialization;

namespace Signet.Platform.Data;

/// <summary>The wall between customers: row-level security compares every tenant-owned row with it.</summary>
[JsonConverter(typeof(TypedIdJson<TenantId>))]
public readonly record struct TenantId(Guid Value) : ITypedId<TenantId>
{
    /// <summary>The tenant of the bare base domain. Its id is fixed, so that a node knows it before it has read anything.</summary>
    public static readonly TenantId Default = new(new Guid("00000000-0000-7000-8000-000000000001"));

    public static TenantId From(Guid value) => new(value);

    public static bool TryParse(string? text, IFormatProvider? provider, out TenantId id) => TypedId.TryParse(text, out id);

    public override string ToString() => Value.ToString();
}
