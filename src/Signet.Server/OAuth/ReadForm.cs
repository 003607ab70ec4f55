using System.Buffers;
using Signet.OAuth;

namespace Signet.Server.OAuth;

/// <summary>What came of reading a form.</summary>
internal abstract record FormReading
{
    private FormReading()
    {
    }

    public sealed record Read(OAuthParameters Parameters) : FormReading;

    public sealed record Refused(OAuthError Error) : FormReading;
}

/// <summary>Reads the body of a protocol request: a form (RFC 6749 §3.2), of bounded size, each parameter once.</summary>
internal static class ReadForm
{
    private const int MaxBytes = 64 * 1024;
    private const string FormType = "application/x-www-form-urlencoded";

    private static readonly OAuthError NoForm = OAuthError.InvalidRequest with { Description = "The body must be a form: application/x-www-form-urlencoded." };

    private static readonly OAuthError TooLarge =
        OAuthError.InvalidRequest with { Status = StatusCodes.Status413PayloadTooLarge, Description = "The body is too large." };

    /// <summary>The parameters, or null after the refusal has been written.</summary>
    public static async ValueTask<OAuthParameters?> RunAsync(HttpContext context)
    {
        switch (await ReadAsync(context))
        {
            case FormReading.Read read:
                return read.Parameters;
            case FormReading.Refused refused:
                await OAuthAnswer.WriteAsync(context, refused.Error);
                return null;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>The same for an endpoint that says no in its own way.</summary>
    public static async ValueTask<FormReading> ReadAsync(HttpContext context)
    {
        if (!IsForm(context.Request.ContentType))
        {
            return new FormReading.Refused(NoForm);
        }

        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            if (read.Buffer.Length > MaxBytes)
            {
                reader.AdvanceTo(read.Buffer.End);
                return new FormReading.Refused(TooLarge);
            }

            if (!read.IsCompleted)
            {
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            var parsed = Parse(read.Buffer);
            reader.AdvanceTo(read.Buffer.End);
            return parsed;
        }
    }

    private static FormReading Parse(ReadOnlySequence<byte> body)
    {
        var bytes = body.IsSingleSegment ? body.FirstSpan : body.ToArray();
        return OAuthParameters.TryParse(bytes, out var parameters, out var refusal) ? new FormReading.Read(parameters) : new FormReading.Refused(refusal);
    }

    private static bool IsForm(string? contentType) =>
        contentType is not null
        && contentType.StartsWith(FormType, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == FormType.Length || contentType[FormType.Length] is ';' or ' ');
}
