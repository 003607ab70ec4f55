using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Signet.Platform.Http;

/// <summary>
/// Proof that a form or script was served to the browser that sends it. A random cookie names the browser; the field carries
/// HMAC-SHA256(key, browser ‖ purpose), so that neither a cookie planted from another host nor a field copied from another browser is enough.
/// Needs no store: any node checks what any other made.
/// </summary>
/// <param name="key">32 bytes or more, the same on every node.</param>
/// <param name="ownOrigin">The origin a request's own pages have, from stored configuration; never from its headers.</param>
public sealed class BrowserToken(byte[] key, Func<HttpContext, string> ownOrigin)
{
    public const string Field = "_token";
    public const string Header = "X-CSRF-Token";

    // RFC 6265bis §4.1.3.2: browsers keep a __Host- cookie only from this very host, with Secure and Path=/.
    private const string SecureCookie = "__Host-signet_browser";
    private const string PlainCookie = "signet_browser";
    private const int BrowserBytes = 32;
    private const int BrowserText = 43;

    /// <summary>The value of the field, for this browser and this purpose. Gives the browser its cookie where it has none.</summary>
    public string Issue(HttpContext context, string purpose)
    {
        var browser = context.Features.Get<Browser>() ?? Find(context) ?? Begin(context);
        return Base64Url.EncodeToString(Compute(browser.Id, purpose));
    }

    /// <summary>Gives the browser a new name, so that nothing made before holds. To be called where somebody signs in or out.</summary>
    public static void Rotate(HttpContext context) => Begin(context);

    /// <summary>
    /// Null if the request comes from a page of ours. A browser that says another site is behind the request is believed at once;
    /// one that says nothing must still show the token.
    /// </summary>
    public async Task<Problem?> CheckAsync(HttpContext context, string purpose)
    {
        if (CheckOrigin(context) is { } foreign)
        {
            return foreign;
        }

        if (Find(context) is not { } browser || await SubmittedAsync(context.Request) is not { Length: > 0 } submitted)
        {
            return HttpProblems.BrowserTokenMissing;
        }

        return Matches(submitted, Compute(browser.Id, purpose)) ? null : HttpProblems.BrowserTokenRefused;
    }

    /// <summary>The half that needs no page: refuses what a browser itself calls cross-site (Fetch Metadata §2.1) or another origin (RFC 6454 §7).</summary>
    public Problem? CheckOrigin(HttpContext context)
    {
        var headers = context.Request.Headers;
        var site = headers["Sec-Fetch-Site"];
        if (site.Count > 0 && site.ToString() is not ("same-origin" or "none"))
        {
            return HttpProblems.BrowserTokenRefused;
        }

        return headers.Origin.Count is 0 || string.Equals(headers.Origin.ToString(), ownOrigin(context), StringComparison.Ordinal)
            ? null
            : HttpProblems.BrowserTokenRefused;
    }

    private static async Task<string?> SubmittedAsync(HttpRequest request)
    {
        if (request.Headers[Header] is [var value])
        {
            return value;
        }

        if (!FormBody.IsIn(request))
        {
            return null;
        }

        var form = await FormBody.ReadAsync(request, request.HttpContext.RequestAborted);
        return form[Field] is [var field] ? field : null;
    }

    private static bool Matches(string submitted, byte[] expected)
    {
        Span<byte> given = stackalloc byte[BrowserBytes];
        return submitted.Length is BrowserText
            && Base64Url.IsValid(submitted)
            && Base64Url.TryDecodeFromChars(submitted, given, out var length)
            && CryptographicOperations.FixedTimeEquals(given[..length], expected);
    }

    private static Browser? Find(HttpContext context)
    {
        var text = context.Request.Cookies[CookieName(context)];
        if (text is not { Length: BrowserText } || !Base64Url.IsValid(text))
        {
            return null;
        }

        var found = new Browser(Base64Url.DecodeFromChars(text));
        context.Features.Set(found);
        return found;
    }

    private static Browser Begin(HttpContext context)
    {
        var begun = new Browser(RandomNumberGenerator.GetBytes(BrowserBytes));
        context.Features.Set(begun);
        context.Response.Cookies.Append(CookieName(context), Base64Url.EncodeToString(begun.Id), new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Secure = context.Request.IsHttps,
            Path = "/",
        });
        return begun;
    }

    private static string CookieName(HttpContext context) => context.Request.IsHttps ? SecureCookie : PlainCookie;

    private byte[] Compute(byte[] browser, string purpose)
    {
        // The browser's part has one length, so that the two need no separator.
        var length = Encoding.UTF8.GetByteCount(purpose);
        var input = new byte[BrowserBytes + length];
        browser.CopyTo(input, 0);
        Encoding.UTF8.GetBytes(purpose, input.AsSpan(BrowserBytes));
        return HMACSHA256.HashData(key, input);
    }

    private sealed record Browser(byte[] Id);
}
