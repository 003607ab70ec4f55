using System.Runtime.InteropServices;
using System.Text.Json;
using Signet.OpenIdFederation.Policy;
using Signet.Server.Permissions;

namespace Signet.Server.Federation;

/// <summary>What becomes of one entity type's metadata under the policies of its superiors, step by step: nothing is stored, nothing fetched.</summary>
public static class TryMetadataPolicy
{
    /// <param name="Policies">Of one entity type, the most superior first.</param>
    /// <param name="Metadata">Of the same entity type.</param>
    public sealed record Request(IReadOnlyList<JsonElement> Policies, JsonElement Metadata);

    /// <param name="Merged">The policy that results; null where they exclude each other.</param>
    /// <param name="Resolved">The metadata that results; null where they don't comply.</param>
    /// <param name="Error"><c>invalid_policy</c> or <c>invalid_metadata</c>; null where there is a result.</param>
    /// <param name="Steps">Every operator applied, in order.</param>
    public sealed record Answer(JsonElement? Merged, JsonElement? Resolved, string? Error, string? Detail, IReadOnlyList<PolicyStep> Steps);

    public static void Map(RouteGroupBuilder federation) =>
        federation.MapPost("/policy/apply", (Request request) => TypedResults.Ok(Run(QuestionOf(request))))
            .Requires(Permission.ReadFederation).WithSummary("Merge metadata policies and apply them to metadata.");

    // As they came: what is in a string that nobody read yet may be no text at all, which is for the policy's own reader to say.
    private static byte[] QuestionOf(Request request) =>
    [
        .. "{\"policies\":["u8,
        .. request.Policies.SelectMany((policy, at) => (byte[])[.. at == 0 ? ""u8 : ","u8, .. JsonMarshal.GetRawUtf8Value(policy)]),
        .. "],\"metadata\":"u8, .. JsonMarshal.GetRawUtf8Value(request.Metadata), .. "}"u8,
    ];

    /// <summary>The same answer as on the command line, with its steps.</summary>
    public static Answer Run(ReadOnlySpan<byte> question)
    {
        var answer = JsonElement.Parse(PolicyQuestion.Answer(question));
        return answer.TryGetProperty("error", out var error)
            ? new Answer(null, null, error.GetString(), answer.GetProperty("detail").GetString(), StepsOf(question))
            : new Answer(answer.GetProperty("merged"), answer.GetProperty("resolved"), null, null, StepsOf(question));
    }

    private static IReadOnlyList<PolicyStep> StepsOf(ReadOnlySpan<byte> question)
    {
        if (Jose.StrictJson.TryParseElement(question, PolicyQuestion.MaxBytes) is not { ValueKind: JsonValueKind.Object } read
            || !read.TryGetProperty("policies", out var policies) || policies.ValueKind is not JsonValueKind.Array || !read.TryGetProperty("metadata", out var metadata))
        {
            return [];
        }

        return PolicyQuestion.Resolve([.. policies.EnumerateArray()], metadata, PolicyOperators.Standard).Steps;
    }
}
