using System.Runtime.InteropServices;
using System.Text.Json;
using Signet.Jose;
using Signet.OpenIdFederation;
using Signet.OpenIdFederation.Policy;
using Signet.OpenIdFederation.Statements;
using Signet.Platform.Http;
using Signet.Server.Keys;

namespace Signet.Server.Federation;

/// <summary>What may be stated of a federation entity; checked as a whole, each fault under its field's name.</summary>
internal static class FederationSettingsRules
{
    private const int LongestUrl = 2048;
    private const int MostNames = 50;

    // OIDFed §5.2.2, and the endpoints of §5.1.1, which are ours to say.
    private static readonly string[] Fields =
        ["organization_name", "organization_uri", "display_name", "contacts", "logo_uri", "policy_uri", "information_uri", "endpoint_auth_signing_alg_values_supported"];

    /// <summary>Null if all of it may stand.</summary>
    public static Problem? Refuse(FederationSettings settings, EntityId self)
    {
        var errors = new FieldErrors();
        Check("organization_name", IsText(settings.OrganizationName), "is to have 1 to 200 characters");
        Check("display_name", IsText(settings.DisplayName), "is to have 1 to 200 characters");
        Check("contacts", settings.Contacts.Count <= 20 && settings.Contacts.All(one => one is not null && IsText(one)), "are at most 20 of 1 to 200 characters");
        Check("organization_uri", IsUrl(settings.OrganizationUri), "is to be an https URL");
        Check("logo_uri", IsUrl(settings.LogoUri), "is to be an https URL");
        Check("policy_uri", IsUrl(settings.PolicyUri), "is to be an https URL");
        Check("information_uri", IsUrl(settings.InformationUri), "is to be an https URL");
        Check("metadata", settings.Metadata is not { } metadata || IsFree(metadata), "is to be an object without null, without endpoints, and without what has a field of its own");
        Check("authority_hints", AreEntities(settings.AuthorityHints, self), "are to be entity identifiers, each once, and not this entity's");
        Check("trust_anchor_hints", AreEntities(settings.TrustAnchorHints, null), "are to be entity identifiers, each once");
        Check("algorithms", settings.Algorithms.Count > 0 && settings.Algorithms.All(SigningAlgorithms.All.Contains) && settings.Algorithms.Distinct().Count() == settings.Algorithms.Count,
            $"are to be of {string.Join(", ", SigningAlgorithms.All)}, each once");
        Check("key_days", settings.KeyDays is >= 7 and <= 3650, "is to be 7 to 3650");
        Check("configuration_seconds", settings.ConfigurationSeconds is >= 300 and <= 31_536_000, "is to be 300 to 31536000");
        Check("subordinate_seconds", settings.SubordinateSeconds is >= 300 and <= 31_536_000, "is to be 300 to 31536000");
        CheckClaims(settings.ExtraClaims, settings.Crit, errors);
        CheckPolicy(settings.MetadataPolicy, settings.MetadataPolicyCrit, errors);
        Check("enrolment", AreWords(settings.Enrolment.EntityTypes) && AreWords(settings.Enrolment.Hosts) && AreWords(settings.Enrolment.TrustMarks, LongestUrl),
            $"names at most {MostNames} entity types, hosts and types of trust marks");
        return errors.ToProblem(FederationProblems.SettingsInvalid);

        void Check(string field, bool ok, string message) => errors.Check(field, ok, message);
    }

    public static void CheckClaims(JsonElement? extra, IReadOnlyList<string> crit, FieldErrors errors, string field = "extra_claims")
    {
        errors.Check(field, extra is not { } claims || IsObject(claims), "is to be an object of text that can be stored");
        if (!errors.Has(field) && extra is { } named)
        {
            errors.Check(field, StatementClaims.FindProtected(named) is null, $"must not have {StatementClaims.FindProtected(named)}, which the specification defines");
        }

        // OIDFed §3: what is critical is there, and no claim of the specification.
        errors.Check("crit", crit.Distinct().Count() == crit.Count && crit.All(name => name is not null && extra is { ValueKind: JsonValueKind.Object } there && there.TryGetProperty(name, out _)),
            "names extra claims, each once");
    }

    public static void CheckPolicy(JsonElement? policy, IReadOnlyList<string> crit, FieldErrors errors)
    {
        errors.Check("metadata_policy", policy is not { } given || IsObject(given), "is to be an object of text that can be stored");
        if (!errors.Has("metadata_policy") && policy is { } document)
        {
            var ok = MetadataPolicy.TryParse(document, PolicyOperators.Standard, out var fault) is not null;
            errors.Check("metadata_policy", ok, fault?.Detail ?? "");
        }

        // OIDFed §6.1.2: only operators beyond the standard ones are listed.
        errors.Check("metadata_policy_crit", crit.Count <= MostNames && crit.All(name => name is { Length: > 0 and <= 100 } && !PolicyOperators.IsStandard(name)) && crit.Distinct().Count() == crit.Count,
            "names operators that are not standard, each once");
    }

    /// <summary>An object, read as strictly as everything that is signed: no member twice, nothing that is no text.</summary>
    public static bool IsObject(JsonElement value) =>
        value.ValueKind is JsonValueKind.Object && StrictJson.TryParseElement(JsonMarshal.GetRawUtf8Value(value)) is not null
        && !value.GetRawText().Contains("\\u0000", StringComparison.Ordinal);

    private static bool IsFree(JsonElement metadata) =>
        IsObject(metadata) && metadata.EnumerateObject().All(member =>
            !Fields.Contains(member.Name) && !member.Name.Contains("_endpoint", StringComparison.Ordinal) && member.Value.ValueKind is not JsonValueKind.Null);

    private static bool IsText(string? text) => text is null || (text.Trim().Length is >= 1 and <= 200 && !text.Any(char.IsControl));

    private static bool IsUrl(string? url) =>
        url is null || (url.Length <= LongestUrl && Uri.IsWellFormedUriString(url, UriKind.Absolute) && new Uri(url) is { Scheme: "https", UserInfo: "" });

    private static bool AreEntities(IReadOnlyList<string> ids, EntityId? self) =>
        ids.Count <= MostNames && ids.All(id => EntityId.TryParse(id) is { } entity && entity != self) && ids.Distinct().Count() == ids.Count;

    private static bool AreWords(IReadOnlyList<string>? words, int longest = 255) =>
        words is null || (words.Count <= MostNames && words.All(word => word is { Length: > 0 } && word.Length <= longest));
}

/// <summary>What is wrong with which field.</summary>
internal sealed class FieldErrors
{
    private readonly Dictionary<string, string[]> errors = [];

    public bool Has(string field) => errors.ContainsKey(field);

    public void Check(string field, bool ok, string message)
    {
        if (!ok)
        {
            errors[field] = [.. errors.GetValueOrDefault(field) ?? [], message];
        }
    }

    public Problem? ToProblem(Problem problem) => errors.Count == 0 ? null : problem with { Errors = errors };
}
