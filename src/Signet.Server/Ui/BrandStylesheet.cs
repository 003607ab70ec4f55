using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace Signet.Server.Ui;

/// <summary>The stylesheet a tenant's pages load after ours, as bytes made when the brand was last read, under the hash of its content.</summary>
public sealed class BrandStylesheet
{
    public const string Path = "/assets/brand.css";
    private const string Version = "v";
    private readonly byte[] css;

    public BrandStylesheet(BrandTokens tokens)
    {
        Tokens = tokens;
        css = Encoding.UTF8.GetBytes(tokens.Css);
        Hash = Convert.ToHexStringLower(SHA256.HashData(css).AsSpan(0, 8));
    }

    public BrandTokens Tokens { get; }

    public string Hash { get; }

    /// <summary>Strong: it stands for these bytes (RFC 9110 §8.8.3).</summary>
    public string ETag => $"\"{Hash}\"";

    public string HrefBehind(string pathBase) => $"{pathBase}{Path}?{Version}={Hash}";

    public async Task ServeAsync(HttpContext context)
    {
        // An address that names this content may be kept for ever; one without asks again each time.
        var headers = context.Response.Headers;
        headers.CacheControl = context.Request.Query[Version] == Hash ? "public, max-age=31536000, immutable" : "no-cache";
        headers.ETag = ETag;
        if (context.Request.Headers[HeaderNames.IfNoneMatch].ToString().Contains(ETag, StringComparison.Ordinal))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.ContentType = "text/css; charset=utf-8";
        context.Response.ContentLength = css.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(css, context.RequestAborted);
        }
    }
}
