using System.Text.Json;
using Signet.OpenIdFederation.Policy;
using Signet.OpenIdFederation.Statements;

namespace Signet.OpenIdFederation.Chains;

/// <summary>
/// A subject's metadata under its superiors, in the order of OIDFed §6.1.4.2 and §6.2.3: what the immediate superior sets, what types are
/// allowed, what the merged policy says.
/// </summary>
/// <param name="Policy">The policies of all superiors, merged.</param>
/// <param name="Metadata">The resolved metadata by entity type.</param>
public sealed record MetadataResolution(MetadataPolicy Policy, JsonElement Metadata)
{
    /// <summary>Resolves metadata; null, with the reason, when policies exclude each other or the metadata do not comply.</summary>
    /// <param name="metadata">The <c>metadata</c> of the subject's configuration; null counts as none.</param>
    /// <param name="superiors">The subordinate statements, the one about the subject first. Not verified here: also good for a preview.</param>
    /// <param name="fault">Why not.</param>
    public static MetadataResolution? TryResolve(JsonElement? metadata, IReadOnlyList<EntityStatement> superiors, out FederationFault? fault)
    {
        var merged = MetadataPolicy.Empty;
        foreach (var superior in superiors.Reverse())
        {
            if (superior.MetadataPolicy is not { } policy)
            {
                continue;
            }

            if (merged.TryMerge(policy, out fault) is not { } both)
            {
                fault = fault?.In($"metadata_policy of {FederationFault.Quote(superior.Issuer.Value)}");
                return null;
            }

            merged = both;
        }

        var allowed = Combine(metadata, superiors);
        return merged.TryApply(allowed, out fault) is { } resolved ? new MetadataResolution(merged, resolved) : null;
    }

    private static JsonElement Combine(JsonElement? metadata, IReadOnlyList<EntityStatement> superiors) => Json.ToElement(writer =>
    {
        writer.WriteStartObject();
        foreach (var type in metadata?.EnumerateObject() ?? default)
        {
            if (superiors.All(superior => superior.Constraints?.AllowsType(type.Name) ?? true))
            {
                writer.WritePropertyName(type.Name);
                Write(writer, type.Value, FindSuperior(superiors, type.Name));
            }
        }

        writer.WriteEndObject();
    });

    /// <summary>OIDFed §3: only about types the subject has said it is of, and only from the immediate superior.</summary>
    private static JsonElement? FindSuperior(IReadOnlyList<EntityStatement> superiors, string type) =>
        superiors is [{ Metadata: { } above }, ..] && above.TryGetProperty(type, out var parameters) ? parameters : null;

    private static void Write(Utf8JsonWriter writer, JsonElement own, JsonElement? above)
    {
        if (above is not { } overriding)
        {
            Json.WriteRaw(writer, own);
            return;
        }

        var overridden = overriding.EnumerateObject().Select(parameter => parameter.Name).ToHashSet(StringComparer.Ordinal);
        writer.WriteStartObject();
        foreach (var parameter in own.EnumerateObject().Where(parameter => !overridden.Contains(parameter.Name)).Concat(overriding.EnumerateObject()))
        {
            writer.WritePropertyName(parameter.Name);
            Json.WriteRaw(writer, parameter.Value);
        }

        writer.WriteEndObject();
    }
}
