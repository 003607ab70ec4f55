namespace Signet.Platform.Http;

/// <summary>The refusals every API of ours shares. Codes are for ever.</summary>
public static class HttpProblems
{
    public static readonly Problem InvalidInput = new(400, "invalid_input", "The request is not valid.");

    public static readonly Problem AuthenticationRequired = new(401, "authentication_required", "Sign in first.");

    public static readonly Problem Forbidden = new(403, "forbidden", "This is not allowed.");

    /// <summary>A form or script of another site, or a page older than the sign-in.</summary>
    public static readonly Problem BrowserTokenRefused =
        new(403, "browser_token_refused", "This page is out of date. Load it again and repeat the last step.");

    public static readonly Problem BrowserTokenMissing =
        new(400, "browser_token_missing", "The request lacks the token of the page it comes from, or its cookie.");

    public static readonly Problem NotFound = new(404, "not_found", "There is nothing here.");

    public static readonly Problem MethodNotAllowed = new(405, "method_not_allowed", "This address does not take that method.");

    public static readonly Problem BodyTooLarge = new(413, "body_too_large", "The body of the request is too large.");

    public static readonly Problem UnsupportedMediaType = new(415, "unsupported_media_type", "This address does not read that content type.");

    public static readonly Problem RateLimited = new(429, "rate_limited", "Too many requests. Wait a moment and try again.");

    public static readonly Problem InternalError =
        new(500, "internal_error", "Something went wrong on our side. Quote the reference if you ask about it.");

    public static readonly Problem Unavailable = new(503, "unavailable", "The service is not available right now. Try again in a moment.")
    {
        RetryAfter = TimeSpan.FromSeconds(2),
    };

    /// <summary>The problem of a bare status code, for answers that have no body of their own.</summary>
    public static Problem Of(int status) => status switch
    {
        400 => InvalidInput,
        401 => AuthenticationRequired,
        403 => Forbidden,
        404 => NotFound,
        405 => MethodNotAllowed,
        413 => BodyTooLarge,
        415 => UnsupportedMediaType,
        429 => RateLimited,
        503 => Unavailable,
        >= 500 => InternalError with { Status = status },
        _ => new Problem(status, "refused", "The request was refused."),
    };
}
