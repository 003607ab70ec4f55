using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.RegularExpressions;
using Signet.OAuth;
using Signet.Platform.Http;

namespace Signet.Server.AgentCards;

/// <summary>
/// What may stand on a card; checked as a whole, each fault under its field's name. Nothing is empty where it is there at all: readers of cards differ in
/// whether a default value belongs to what is signed (A2A §8.4.1), and over such a card they can't.
/// </summary>
public static partial class CardRules
{
    public const string DefaultBinding = "JSONRPC";
    public const string DefaultVersion = "1.0";
    public const int MostSkills = 30;

    /// <summary>A2A §4.4.6: those of the specification itself.</summary>
    public static readonly IReadOnlyList<string> Bindings = [DefaultBinding, "HTTP+JSON", "GRPC"];

    private const int MostBytes = 48 * 1024;
    private const int MostInterfaces = 10;
    private const int MostModes = 20;
    private const int MostScopes = 20;
    private const int MostTags = 10;
    private const int MostExamples = 5;
    private const int LongestUrl = 2048;

    /// <summary>Null if all of it may stand.</summary>
    /// <param name="isDevelopment">Plain http is taken to this machine.</param>
    public static Problem? Refuse(CardContent content, bool isDevelopment)
    {
        var errors = new Dictionary<string, string[]>();
        Check("name", IsText(content.Name, 200), "is to have 1 to 200 characters");
        Check("description", IsText(content.Description, 1000, lines: true), "is to have 1 to 1000 characters");
        Check("supportedInterfaces", content.SupportedInterfaces.Count is >= 1 and <= MostInterfaces, $"are to be 1 to {MostInterfaces}");
        Check("supportedInterfaces", content.SupportedInterfaces.All(one => one is not null && IsUrl(one.Url)), "each have an https URL without fragment");
        Check("supportedInterfaces", content.SupportedInterfaces.All(one => one is null || Bindings.Contains(one.ProtocolBinding)), $"each have one of the bindings {string.Join(", ", Bindings)}");
        Check("supportedInterfaces", content.SupportedInterfaces.All(one => one is null || Version().IsMatch(one.ProtocolVersion)), "each have a version such as 1.0");
        Check("supportedInterfaces", content.SupportedInterfaces.Distinct().Count() == content.SupportedInterfaces.Count, "are to be named once");
        Check("skills", content.Skills.Count is >= 1 and <= MostSkills, $"are to be 1 to {MostSkills}");
        Check("skills", content.Skills.All(IsSkill), $"each have an id of letters, digits and . _ -, a name, a description, 1 to {MostTags} tags and at most {MostExamples} examples");
        Check("skills", content.Skills.Select(skill => skill?.Id).Distinct(StringComparer.Ordinal).Count() == content.Skills.Count, "each have an id of their own");
        Check("scopes", content.Scopes.Count is >= 1 and <= MostScopes && content.Scopes.All(scope => scope is { Length: <= 200 } && ScopeSet.IsToken(scope)), $"name 1 to {MostScopes} scopes (RFC 6749 §3.3)");
        Check("provider", content.Provider is not { } provider || (IsText(provider.Organization, 200) && IsUrl(provider.Url)), "is to have an organization and an https URL");
        Check("documentationUrl", content.DocumentationUrl is null || IsUrl(content.DocumentationUrl), "is to be an https URL without fragment");
        Check("iconUrl", content.IconUrl is null || IsUrl(content.IconUrl), "is to be an https URL without fragment");
        Check("defaultInputModes", AreModes(content.DefaultInputModes), $"name 1 to {MostModes} media types such as text/plain");
        Check("defaultOutputModes", AreModes(content.DefaultOutputModes), $"name 1 to {MostModes} media types such as text/plain");
        Check("skills", errors.Count > 0 || JsonSerializer.SerializeToUtf8Bytes(content).Length <= MostBytes, $"are too long: a card has at most {MostBytes} bytes");
        return errors.Count == 0 ? null : CardProblems.Invalid with { Errors = errors };

        bool IsUrl(string? url) => IsAddress(url, isDevelopment);

        void Check(string field, bool ok, string message)
        {
            if (!ok)
            {
                errors[field] = [.. errors.GetValueOrDefault(field) ?? [], message];
            }
        }
    }

    private static bool IsSkill(CardSkill? skill) =>
        skill is not null && SkillId().IsMatch(skill.Id) && IsText(skill.Name, 200) && IsText(skill.Description, 1000, lines: true)
        && skill.Tags.Count is >= 1 and <= MostTags && skill.Tags.All(tag => IsText(tag, 64))
        && (skill.Examples is null || (skill.Examples.Count <= MostExamples && skill.Examples.All(example => IsText(example, 500))));

    private static bool IsText([NotNullWhen(true)] string? text, int most, bool lines = false) =>
        !string.IsNullOrWhiteSpace(text) && text.Length <= most && !text.Any(letter => char.IsControl(letter) && !(lines && letter is '\n'));

    private static bool IsAddress(string? url, bool isDevelopment) =>
        url is { Length: <= LongestUrl } && Uri.IsWellFormedUriString(url, UriKind.Absolute) && new Uri(url) is var uri
        && (uri.Scheme == Uri.UriSchemeHttps || (isDevelopment && uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
        && uri is { UserInfo: "", Fragment: "" } && !url.EndsWith('#');

    private static bool AreModes(IReadOnlyList<string> modes) =>
        modes.Count is >= 1 and <= MostModes && modes.All(mode => mode is { Length: <= 127 } && MediaType().IsMatch(mode));

    [GeneratedRegex(@"\A[0-9]{1,3}\.[0-9]{1,3}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Version();

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,64}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex SkillId();

    // RFC 6838 §4.2, without parameters.
    [GeneratedRegex(@"\A[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9*][a-z0-9!#$&^_.+-]*\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex MediaType();
}
