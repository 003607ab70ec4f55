using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Signet.Platform.Http;

/// <summary>
/// The one way to read the form of a page. Ours are URL-encoded UTF-8 and no other kind is read; what can't be read is refused with 415 or 400, where the
/// framework's own reader throws exceptions that look like bugs of ours.
/// </summary>
public static class FormBody
{
    private const string UrlEncoded = "application/x-www-form-urlencoded";

    /// <summary>Whether the body says it is such a form.</summary>
    public static bool IsIn(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals(UrlEncoded, StringComparison.OrdinalIgnoreCase)
        && IsUtf8(type);

    /// <exception cref="BadHttpRequestException">The body is no such form, or beyond the limits of one.</exception>
    public static async Task<IFormCollection> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        if (!IsIn(request))
        {
            throw new BadHttpRequestException("The body is no URL-encoded form.", StatusCodes.Status415UnsupportedMediaType);
        }

        try
        {
#pragma warning disable RS0030 // This is the reader that everybody else is to use.
            return await request.ReadFormAsync(ct);
#pragma warning restore RS0030
        }
        catch (InvalidDataException overLimit)
        {
            throw new BadHttpRequestException("The form is beyond its limits.", overLimit);
        }
    }

    internal static bool IsUtf8(MediaTypeHeaderValue type) =>
        !type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase);
}
