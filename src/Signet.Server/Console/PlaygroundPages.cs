using System.Text;
using System.Text.Json;
using Signet.Platform.Http;
using Signet.Server.Console.Pages;
using Signet.Server.Federation;
using Signet.Server.Permissions;
using Signet.Server.SignIn;
using Signet.Server.Ui;

namespace Signet.Server.Console;

/// <summary>Metadata policies tried on metadata: what results, and which operator did what. The same call as <c>signet federation policy apply</c>.</summary>
internal static class PlaygroundPages
{
    private static readonly JsonSerializerOptions Pretty = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Map(RouteGroupBuilder playground)
    {
        playground.MapGet("", () => (IResult)new Page<PlaygroundPage>()).Requires(Permission.ReadFederation);
        playground.MapPost("", ApplyAsync).Requires(Permission.ReadFederation);
    }

    public static string Indent(JsonElement element) => JsonSerializer.Serialize(element, Pretty);

    private static async Task<IResult> ApplyAsync(HttpContext context, CancellationToken ct)
    {
        var form = await FormBody.ReadAsync(context.Request, ct);
        var (policies, metadata) = (FormText.Long(form, "policies"), FormText.Long(form, "metadata"));
        var errors = new FormErrors([.. Faults(policies, metadata)]);
        if (errors.Any)
        {
            return new Page<PlaygroundPage>(new { Policies = policies, Metadata = metadata, Errors = errors }, StatusCodes.Status400BadRequest);
        }

        var answer = TryMetadataPolicy.Run(Encoding.UTF8.GetBytes($$"""{"policies":{{policies}},"metadata":{{metadata}}}"""));
        return new Page<PlaygroundPage>(new { Policies = policies, Metadata = metadata, Answer = answer });
    }

    private static IEnumerable<FieldError> Faults(string policies, string metadata)
    {
        if (Jose.StrictJson.TryParseElement(Encoding.UTF8.GetBytes(policies)) is not { ValueKind: JsonValueKind.Array })
        {
            yield return new FieldError("policies", "The policies are to be a JSON array of objects, the anchor's first.");
        }

        if (Jose.StrictJson.TryParseElement(Encoding.UTF8.GetBytes(metadata)) is not { ValueKind: JsonValueKind.Object })
        {
            yield return new FieldError("metadata", "The metadata are to be a JSON object.");
        }
    }
}
