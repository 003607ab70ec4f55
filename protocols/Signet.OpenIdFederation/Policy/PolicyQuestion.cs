using System.Text.Json;
using Signet.Jose;

namespace Signet.OpenIdFederation.Policy;

/// <summary>
/// What becomes of one entity type's metadata under the policies of its superiors: the question behind the command line, the playground and
/// the test vectors.
/// </summary>
public static class PolicyQuestion
{
    /// <summary>Longest question read: 1 MiB.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>
    /// Answers <c>{"policies":[superior, …, immediate], "metadata":{…}}</c> with <c>{"merged":…, "resolved":…}</c>, or with
    /// <c>{"error":"invalid_policy"|"invalid_metadata", "detail":"…"}</c>. Never throws, whatever the bytes.
    /// </summary>
    public static byte[] Answer(ReadOnlySpan<byte> line, PolicyOperators? operators = null)
    {
        if (line.Length > MaxBytes)
        {
            return Refusal(new FederationFault(FaultKind.InvalidPolicy, $"The question is longer than {MaxBytes} bytes."));
        }

        if (StrictJson.TryParseElement(line, MaxBytes) is not { ValueKind: JsonValueKind.Object } question)
        {
            return Refusal(new FederationFault(FaultKind.InvalidPolicy, "The question is no JSON object, or has a member twice."));
        }

        if (!question.TryGetProperty("policies", out var policies) || policies.ValueKind is not JsonValueKind.Array)
        {
            return Refusal(new FederationFault(FaultKind.InvalidPolicy, "policies is an array of policies, the most superior first."));
        }

        if (!question.TryGetProperty("metadata", out var metadata))
        {
            return Refusal(new FederationFault(FaultKind.InvalidMetadata, "metadata is missing."));
        }

        var answer = Resolve([.. policies.EnumerateArray()], metadata, operators ?? PolicyOperators.Standard, steps: null);
        return answer switch
        {
            { Merged: { } merged, Resolved: { } resolved } => Json.ToUtf8(writer =>
            {
                writer.WriteStartObject();
                writer.WritePropertyName("merged"u8);
                merged.WriteTo(writer);
                writer.WritePropertyName("resolved"u8);
                resolved.WriteTo(writer);
                writer.WriteEndObject();
            }),
            _ => Refusal(answer.Fault!),
        };
    }

    /// <summary>Merges the policies, the most superior first, and applies the result, keeping every step.</summary>
    public static PolicyAnswer Resolve(IReadOnlyList<JsonElement> policies, JsonElement metadata, PolicyOperators operators) =>
        Resolve(policies, metadata, operators, []);

    private static PolicyAnswer Resolve(IReadOnlyList<JsonElement> policies, JsonElement metadata, PolicyOperators operators, List<PolicyStep>? steps)
    {
        var merged = EntityTypePolicy.Empty;
        foreach (var element in policies)
        {
            if (EntityTypePolicy.TryParse(element, operators, out var malformed) is not { } policy)
            {
                return new PolicyAnswer(null, null, malformed, []);
            }

            if (merged.TryMerge(policy, out var conflict) is not { } both)
            {
                return new PolicyAnswer(null, null, conflict, []);
            }

            merged = both;
        }

        var resolved = merged.TryApply(metadata, out var fault, steps);
        return new PolicyAnswer(merged, resolved, fault, steps ?? []);
    }

    private static byte[] Refusal(FederationFault fault) => Json.ToUtf8(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("error"u8, fault.Kind is FaultKind.InvalidMetadata ? "invalid_metadata" : "invalid_policy");
        writer.WriteString("detail"u8, fault.Detail);
        writer.WriteEndObject();
    });
}

/// <summary>An answer to a <see cref="PolicyQuestion"/>.</summary>
/// <param name="Merged">The merged policy; null when the policies are malformed or exclude each other.</param>
/// <param name="Resolved">The metadata that result; null when they do not comply.</param>
/// <param name="Fault">Why something is null.</param>
/// <param name="Steps">Every operator applied, in order.</param>
public sealed record PolicyAnswer(EntityTypePolicy? Merged, JsonElement? Resolved, FederationFault? Fault, IReadOnlyList<PolicyStep> Steps);
