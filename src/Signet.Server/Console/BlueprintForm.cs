using System.Globalization;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Server.Agents;
using Signet.Server.Governance;
using Signet.Server.SignIn;
using Signet.Server.Ui;

namespace Signet.Server.Console;

/// <summary>A blueprint as a form has it: lists as lines of text, so that what was typed stands there again when something is wrong with it.</summary>
public sealed record BlueprintForm
{
    public string Name { get; init; } = "";

    public string Description { get; init; } = "";

    public string Type { get; init; } = SnakeCase.Of(AgentType.Custom);

    public string Version { get; init; } = "1.0.0";

    public string Environment { get; init; } = SnakeCase.Of(DeploymentEnv.Production);

    public string Labels { get; init; } = "";

    public string Capabilities { get; init; } = "";

    public string Scopes { get; init; } = string.Join(' ', AgentScopes.Usual);

    public string ApprovalScopes { get; init; } = "";

    public string TokenAlgorithm { get; init; } = "ES256";

    public string TokenSeconds { get; init; } = "3600";

    public bool DpopRequired { get; init; }

    public string MonthlyTokens { get; init; } = "";

    public string LifetimeDays { get; init; } = "";

    public string AttestationDays { get; init; } = "";

    public string MaxInstances { get; init; } = "";

    public static BlueprintForm Of(Blueprint blueprint) => new()
    {
        Name = blueprint.Name,
        Description = blueprint.Description,
        Type = SnakeCase.Of(blueprint.Type),
        Version = blueprint.Version,
        Environment = SnakeCase.Of(blueprint.DeploymentEnv),
        Labels = LabelLines.Of(blueprint.Labels),
        Capabilities = string.Join('\n', blueprint.Capabilities),
        Scopes = string.Join(' ', blueprint.Scopes),
        ApprovalScopes = string.Join(' ', blueprint.ApprovalScopes),
        TokenAlgorithm = blueprint.TokenAlgorithm,
        TokenSeconds = TextOf(blueprint.TokenSeconds),
        DpopRequired = blueprint.DpopRequired,
        MonthlyTokens = TextOf(blueprint.MonthlyTokens),
        LifetimeDays = TextOf(blueprint.LifetimeDays),
        AttestationDays = TextOf(blueprint.AttestationDays),
        MaxInstances = TextOf(blueprint.MaxInstances),
    };

    public static BlueprintForm Read(IFormCollection form) => new()
    {
        Name = FormText.Of(form, "name").Trim(),
        Description = FormText.Of(form, "description").Trim(),
        Type = FormText.Of(form, "type"),
        Version = FormText.Of(form, "version").Trim(),
        Environment = FormText.Of(form, "environment"),
        Labels = FormText.Of(form, "labels"),
        Capabilities = FormText.Of(form, "capabilities"),
        Scopes = FormText.Of(form, "scopes"),
        ApprovalScopes = FormText.Of(form, "approval_scopes"),
        TokenAlgorithm = FormText.Of(form, "token_algorithm"),
        TokenSeconds = FormText.Of(form, "token_seconds").Trim(),
        DpopRequired = FormText.Of(form, "dpop_required") == "true",
        MonthlyTokens = FormText.Of(form, "monthly_tokens"),
        LifetimeDays = FormText.Of(form, "lifetime_days"),
        AttestationDays = FormText.Of(form, "attestation_days"),
        MaxInstances = FormText.Of(form, "max_instances"),
    };

    /// <summary>What no request can be made of; the rest is for the use case to judge.</summary>
    public Problem? Refuse() =>
        !SnakeCase.TryParse<AgentType>(Type, out _) ? BlueprintProblems.Invalid.WithError("agentType", "is to be one of those listed")
        : !SnakeCase.TryParse<DeploymentEnv>(Environment, out _) ? BlueprintProblems.Invalid.WithError("deploymentEnv", "is to be one of those listed")
        : LabelLines.Read(Labels) is null ? LabelLines.Refusal
        : null;

