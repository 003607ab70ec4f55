using System.Globalization;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Server.Agents;
using Signet.Server.SignIn;
using Signet.Server.Ui;

namespace Signet.Server.Console;

/// <summary>An agent as a form has it: lists as lines of text, people by address, so that what was typed stands there again when something is wrong with it.</summary>
public sealed record AgentForm
{
    private const string DateFormat = "yyyy-MM-dd";

    public string Email { get; init; } = "";

    public string Type { get; init; } = SnakeCase.Of(AgentType.Custom);

    public string Version { get; init; } = "1.0.0";

    public string Description { get; init; } = "";

    public string Environment { get; init; } = SnakeCase.Of(DeploymentEnv.Production);

    public string Capabilities { get; init; } = "";

    public string Owner { get; init; } = "";

    public string Sponsor { get; init; } = "";

    public string Scopes { get; init; } = string.Join(' ', AgentScopes.Usual);

    public string ApprovalScopes { get; init; } = "";

    public string TokenAlgorithm { get; init; } = "ES256";

    public string TokenSeconds { get; init; } = "3600";

    public string ExpiresOn { get; init; } = "";

    /// <summary>One a line: <c>key:value</c>.</summary>
    public string Labels { get; init; } = "";

    /// <summary>Empty: nobody has to attest it.</summary>
    public string AttestationDays { get; init; } = "";

    public bool WithCredential { get; init; } = true;

    /// <param name="owner">Their address; the id of who is gone.</param>
    /// <param name="sponsor">Empty where there is none.</param>
    public static AgentForm Of(Agent agent, string owner, string sponsor) => new()
    {
        Email = agent.Email,
        Type = SnakeCase.Of(agent.Type),
        Version = agent.Version,
        Description = agent.Description,
        Environment = SnakeCase.Of(agent.DeploymentEnv),
        Capabilities = string.Join('\n', agent.Capabilities),
        Owner = owner,
        Sponsor = sponsor,
        Scopes = string.Join(' ', agent.Scopes),
        ApprovalScopes = string.Join(' ', agent.ApprovalScopes),
        TokenAlgorithm = agent.TokenAlgorithm,
        TokenSeconds = agent.TokenLife.TotalSeconds.ToString("0", CultureInfo.InvariantCulture),
        ExpiresOn = DateOf(agent.ExpiresAt),
        Labels = LabelLines.Of(agent.Labels),
        AttestationDays = agent.AttestationDays?.ToString(CultureInfo.InvariantCulture) ?? "",
    };

    public static AgentForm Read(IFormCollection form) => new()
    {
        Email = FormText.Of(form, "email").Trim(),
        Type = FormText.Of(form, "type"),
        Version = FormText.Of(form, "version").Trim(),
        Description = FormText.Of(form, "description").Trim(),
        Environment = FormText.Of(form, "environment"),
        Capabilities = FormText.Of(form, "capabilities"),
        Owner = FormText.Of(form, "owner").Trim(),
        Sponsor = FormText.Of(form, "sponsor").Trim(),
        Scopes = FormText.Of(form, "scopes"),
        ApprovalScopes = FormText.Of(form, "approval_scopes"),
        TokenAlgorithm = FormText.Of(form, "token_algorithm"),
        TokenSeconds = FormText.Of(form, "token_seconds"),
        ExpiresOn = FormText.Of(form, "expires_on").Trim(),
        Labels = FormText.Of(form, "labels"),
        AttestationDays = FormText.Of(form, "attestation_days").Trim(),
        WithCredential = FormText.Of(form, "with_credential") == "true",
    };

    /// <summary>What no request can be made of; the rest is for the use case to judge.</summary>
    public Problem? Refuse() =>
        !SnakeCase.TryParse<AgentType>(Type, out _) ? AgentProblems.Invalid.WithError("agentType", "is to be one of those listed")
        : !SnakeCase.TryParse<DeploymentEnv>(Environment, out _) ? AgentProblems.Invalid.WithError("deploymentEnv", "is to be one of those listed")
        : ExpiresOn.Length > 0 && ExpiresAt is null ? AgentProblems.Invalid.WithError("expiresAt", "is to be a date such as 2030-01-31")
        : LabelLines.Read(Labels) is null ? LabelLines.Refusal
        : null;

