using Signet.Platform.Http;
using Signet.Server.AgentCards;
using Signet.Server.Agents;
using Signet.Server.SignIn;
using Signet.Server.Ui;

namespace Signet.Server.Console;

/// <summary>A skill as a form has it: tags in one line, examples one a line.</summary>
public sealed record AgentSkillForm(string Id = "", string Name = "", string Description = "", string Tags = "", string Examples = "")
{
    internal bool IsEmpty => Id.Length + Name.Length + Description.Length + Tags.Length + Examples.Length == 0;

    internal CardSkill ToSkill() => new(Id, Name, Description, Tags.Split(',', Split), Examples.Split('\n', Split) is { Length: > 0 } lines ? lines : null);

    internal static AgentSkillForm Of(CardSkill skill) => new(
        skill.Id, skill.Name, skill.Description, string.Join(", ", skill.Tags), string.Join('\n', skill.Examples ?? []));

    private const StringSplitOptions Split = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
}

/// <summary>A card as a form has it, so that what was typed stands there again when something is wrong with it.</summary>
public sealed record AgentCardForm
{
    public bool Published { get; init; }

    public string Name { get; init; } = "";

    public string Description { get; init; } = "";

    /// <summary>One a line: the URL, with its binding and version where they are not the usual ones.</summary>
    public string Interfaces { get; init; } = "";

    public string Scopes { get; init; } = "";

    public string InputModes { get; init; } = "text/plain";

    public string OutputModes { get; init; } = "text/plain";

    public bool Streaming { get; init; }

    public bool PushNotifications { get; init; }

    public string Organization { get; init; } = "";

    public string ProviderUrl { get; init; } = "";

    public string DocumentationUrl { get; init; } = "";

    public string IconUrl { get; init; } = "";

    public IReadOnlyList<AgentSkillForm> Skills { get; init; } = [];

    /// <summary>For an agent of which nothing is stated yet.</summary>
    public static AgentCardForm Of(Agent agent) => new()
    {
        Name = agent.Email.Split('@')[0],
        Description = agent.Description,
        Scopes = string.Join(' ', agent.Scopes),
    };

    public static AgentCardForm Of(AgentCard card) => new()
    {
        Published = card.Published,
        Name = card.Content.Name,
        Description = card.Content.Description,
        Interfaces = string.Join('\n', card.Content.SupportedInterfaces.Select(LineOf)),
        Scopes = string.Join(' ', card.Content.Scopes),
        InputModes = string.Join(' ', card.Content.DefaultInputModes),
        OutputModes = string.Join(' ', card.Content.DefaultOutputModes),
        Streaming = card.Content.Capabilities.Streaming,
        PushNotifications = card.Content.Capabilities.PushNotifications,
        Organization = card.Content.Provider?.Organization ?? "",
        ProviderUrl = card.Content.Provider?.Url ?? "",
        DocumentationUrl = card.Content.DocumentationUrl ?? "",
        IconUrl = card.Content.IconUrl ?? "",
        Skills = [.. card.Content.Skills.Select(AgentSkillForm.Of)],
    };

    public static AgentCardForm Read(IFormCollection form) => new()
    {
        Published = FormText.Of(form, "published") == "true",
        Name = FormText.Of(form, "name").Trim(),
        Description = TextOf(form, "description"),
        Interfaces = TextOf(form, "interfaces"),
        Scopes = FormText.Of(form, "scopes").Trim(),
        InputModes = FormText.Of(form, "input_modes").Trim(),
        OutputModes = FormText.Of(form, "output_modes").Trim(),
        Streaming = FormText.Of(form, "streaming") == "true",
        PushNotifications = FormText.Of(form, "push_notifications") == "true",
        Organization = FormText.Of(form, "provider_organization").Trim(),
        ProviderUrl = FormText.Of(form, "provider_url").Trim(),
        DocumentationUrl = FormText.Of(form, "documentation_url").Trim(),
        IconUrl = FormText.Of(form, "icon_url").Trim(),
        // One whose fields are all empty is none, so that emptying them takes a skill away.
        Skills =
        [
            .. Enumerable.Range(0, CardRules.MostSkills + 1)
                .Select(at => new AgentSkillForm(
                    FormText.Of(form, $"skill_{at}_id").Trim(), FormText.Of(form, $"skill_{at}_name").Trim(), TextOf(form, $"skill_{at}_description"),
                    FormText.Of(form, $"skill_{at}_tags").Trim(), TextOf(form, $"skill_{at}_examples")))
                .Where(skill => !skill.IsEmpty),
        ],
    };

    public CardContent ToContent() => new(
        Name, Description, [.. Interfaces.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(InterfaceOf)],
        [.. Skills.Select(skill => skill.ToSkill())], Words(Scopes),
        Organization.Length + ProviderUrl.Length == 0 ? null : new CardProvider(Organization, ProviderUrl), NullIfEmpty(DocumentationUrl), NullIfEmpty(IconUrl),
        new CardCapabilities(Streaming, PushNotifications), Words(InputModes), Words(OutputModes));

    /// <summary>Each message beside its field.</summary>
    public static FormErrors ErrorsOf(Problem? problem) => problem switch
    {
        null => FormErrors.None,
        { Errors: { Count: > 0 } errors } => new FormErrors([.. errors.SelectMany(field => field.Value.Distinct().Select(message => ErrorOf(field.Key, message)))]),
        _ => FormErrors.Of(problem.Title),
    };

    private static string LineOf(CardInterface one) =>
        $"{(one.ProtocolBinding == CardRules.DefaultBinding ? "" : $"{one.ProtocolBinding} ")}{one.Url}{(one.ProtocolVersion == CardRules.DefaultVersion ? "" : $" {one.ProtocolVersion}")}";

    private static CardInterface InterfaceOf(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var at = Math.Max(0, Array.FindIndex(words, word => word.Contains("://", StringComparison.Ordinal)));
        return new CardInterface(
            words[at], at == 0 ? CardRules.DefaultBinding : string.Join(' ', words[..at]),
            at == words.Length - 1 ? CardRules.DefaultVersion : string.Join(' ', words[(at + 1)..]));
    }

    // RFC 1866 §8.2.1: forms end lines in two characters.
    private static string TextOf(IFormCollection form, string name) => FormText.Of(form, name).ReplaceLineEndings("\n").Trim();

    private static string[] Words(string text) => [.. text.Split([' ', ',', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    private static FieldError ErrorOf(string field, string message) => field switch
    {
        "supportedInterfaces" => new("interfaces", $"The interfaces {message}."),
        "skills" => new("skill_0_id", $"The skills {message}."),
        "provider" => new("provider_organization", $"The provider {message}."),
        "documentationUrl" => new("documentation_url", $"The documentation {message}."),
        "iconUrl" => new("icon_url", $"The icon {message}."),
        "defaultInputModes" => new("input_modes", $"What it takes: {message}."),
        "defaultOutputModes" => new("output_modes", $"What it gives: {message}."),
        "scopes" => new(field, $"The scopes: {message}."),
        _ => new(field, $"The {field} {message}."),
    };
}
