using System.Globalization;
using System.Text;
using System.Text.Json;
using Signet.Jose;
using Signet.Platform.Http;
using Signet.Server.Agents;
using Signet.Server.SignIn;
using Signet.Server.Ui;
using Signet.Server.Workloads;

namespace Signet.Server.Console;

/// <summary>A trust policy as a form has it: rules as lines of text, so that what was typed stands there again when something is wrong with it.</summary>
public sealed record TrustPolicyForm
{
    public string Name { get; init; } = "";

    public string Issuer { get; init; } = "";

    public string Audience { get; init; } = "";

    /// <summary>One a line: <c>claim = value</c>, or <c>claim ~ pattern</c>.</summary>
    public string Rules { get; init; } = "";

    public string Jwks { get; init; } = "";

    public string JwksUri { get; init; } = "";

    public string Agent { get; init; } = "";

    public string Capabilities { get; init; } = "";

    public string Owner { get; init; } = "";

    public string Scopes { get; init; } = "";

    public string MaxSeconds { get; init; } = "900";

    public static TrustPolicyForm Of(WorkloadTrust trust) => new()
    {
        Name = trust.Name,
        Issuer = trust.Issuer,
        Audience = trust.Audience,
        Rules = string.Join('\n', trust.Rules.Select(rule => $"{rule.Claim} {(rule.IsPattern ? '~' : '=')} {rule.Value}")),
        Jwks = trust.Jwks ?? "",
        JwksUri = trust.JwksUri ?? "",
        Scopes = string.Join(' ', trust.Scopes),
        MaxSeconds = ((int)trust.MaxLife.TotalSeconds).ToString(CultureInfo.InvariantCulture),
    };

    public static TrustPolicyForm Read(IFormCollection form) => new()
    {
        Name = FormText.Of(form, "name"),
        Issuer = FormText.Of(form, "issuer").Trim(),
        Audience = FormText.Of(form, "audience").Trim(),
        Rules = FormText.Long(form, "rules"),
        Jwks = FormText.Long(form, "jwks").Trim(),
        JwksUri = FormText.Of(form, "jwks_uri").Trim(),
        Agent = FormText.Of(form, "agent").Trim(),
        Capabilities = FormText.Of(form, "capabilities"),
        Owner = FormText.Of(form, "owner").Trim(),
        Scopes = FormText.Of(form, "scopes"),
        MaxSeconds = FormText.Of(form, "max_seconds").Trim(),
    };

    /// <summary>What no request can be made of; the rest is for the use case to judge.</summary>
    public Problem? Refuse() =>
        Agent.Length > 0 && !AgentId.TryParse(Agent, null, out _) ? TrustPolicyProblems.Invalid.WithError("agentId", "is to be the id of an agent")
        : RulesOf(Rules) is null ? TrustPolicyProblems.Invalid.WithError("rules", "are to be one a line: claim = value, or claim ~ pattern")
        : Jwks.Length > 0 && StrictJson.TryParseElement(Encoding.UTF8.GetBytes(Jwks)) is null ? TrustPolicyProblems.Invalid.WithError("jwks", "is to be a JWK Set")
        : null;

    public CreateTrustPolicy.Request ToCreate() => new(
        Name, Issuer, RulesOf(Rules)!, NullIfEmpty(Audience), Keys, NullIfEmpty(JwksUri), AgentId.TryParse(Agent, null, out var agent) ? agent : null,
        Agent.Length == 0 ? new CreateTrustPolicy.BootstrapWish(Words(Capabilities), NullIfEmpty(Owner)) : null, Words(Scopes) is { Length: > 0 } scopes ? scopes : null, Seconds);

    /// <summary>Only what was changed on the form, so that a new name alone ends nothing.</summary>
    public UpdateTrustPolicy.Request ToUpdate(TrustPolicyForm shown) => new(
        Name == shown.Name ? null : Name,
        Issuer == shown.Issuer ? null : Issuer,
        Audience == shown.Audience ? null : Audience,
        Rules.ReplaceLineEndings("\n").Trim() == shown.Rules ? null : RulesOf(Rules),
        Jwks == shown.Jwks || Jwks.Length == 0 ? null : Keys,
        JwksUri == shown.JwksUri || JwksUri.Length == 0 ? null : JwksUri,
        Jwks.Length == 0 && JwksUri.Length == 0 && (shown.Jwks.Length > 0 || shown.JwksUri.Length > 0) ? true : null,
        Words(Scopes).SequenceEqual(Words(shown.Scopes)) ? null : Words(Scopes),
        MaxSeconds == shown.MaxSeconds ? null : Seconds);

    /// <summary>The API's words, each beside its field.</summary>
    public static FormErrors ErrorsOf(Problem? problem) => problem switch
    {
        null => FormErrors.None,
        { Errors: { Count: > 0 } errors } => new FormErrors([.. errors.SelectMany(field => field.Value.Distinct().Select(message => ErrorOf(field.Key, message)))]),
        _ => FormErrors.Of(problem.Title),
    };

    private JsonElement? Keys => Jwks.Length == 0 ? null : StrictJson.TryParseElement(Encoding.UTF8.GetBytes(Jwks));

    // What is no number is no length of time either, and is refused as one.
    private int Seconds => int.TryParse(MaxSeconds, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : 0;

    private static RuleView[]? RulesOf(string text)
    {
        List<RuleView> rules = [];
        foreach (var line in text.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var at = line.AsSpan().IndexOfAny('=', '~');
            if (at <= 0)
            {
                return null;
            }

            rules.Add(new RuleView(line[..at].Trim(), line[(at + 1)..].Trim(), line[at] == '~'));
        }

        return [.. rules];
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    private static string[] Words(string text) =>
        [.. text.Split([' ', ',', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];

    private static FieldError ErrorOf(string field, string message) => field switch
    {
        "agentId" => new("agent", $"Agent: {message}."),
        "bootstrap" => new("capabilities", $"The agents it may register: {message}."),
        "jwksUri" => new("jwks_uri", $"The address of the keys {message}."),
        "jwks" => new("jwks", $"The keys: {message}."),
        "maxTokenSeconds" => new("max_seconds", $"The life of a token {message} seconds."),
        "rules" or "scopes" => new(field, $"The {field} {message}."),
        _ => new(field, $"The {field} {message}."),
    };
}
