using System.Text.Json.Nodes;
using Signet.Platform.Http;

namespace Signet.Server.Agents;

/// <summary>
/// Refusals of the agents API: problem+json, and in it the three members that software for agents reads: <c>code</c> in capitals, <c>message</c>,
/// and <c>details</c> with a line for each field.
/// </summary>
internal static class AgentErrors
{
    private static readonly Dictionary<string, string> Codes = new(StringComparer.Ordinal)
    {
        ["agents.not_found"] = "AGENT_NOT_FOUND",
        ["agents.credential_not_found"] = "CREDENTIAL_NOT_FOUND",
        ["agents.limit_exceeded"] = "FREE_TIER_LIMIT_EXCEEDED",
        ["agents.already_exists"] = "AGENT_ALREADY_EXISTS",
        ["agents.invalid_transition"] = "INVALID_TRANSITION",
        ["agents.authority_not_found"] = "CERTIFICATE_AUTHORITY_NOT_FOUND",
        ["agents.authority_taken"] = "CERTIFICATE_AUTHORITY_ALREADY_EXISTS",
        ["agents.certificate_taken"] = "CERTIFICATE_TAKEN",
        ["agent_cards.not_found"] = "AGENT_CARD_NOT_FOUND",
        ["approvals.not_found"] = "APPROVAL_NOT_FOUND",
        ["blueprints.not_found"] = "BLUEPRINT_NOT_FOUND",
        ["blueprints.full"] = "BLUEPRINT_FULL",
        ["blueprints.retired"] = "BLUEPRINT_RETIRED",
        ["delegations.consent_not_found"] = "CONSENT_NOT_FOUND",
        ["delegations.request_not_found"] = "CONSENT_REQUEST_NOT_FOUND",
        ["delegations.not_found"] = "DELEGATION_NOT_FOUND",
        ["trust_policies.not_found"] = "TRUST_POLICY_NOT_FOUND",
        ["trust_policies.token_not_good"] = "UNAUTHORIZED",
        ["invalid_input"] = "VALIDATION_ERROR",
        ["authentication_required"] = "UNAUTHORIZED",
    };

    public static readonly ErrorShape Shape = new((context, problem) => (problem with
    {
        CodeOnWire = Codes.GetValueOrDefault(problem.Code) ?? problem.Code.Replace('.', '_').ToUpperInvariant(),
        Extensions = ExtensionsOf(problem),
    }).WriteJsonAsync(context));

    private static Dictionary<string, JsonNode?> ExtensionsOf(Problem problem)
    {
        var extensions = new Dictionary<string, JsonNode?>(problem.Extensions ?? new Dictionary<string, JsonNode?>())
        {
            ["message"] = problem.Detail is { } detail ? $"{problem.Title} {detail}" : problem.Title,
        };
        if (problem.Errors is { } errors)
        {
            extensions["details"] = new JsonObject(errors.Select(error => KeyValuePair.Create(error.Key, (JsonNode?)string.Join("; ", error.Value))));
        }

        return extensions;
    }
}
