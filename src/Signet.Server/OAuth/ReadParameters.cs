using Signet.OAuth;

namespace Signet.Server.OAuth;

/// <summary>Reads what a browser brings to an endpoint that takes both: the query, or a posted form (OIDC Core §3.1.2.1).</summary>
internal static class ReadParameters
{
    /// <summary>The parameters, or null after the refusal has been written.</summary>
    public static async ValueTask<OAuthParameters?> RunAsync(HttpContext context)
    {
        if (HttpMethods.IsPost(context.Request.Method))
        {
            return await ReadForm.RunAsync(context);
        }

        if (OAuthParameters.TryParse(context.Request.QueryString.Value.AsSpan(), out var parameters, out var refusal))
        {
            return parameters;
        }

        await AuthorizePages.ShowAsync(context, refusal);
        return null;
    }
}
