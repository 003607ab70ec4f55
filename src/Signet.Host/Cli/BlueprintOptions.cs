using System.CommandLine;
using Signet.Platform.Data;
using Signet.Server.Agents;
using Signet.Server.Governance;

namespace Signet.Host.Cli;

/// <summary>What a blueprint says, as options; where one is changed, what is not named stays, and <c>none</c> takes a limit away.</summary>
internal sealed class BlueprintOptions(bool isNew)
{
    private readonly Option<string?> name = new("--name") { Description = "What people see.", Required = isNew };
    private readonly Option<string?> description = new("--description") { Description = "Of agents that have none of their own." };
    private readonly Option<string?> type = new("--type") { Description = "screener, classifier, orchestrator, extractor, summarizer, router, monitor or custom." };
    private readonly Option<string?> version = new("--agent-version") { Description = "The semantic version of its agents." };
    private readonly Option<string?> env = new("--env") { Description = "development, staging or production." };
    private readonly Option<string[]> capabilities = new("--capability") { Description = "resource:action; repeat for more.", Required = isNew, DefaultValueFactory = _ => [] };
    private readonly Option<string[]> scopes = new("--scope") { Description = "A scope its agents may ask for; repeat for more.", DefaultValueFactory = _ => [] };
    private readonly Option<string[]> onApproval = new("--on-approval") { Description = "One of the scopes they get through a person's approval only; repeat for more.", DefaultValueFactory = _ => [] };
    private readonly Option<string[]> labels = LabelOption.Make("What they are filed under, as key:value; repeat for more.");
    private readonly Option<string?> tokens = new("--tokens") { Description = "Access tokens of each in a calendar month (UTC); none: as the tenant." };
    private readonly Option<string?> life = new("--lifetime-days") { Description = "After how many days a new agent expires; none: never." };
    private readonly Option<string?> attestation = new("--attestation-days") { Description = "How often a person has to say that each is still wanted: 1 to 366 days; none: never." };
    private readonly Option<string?> most = new("--max-instances") { Description = "Most agents of it that are not decommissioned; none: no limit." };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[name, description, type, version, env, capabilities, scopes, onApproval, labels, .. Numbers])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Null where each that is given can be read.</summary>
    public string? Fault(ParseResult parsed) =>
        parsed.GetValue(type) is { } kind && !SnakeCase.TryParse<AgentType>(kind, out _) ? "--type: is none of those that --help names."
        : parsed.GetValue(env) is { } place && !SnakeCase.TryParse<DeploymentEnv>(place, out _) ? "--env: is to be development, staging or production."
        : LabelOption.Read(parsed.GetValue(labels)!) is null ? LabelOption.Fault
        : Numbers.FirstOrDefault(option => parsed.GetValue(option) is { } text && !AgentBudgetCommand.TryRead(text, out _)) is { } wrong ? $"{wrong.Name}: is to be a number, or none."
        : null;

    public CreateBlueprint.Request ToCreate(ParseResult parsed) => new(
        parsed.GetValue(name)!, parsed.GetValue(capabilities)!, parsed.GetValue(description) ?? "", TypeOf(parsed) ?? AgentType.Custom, parsed.GetValue(version) ?? "1.0.0",
        EnvOf(parsed) ?? DeploymentEnv.Production, Words(parsed, scopes), Words(parsed, onApproval), MonthlyTokens: Number(parsed, tokens).Value,
        LifetimeDays: Number(parsed, life).Value, AttestationDays: Number(parsed, attestation).Value, Labels: LabelOption.Read(parsed.GetValue(labels)!),
        MaxInstances: Number(parsed, most).Value);

    public UpdateBlueprint.Request ToUpdate(ParseResult parsed) => new(
        parsed.GetValue(name), parsed.GetValue(description), TypeOf(parsed), parsed.GetValue(version), Words(parsed, capabilities), EnvOf(parsed), Words(parsed, scopes),
        Words(parsed, onApproval), Labels: parsed.GetValue(labels) is { Length: > 0 } given ? LabelOption.Read(given) : null)
    {
        MonthlyTokens = Number(parsed, tokens),
        LifetimeDays = Number(parsed, life),
        AttestationDays = Number(parsed, attestation),
        MaxInstances = Number(parsed, most),
    };

    private Option<string?>[] Numbers => [tokens, life, attestation, most];

    private AgentType? TypeOf(ParseResult parsed) => parsed.GetValue(type) is { } text ? SnakeCase.Parse<AgentType>(text) : null;

    private DeploymentEnv? EnvOf(ParseResult parsed) => parsed.GetValue(env) is { } text ? SnakeCase.Parse<DeploymentEnv>(text) : null;

    private static string[]? Words(ParseResult parsed, Option<string[]> option) => parsed.GetValue(option) is { Length: > 0 } words ? words : null;

    private static Given<int> Number(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) is { } text && AgentBudgetCommand.TryRead(text, out var number) ? new Given<int>(number) : default;
}
