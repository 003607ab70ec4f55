using Microsoft.AspNetCore.Http;

namespace Signet.Platform.Http;

/// <summary>RFC 9110 §10.2.3: after how many seconds it makes sense to ask again; never none.</summary>
public static class RetryAfterHeader
{
    public static void Set(HttpResponse response, TimeSpan pause) =>
        response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(pause.TotalSeconds)).ToString();
}
