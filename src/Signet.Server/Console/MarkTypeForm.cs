using System.Text;
using System.Text.Json;
using Signet.Platform.Http;
using Signet.Server.Federation;
using Signet.Server.SignIn;
using Signet.Server.Ui;

namespace Signet.Server.Console;

/// <summary>A type of trust mark as a form has it.</summary>
public sealed record MarkTypeForm
{
    public string Type { get; init; } = "";

    public string ValidFor { get; init; } = "8760";

    public string RenewalTime { get; init; } = "48";

    public bool AutoRenew { get; init; } = true;

    public bool Active { get; init; } = true;

    public bool Requestable { get; init; }

    public bool Anyone { get; init; }

    public string LogoUri { get; init; } = "";

    public string Reference { get; init; } = "";

    public string Owner { get; init; } = "";

    public string OwnerJwks { get; init; } = "";

    public string Delegation { get; init; } = "";

    public string Issuers { get; init; } = "";

    public static MarkTypeForm Of(MarkType type) => new()
    {
        Type = type.Type,
        ValidFor = $"{type.ValidHours}",
        RenewalTime = $"{type.RenewalHours}",
        AutoRenew = type.AutoRenew,
        Active = type.Active,
        Requestable = type.Requestable,
        Anyone = type.Anyone,
        LogoUri = type.LogoUri ?? "",
        Reference = type.Reference ?? "",
        Owner = type.Owner ?? "",
        OwnerJwks = type.OwnerJwks ?? "",
        Delegation = type.Delegation ?? "",
        Issuers = string.Join('\n', type.Issuers),
    };

    public static MarkTypeForm Read(IFormCollection form) => new()
    {
        Type = FormText.Of(form, "tmtype").Trim(),
        ValidFor = FormText.Of(form, "valid_for").Trim(),
        RenewalTime = FormText.Of(form, "renewal_time").Trim(),
        AutoRenew = FormText.Of(form, "autorenew") == "true",
        Active = FormText.Of(form, "active") == "true",
        Requestable = FormText.Of(form, "requestable") == "true",
        Anyone = FormText.Of(form, "anyone") == "true",
        LogoUri = FormText.Of(form, "logo_uri").Trim(),
        Reference = FormText.Of(form, "ref").Trim(),
        Owner = FormText.Of(form, "owner").Trim(),
        OwnerJwks = FormText.Long(form, "owner_jwks").Trim(),
        Delegation = FormText.Long(form, "delegation").Trim(),
        Issuers = FormText.Long(form, "issuers"),
    };

    public SetMarkType.Request ToCreate() => new(
        Type, AutoRenew, Number(ValidFor), Number(RenewalTime), Active, OrNull(LogoUri), OrNull(Reference), OrNull(Owner), JwksOf(OwnerJwks), OrNull(Delegation), Lines, Anyone,
        null, Requestable);

    public SetMarkType.Patch ToPatch() => new(
        AutoRenew, Number(ValidFor), Number(RenewalTime), Active, LogoUri, Reference, Owner, JwksOf(OwnerJwks), Delegation, Lines, Anyone, null, Requestable);

    public static FormErrors ErrorsOf(Problem? problem) => problem switch
    {
        null => FormErrors.None,
        { Errors: { Count: > 0 } errors } => new FormErrors([.. errors.SelectMany(field => field.Value.Select(message => new FieldError(field.Key, $"{LabelOf(field.Key)} {message}.")))]),
        _ => FormErrors.Of(problem.Title),
    };

    private string[] Lines => [.. Issuers.Split([' ', ',', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];

    private static string? OrNull(string text) => text.Length == 0 ? null : text;

    // What is no number is out of every range, and so told beside its field.
    private static int Number(string text) => int.TryParse(text, out var number) ? number : 0;

    private static JsonElement? JwksOf(string text) =>
        text.Length == 0 ? null : Jose.StrictJson.TryParseElement(Encoding.UTF8.GetBytes(text)) ?? JsonSerializer.SerializeToElement(0);

    private static string LabelOf(string field) => field switch
    {
        "tmtype" => "The type",
        "valid_for" => "The lifetime",
        "renewal_time" => "The time of renewal",
        "logo_uri" => "The logo",
        "ref" => "The reference",
        "owner" => "The owner",
        "owner_jwks" => "The owner's keys:",
        "delegation" => "The delegation:",
        "issuers" => "The issuers",
        "anyone" => "Anyone",
        _ => field,
    };
}
