namespace Signet.Server.Sessions;

/// <summary>The cookie that carries a session's secret: not readable by scripts, sent to this very host only.</summary>
internal static class SessionCookie
{
    // RFC 6265bis §4.1.3.2: browsers keep a __Host- cookie only from this very host, with Secure and Path=/.
    private const string SecureName = "__Host-signet_session";
    private const string PlainName = "signet_session";

    public static string? Read(HttpContext context) => context.Request.Cookies[Name(context)];

    public static void Write(HttpContext context, string secret, DateTimeOffset expires) =>
        context.Response.Cookies.Append(Name(context), secret, Options(context, expires));

    public static void Clear(HttpContext context) => context.Response.Cookies.Delete(Name(context), Options(context, null));

    private static string Name(HttpContext context) => context.Request.IsHttps ? SecureName : PlainName;

    private static CookieOptions Options(HttpContext context, DateTimeOffset? expires) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = context.Request.IsHttps,
        Path = "/",
        Expires = expires,
    };
}
