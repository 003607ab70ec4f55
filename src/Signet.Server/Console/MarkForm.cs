using System.Text;
using System.Text.Json;
using Signet.Platform.Http;
using Signet.Server.Federation;
using Signet.Server.SignIn;
using Signet.Server.Ui;

namespace Signet.Server.Console;

/// <summary>A trust mark about to be issued, as a form has it.</summary>
public sealed record MarkForm
{
    public string Type { get; init; } = "";

    public string Subject { get; init; } = "";

    public string ValidFor { get; init; } = "";

    public string Claims { get; init; } = "";

    public static MarkForm Read(IFormCollection form) => new()
    {
        Type = FormText.Of(form, "tmtype"),
        Subject = FormText.Of(form, "domain").Trim(),
        ValidFor = FormText.Of(form, "valid_for").Trim(),
        Claims = FormText.Long(form, "additional_claims").Trim(),
    };

    public IssueMark.Request ToRequest() => new(
        Subject, null, Type, null, ValidFor.Length == 0 ? null : int.TryParse(ValidFor, out var hours) ? hours : 0, null,
        Claims.Length == 0 ? null : Jose.StrictJson.TryParseElement(Encoding.UTF8.GetBytes(Claims)) ?? JsonSerializer.SerializeToElement(0));

    public static FormErrors ErrorsOf(Problem? problem) => problem switch
    {
        null => FormErrors.None,
        { Errors: { Count: > 0 } errors } => new FormErrors([.. errors.SelectMany(field => field.Value.Select(message => new FieldError(field.Key, $"{LabelOf(field.Key)} {message}.")))]),
        _ => FormErrors.Of(problem.Title),
    };

    private static string LabelOf(string field) => field switch
    {
        "domain" => "The subject",
        "valid_for" => "The lifetime",
        "additional_claims" => "The claims",
        _ => field,
    };
}
