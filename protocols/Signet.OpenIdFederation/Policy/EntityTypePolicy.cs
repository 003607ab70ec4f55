using System.Text.Json;

namespace Signet.OpenIdFederation.Policy;

/// <summary>
/// The metadata policy for one entity type: operators for each parameter. It exists only if every value has a type its operator supports and
/// every combination is allowed. A name with a language tag means the parameter with that tag and no other (OIDFed §6.1.2).
/// </summary>
public sealed class EntityTypePolicy
{
    private readonly OrderedDictionary<string, ParameterPolicy> parameters;

    private EntityTypePolicy(OrderedDictionary<string, ParameterPolicy> parameters) => this.parameters = parameters;

    /// <summary>The policy that leaves everything as it is.</summary>
    public static EntityTypePolicy Empty { get; } = new([]);

    /// <summary>The parameters there are operators for.</summary>
    public IReadOnlyCollection<string> Parameters => parameters.Keys;

    /// <summary>Reads a policy from strict JSON; null, with the reason, when it is none. Operators that are not understood are ignored.</summary>
    public static EntityTypePolicy? TryParse(JsonElement policy, PolicyOperators operators, out FederationFault? fault)
    {
        if (policy.ValueKind is not JsonValueKind.Object)
        {
            fault = new FederationFault(FaultKind.InvalidPolicy, "The policy of an entity type is an object of parameters.");
            return null;
        }

        OrderedDictionary<string, ParameterPolicy> read = new(StringComparer.Ordinal);
        foreach (var member in policy.Clone().EnumerateObject())
        {
            if (ParameterPolicy.TryParse(member.Name, member.Value, operators, out fault) is not { } parameter)
            {
                return null;
            }

            if (!read.TryAdd(member.Name, parameter))
            {
                fault = new FederationFault(FaultKind.InvalidPolicy, $"{FederationFault.Quote(member.Name)} has two policies.");
                return null;
            }
        }

        fault = null;
        return new EntityTypePolicy(read);
    }

    /// <summary>Merges the policy of a subordinate into this one (OIDFed §6.1.4.1); null, with the reason, when they exclude each other.</summary>
    public EntityTypePolicy? TryMerge(EntityTypePolicy subordinate, out FederationFault? fault)
    {
        OrderedDictionary<string, ParameterPolicy> merged = new(parameters, StringComparer.Ordinal);
        foreach (var (name, below) in subordinate.parameters)
        {
            if (!merged.TryGetValue(name, out var above))
            {
                merged.Add(name, below);
            }
            else if (above.TryMerge(below, out fault) is { } both)
            {
                merged[name] = both;
            }
            else
            {
                return null;
            }
        }

        fault = null;
        return new EntityTypePolicy(merged);
    }

    /// <summary>
    /// Applies the policy to the metadata of one entity type (OIDFed §6.1.4.2); null, with the reason, when the metadata do not comply or hold a
    /// null.
    /// </summary>
    /// <param name="metadata">The metadata, from strict JSON.</param>
    /// <param name="fault">Why not.</param>
    /// <param name="trace">Takes every operator applied, in order; null costs nothing.</param>
    public JsonElement? TryApply(JsonElement metadata, out FederationFault? fault, List<PolicyStep>? trace = null)
    {
        fault = FindDefect(metadata);
        if (fault is not null)
        {
            return null;
        }

        OrderedDictionary<string, JsonElement> result = new(StringComparer.Ordinal);
        foreach (var member in metadata.EnumerateObject())
        {
            result[member.Name] = member.Value;
        }

        foreach (var (name, policy) in parameters)
        {
            var state = new ParameterState(policy, result.TryGetValue(name, out var value) ? value : null, trace);
            if (state.Run() is { } objection)
            {
                fault = new FederationFault(FaultKind.InvalidMetadata, $"{FederationFault.Quote(name)}: {objection}.");
                return null;
            }

            if (state.Current is { } current)
            {
                result[name] = current;
            }
            else
            {
                result.Remove(name);
            }
        }

        return Json.ToElement(writer => Write(writer, result));
    }

    /// <summary>Writes the policy as an object; its operators are in the order of application.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (var (name, policy) in parameters)
        {
            writer.WritePropertyName(name);
            policy.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    /// <summary>The policy as compact JSON.</summary>
    public byte[] ToUtf8Json() => Json.ToUtf8(WriteTo);

    /// <summary>OIDFed §5: metadata are an object, and no parameter is null.</summary>
    internal static FederationFault? FindDefect(JsonElement metadata)
    {
        if (metadata.ValueKind is not JsonValueKind.Object)
        {
            return new FederationFault(FaultKind.InvalidMetadata, "The metadata of an entity type are an object.");
        }

        foreach (var member in metadata.EnumerateObject())
        {
            if (member.Value.ValueKind is JsonValueKind.Null)
            {
                return new FederationFault(FaultKind.InvalidMetadata, $"{FederationFault.Quote(member.Name)}: a metadata parameter must not be null.");
            }
        }

        return null;
    }

    private static void Write(Utf8JsonWriter writer, OrderedDictionary<string, JsonElement> members)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in members)
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }

        writer.WriteEndObject();
    }
}
