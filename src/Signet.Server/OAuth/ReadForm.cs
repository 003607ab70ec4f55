using System.Buffers;
using Signet.OAuth;

namespace Signet.Server.OAuth;

/// <summary>Reads the body of a protocol request: a form (RFC 6749 §3.2), of bounded size, each parameter once.</summary>
internal static class ReadForm
{
    private const int MaxBytes = 64 * 1024;
    private const string FormType = "application/x-www-form-urlencoded";

    /// <summary>The parameters, or null after the refusal has been written.</summary>
    public static async ValueTask<OAuthParameters?> RunAsync(HttpContext context)
    {
        if (!IsForm(context.Request.ContentType))
        {
            await OAuthAnswer.WriteAsync(context, OAuthError.InvalidRequest with { Description = "The body must be a form: application/x-www-form-urlencoded." });
            return null;
        }

        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            if (read.Buffer.Length > MaxBytes)
            {
                reader.AdvanceTo(read.Buffer.End);
                await OAuthAnswer.WriteAsync(context, (OAuthError.InvalidRequest with { Description = "The body is too large." }).ToUtf8Json(), StatusCodes.Status413PayloadTooLarge);
                return null;
            }

            if (!read.IsCompleted)
            {
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            var parsed = Parse(read.Buffer, out var refusal);
            reader.AdvanceTo(read.Buffer.End);
            if (parsed is null)
            {
                await OAuthAnswer.WriteAsync(context, refusal!);
            }

            return parsed;
        }
    }

    private static OAuthParameters? Parse(ReadOnlySequence<byte> body, out OAuthError? refusal)
    {
        var bytes = body.IsSingleSegment ? body.FirstSpan : body.ToArray();
        return OAuthParameters.TryParse(bytes, out var parameters, out refusal) ? parameters : null;
    }

    private static bool IsForm(string? contentType) =>
        contentType is not null
        && contentType.StartsWith(FormType, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == FormType.Length || contentType[FormType.Length] is ';' or ' ');
}
