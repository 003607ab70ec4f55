using System.Text.Json;

namespace Signet.OpenIdFederation.Policy;

/// <summary>The value of a <c>metadata_policy</c> claim, or of several merged: a policy for each entity type (OIDFed §6.1).</summary>
public sealed class MetadataPolicy
{
    private readonly OrderedDictionary<string, EntityTypePolicy> types;

    private MetadataPolicy(OrderedDictionary<string, EntityTypePolicy> types) => this.types = types;

    /// <summary>The policy that leaves everything as it is.</summary>
    public static MetadataPolicy Empty { get; } = new([]);

    /// <summary>The entity types there are policies for.</summary>
    public IReadOnlyCollection<string> EntityTypes => types.Keys;

    /// <summary>Reads the claim's value from strict JSON; null, with the reason, when it is no policy.</summary>
    public static MetadataPolicy? TryParse(JsonElement claim, PolicyOperators operators, out FederationFault? fault)
    {
        if (claim.ValueKind is not JsonValueKind.Object)
        {
            fault = new FederationFault(FaultKind.InvalidPolicy, "metadata_policy is an object of entity types.");
            return null;
        }

        OrderedDictionary<string, EntityTypePolicy> read = new(StringComparer.Ordinal);
        foreach (var member in claim.Clone().EnumerateObject())
        {
            if (EntityTypePolicy.TryParse(member.Value, operators, out fault) is not { } policy)
            {
                fault = fault?.In(FederationFault.Quote(member.Name));
                return null;
            }

            if (!read.TryAdd(member.Name, policy))
            {
                fault = new FederationFault(FaultKind.InvalidPolicy, $"{FederationFault.Quote(member.Name)} has two policies.");
                return null;
            }
        }

        fault = null;
        return new MetadataPolicy(read);
    }

    /// <summary>
    /// OIDFed §6.1.4.1: whether each operator a superior calls critical can be processed. The specification lets only operators beyond its own
    /// be listed, and no empty list.
    /// </summary>
    /// <returns>The reason why not; null when all can.</returns>
    public static FederationFault? FindUnknownCritical(IReadOnlyList<string> critical, PolicyOperators operators) =>
        critical.FirstOrDefault(name => !operators.IsUnderstood(name)) is { } unknown
            ? new FederationFault(FaultKind.UnknownCritical, $"The critical policy operator {FederationFault.Quote(unknown)} is not understood.")
            : null;

    /// <summary>The policy for one entity type; <see cref="EntityTypePolicy.Empty"/> when there is none.</summary>
    public EntityTypePolicy For(string entityType) => types.GetValueOrDefault(entityType) ?? EntityTypePolicy.Empty;

    /// <summary>Merges the policy of a subordinate into this one; null, with the reason, when they exclude each other.</summary>
    public MetadataPolicy? TryMerge(MetadataPolicy subordinate, out FederationFault? fault)
    {
        OrderedDictionary<string, EntityTypePolicy> merged = new(types, StringComparer.Ordinal);
        foreach (var (type, below) in subordinate.types)
        {
            if (For(type).TryMerge(below, out fault) is not { } both)
            {
                fault = fault?.In(FederationFault.Quote(type));
                return null;
            }

            merged[type] = both;
        }

        fault = null;
        return new MetadataPolicy(merged);
    }

    /// <summary>
    /// Applies the policy to metadata by entity type (OIDFed §6.1.4.2): to the types that are there, so it never adds one. Null, with the
    /// reason, when they do not comply.
    /// </summary>
    public JsonElement? TryApply(JsonElement metadata, out FederationFault? fault)
    {
        if (metadata.ValueKind is not JsonValueKind.Object)
        {
            fault = new FederationFault(FaultKind.InvalidMetadata, "metadata is an object of entity types.");
            return null;
        }

        List<(string Type, JsonElement Metadata)> resolved = [];
        foreach (var member in metadata.EnumerateObject())
        {
            if (For(member.Name).TryApply(member.Value, out fault) is not { } applied)
            {
                fault = fault?.In(FederationFault.Quote(member.Name));
                return null;
            }

            resolved.Add((member.Name, applied));
        }

        fault = null;
        return Json.ToElement(writer =>
        {
            writer.WriteStartObject();
            foreach (var (type, applied) in resolved)
            {
                writer.WritePropertyName(type);
                applied.WriteTo(writer);
            }

            writer.WriteEndObject();
        });
    }

    /// <summary>Writes the policy as the claim's value.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (var (type, policy) in types)
        {
            writer.WritePropertyName(type);
            policy.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    /// <summary>The policy as compact JSON.</summary>
    public byte[] ToUtf8Json() => Json.ToUtf8(WriteTo);
}
