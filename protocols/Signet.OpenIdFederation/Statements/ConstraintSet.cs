using System.Text.Json;

namespace Signet.OpenIdFederation.Statements;

/// <summary>
/// The <c>constraints</c> of a subordinate statement (OIDFed §6.2): about its subject and all entities below. Constraints of other names are
/// ignored, as the specification wants.
/// </summary>
public sealed record ConstraintSet
{
    private ConstraintSet()
    {
    }

    /// <summary>Most intermediates between the entity that sets the constraint and the chain's subject; null without limit.</summary>
    public int? MaxPathLength { get; private init; }

    /// <summary>Names of which one must fit every entity below; null when any may.</summary>
    public IReadOnlyList<string>? Permitted { get; private init; }

    /// <summary>Names of which none may fit an entity below, whatever is permitted.</summary>
    public IReadOnlyList<string> Excluded { get; private init; } = [];

    /// <summary>Entity types the subject keeps beside <c>federation_entity</c>; null when it keeps all.</summary>
    public IReadOnlyList<string>? AllowedEntityTypes { get; private init; }

    /// <summary>Reads the claim's value; null, with the reason, when it is malformed.</summary>
    public static ConstraintSet? TryParse(JsonElement claim, out FederationFault? fault)
    {
        var reader = new ClaimsReader(claim.ValueKind is JsonValueKind.Object ? claim : EmptyObject);
        if (claim.ValueKind is not JsonValueKind.Object)
        {
            reader.Refuse(FaultKind.InvalidClaim, "constraints is an object.");
        }

        var naming = new ClaimsReader(reader.Find("naming_constraints", JsonValueKind.Object) ?? EmptyObject);
        var constraints = new ConstraintSet
        {
            MaxPathLength = ReadLength(reader),
            Permitted = ReadNames(naming, "permitted"),
            Excluded = ReadNames(naming, "excluded") ?? [],
            AllowedEntityTypes = ReadTypes(reader),
        };
        fault = reader.Fault ?? naming.Fault;
        return fault is null ? constraints : null;
    }

    /// <summary>OIDFed §6.2.1: whether a chain with this many intermediates below the setter is short enough.</summary>
    public bool AllowsPath(int intermediates) => !(intermediates > MaxPathLength);

    /// <summary>
    /// OIDFed §6.2.2, RFC 5280 §4.2.1.10: <c>host.example.com</c> fits that host alone, <c>.example.com</c> any host with more labels before it
    /// but not <c>example.com</c>. Hosts are compared without regard to case. An address as host fits nothing and is not permitted under any
    /// naming constraint.
    /// </summary>
    public bool AllowsName(EntityId entity)
    {
        if (Permitted is null && Excluded.Count == 0)
        {
            return true;
        }

        return !entity.IsHostAddress && !Excluded.Any(name => Fits(entity.Host, name)) && (Permitted is null || Permitted.Any(name => Fits(entity.Host, name)));
    }

    /// <summary>OIDFed §6.2.3: whether the subject may be of this type.</summary>
    public bool AllowsType(string entityType) =>
        AllowedEntityTypes is null || entityType is EntityTypes.FederationEntity || AllowedEntityTypes.Contains(entityType);

    private static readonly JsonElement EmptyObject = Json.ToElement(writer =>
    {
        writer.WriteStartObject();
        writer.WriteEndObject();
    });

    private static bool Fits(string host, string name) =>
        name[0] == '.'
            ? host.Length > name.Length && host.EndsWith(name, StringComparison.OrdinalIgnoreCase)
            : string.Equals(host, name, StringComparison.OrdinalIgnoreCase);

    private static int? ReadLength(ClaimsReader reader)
    {
        if (reader.Find("max_path_length", JsonValueKind.Number) is not { } number)
        {
            return null;
        }

        if (number.TryGetInt32(out var length) && length >= 0)
        {
            return length;
        }

        reader.Refuse(FaultKind.InvalidClaim, "max_path_length is a whole number, zero or more.");
        return null;
    }

    private static List<string>? ReadNames(ClaimsReader naming, string member)
    {
        if (naming.Find(member, JsonValueKind.Array) is not { } array)
        {
            return null;
        }

        List<string> names = [];
        foreach (var item in array.EnumerateArray())
        {
            if (item.ValueKind is not JsonValueKind.String || !IsDomainConstraint(item.GetString()!))
            {
                naming.Refuse(FaultKind.InvalidClaim, $"naming_constraints.{member} is an array of host names, or domains with a dot before them.");
                return null;
            }

            names.Add(item.GetString()!);
        }

        return names;
    }

    private static bool IsDomainConstraint(string name) => EntityId.IsName(name.StartsWith('.') ? name.AsSpan(1) : name);

    private static List<string>? ReadTypes(ClaimsReader reader)
    {
        if (reader.Find("allowed_entity_types", JsonValueKind.Array) is not { } array)
        {
            return null;
        }

        List<string> types = [];
        foreach (var item in array.EnumerateArray())
        {
            if (item.ValueKind is not JsonValueKind.String || item.GetString() is EntityTypes.FederationEntity)
            {
                reader.Refuse(FaultKind.InvalidClaim, "allowed_entity_types is an array of entity types, without federation_entity, which is always allowed.");
                return null;
            }

            types.Add(item.GetString()!);
        }

        return types;
    }
}