    public RegisterAgent.Request ToRegister() => new(
        Email, SnakeCase.Parse<AgentType>(Type), Version, Words(Capabilities), SnakeCase.Parse<DeploymentEnv>(Environment), NullIfEmpty(Owner), NullIfEmpty(Sponsor),
        Description, Words(Scopes), TokenAlgorithm, Seconds, ExpiresAt, Labels: LabelLines.Read(Labels),
        ApprovalScopes: Words(ApprovalScopes), AttestationDays: AgentLimitsForm.NumberOf(AttestationDays));

    /// <summary>Only what was changed on the form: what somebody else changed meanwhile stays, and so does an owner who is gone.</summary>
    public UpdateAgent.Request ToUpdate(AgentForm shown) => new(
        Type == shown.Type ? null : SnakeCase.Parse<AgentType>(Type),
        Changed(Version, shown.Version),
        Words(Capabilities).SequenceEqual(Words(shown.Capabilities)) ? null : Words(Capabilities),
        Changed(Owner, shown.Owner),
        Changed(Sponsor, shown.Sponsor),
        Environment == shown.Environment ? null : SnakeCase.Parse<DeploymentEnv>(Environment),
        Changed(Description, shown.Description),
        Words(Scopes).SequenceEqual(Words(shown.Scopes)) ? null : Words(Scopes),
        Changed(TokenAlgorithm, shown.TokenAlgorithm),
        TokenSeconds == shown.TokenSeconds ? null : Seconds,
        Labels: LabelLines.AreSame(Labels, shown.Labels) ? null : LabelLines.Read(Labels),
        ApprovalScopes: Words(ApprovalScopes).SequenceEqual(Words(shown.ApprovalScopes)) ? null : Words(ApprovalScopes))
    {
        AttestationDays = AttestationDays == shown.AttestationDays ? default : new Given<int>(AgentLimitsForm.NumberOf(AttestationDays)),
        ExpiresAt = ExpiresOn == shown.ExpiresOn ? default : new Given<DateTimeOffset>(ExpiresAt),
    };

    /// <summary>The API's words, each beside its field.</summary>
    public static FormErrors ErrorsOf(Problem? problem) => problem switch
    {
        null => FormErrors.None,
        { Errors: { Count: > 0 } errors } => new FormErrors([.. errors.SelectMany(field => field.Value.Distinct().Select(message => ErrorOf(field.Key, message)))]),
        _ when problem == AgentProblems.AlreadyExists => new FormErrors([new FieldError("email", problem.Title)]),
        _ => FormErrors.Of(problem.Title),
    };

    // The day begins in UTC, wherever who reads it is.
    private DateTimeOffset? ExpiresAt =>
        DateTimeOffset.TryParseExact(ExpiresOn, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day) ? day : null;

    // What is no number is no length of time either, and is refused as one.
    private int Seconds => int.TryParse(TokenSeconds, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : 0;

    private static string DateOf(DateTimeOffset? at) => at?.UtcDateTime.ToString(DateFormat, CultureInfo.InvariantCulture) ?? "";

    private static string? Changed(string now, string before) => now.ReplaceLineEndings("\n") == before.ReplaceLineEndings("\n") ? null : now;

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    internal static string[] Words(string text) =>
        [.. text.Split([' ', ',', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];

    internal static FieldError ErrorOf(string field, string message) => field switch
    {
        "agentType" => new("type", $"The type {message}."),
        "deploymentEnv" => new("environment", $"The environment {message}."),
        "tokenAlgorithm" => new("token_algorithm", $"Choose {message}."),
        "tokenSeconds" => new("token_seconds", $"The life of a token {message} seconds."),
        "expiresAt" => new("expires_on", $"The end {message}."),
        "attestationDays" => new("attestation_days", $"The days between attestations {message}."),
        "labels" => new("labels", $"What it is filed under {message}."),
        "approvalScopes" => new("approval_scopes", $"They {message}."),
        "capabilities" or "scopes" => new(field, message.StartsWith("is ", StringComparison.Ordinal) ? $"One {message}." : $"{char.ToUpperInvariant(message[0])}{message[1..]}."),
        "owner" or "sponsor" => new(field, $"The {field} {message}."),
        _ => new(field, $"The {(field == "email" ? "address" : field)} {message}."),
    };
}