    public CreateBlueprint.Request ToCreate() => new(
        Name, AgentForm.Words(Capabilities), Description, SnakeCase.Parse<AgentType>(Type), Version, SnakeCase.Parse<DeploymentEnv>(Environment), AgentForm.Words(Scopes),
        AgentForm.Words(ApprovalScopes), TokenAlgorithm, Seconds, DpopRequired, AgentLimitsForm.NumberOf(MonthlyTokens), AgentLimitsForm.NumberOf(LifetimeDays),
        AgentLimitsForm.NumberOf(AttestationDays), LabelLines.Read(Labels), AgentLimitsForm.NumberOf(MaxInstances));

    /// <summary>Only what was changed on the form: what somebody else changed meanwhile stays.</summary>
    public UpdateBlueprint.Request ToUpdate(BlueprintForm shown) => new(
        Name == shown.Name ? null : Name,
        Description == shown.Description ? null : Description,
        Type == shown.Type ? null : SnakeCase.Parse<AgentType>(Type),
        Version == shown.Version ? null : Version,
        Changed(Capabilities, shown.Capabilities),
        Environment == shown.Environment ? null : SnakeCase.Parse<DeploymentEnv>(Environment),
        Changed(Scopes, shown.Scopes),
        Changed(ApprovalScopes, shown.ApprovalScopes),
        TokenAlgorithm == shown.TokenAlgorithm ? null : TokenAlgorithm,
        TokenSeconds == shown.TokenSeconds ? null : Seconds,
        DpopRequired == shown.DpopRequired ? null : DpopRequired,
        LabelLines.AreSame(Labels, shown.Labels) ? null : LabelLines.Read(Labels))
    {
        MonthlyTokens = Number(MonthlyTokens, shown.MonthlyTokens),
        LifetimeDays = Number(LifetimeDays, shown.LifetimeDays),
        AttestationDays = Number(AttestationDays, shown.AttestationDays),
        MaxInstances = Number(MaxInstances, shown.MaxInstances),
    };

    /// <summary>The API's words, each beside its field.</summary>
    public static FormErrors ErrorsOf(Problem? problem) => problem switch
    {
        null => FormErrors.None,
        { Errors: { Count: > 0 } errors } => new FormErrors([.. errors.SelectMany(field => field.Value.Distinct().Select(message => ErrorOf(field.Key, message)))]),
        _ => FormErrors.Of(problem.Title),
    };

    private static FieldError ErrorOf(string field, string message) => field switch
    {
        "maxInstances" => new("max_instances", $"The most agents {message}."),
        "lifetimeDays" => new("lifetime_days", $"The life of an agent {message} days."),
        "monthlyTokens" => new("monthly_tokens", $"The tokens a month: {message}."),
        _ => AgentForm.ErrorOf(field, message),
    };

    private int Seconds => int.TryParse(TokenSeconds, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : 0;

    private static string TextOf(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string[]? Changed(string now, string before) => AgentForm.Words(now).SequenceEqual(AgentForm.Words(before)) ? null : AgentForm.Words(now);

    private static Given<int> Number(string now, string before) => now.Trim() == before ? default : new Given<int>(AgentLimitsForm.NumberOf(now));
}

/// <summary>Who a new agent of a blueprint is.</summary>
public sealed record InstanceForm
{
    public string Email { get; init; } = "";

    public string Owner { get; init; } = "";

    public string Sponsor { get; init; } = "";

    public string Description { get; init; } = "";

    public string Labels { get; init; } = "";

    public bool WithCredential { get; init; } = true;

    public static InstanceForm Read(IFormCollection form) => new()
    {
        Email = FormText.Of(form, "email").Trim(),
        Owner = FormText.Of(form, "owner").Trim(),
        Sponsor = FormText.Of(form, "sponsor").Trim(),
        Description = FormText.Of(form, "description").Trim(),
        Labels = FormText.Of(form, "labels"),
        WithCredential = FormText.Of(form, "with_credential") == "true",
    };

    public Problem? Refuse() => LabelLines.Read(Labels) is null ? LabelLines.Refusal : null;

    public RegisterInstance.Request ToRequest() => new(
        Email, Owner.Length == 0 ? null : Owner, Sponsor.Length == 0 ? null : Sponsor, Description.Length == 0 ? null : Description, LabelLines.Read(Labels));
}
