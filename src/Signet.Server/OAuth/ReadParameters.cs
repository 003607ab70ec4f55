using Signet.OAuth;

namespace Signet.Server.OAuth;

/// <summary>Reads what a browser brings to an endpoint that takes both: the query, or a posted form (OIDC Core §3.1.2.1). A person reads the refusal.</summary>
internal static class ReadParameters
{
    /// <summary>The parameters, or null after the refusal has been written.</summary>
    public static async ValueTask<OAuthParameters?> RunAsync(HttpContext context)
    {
        if (HttpMethods.IsPost(context.Request.Method))
        {
            switch (await ReadForm.ReadAsync(context))
            {
                case FormReading.Read read:
                    return read.Parameters;
                case FormReading.Refused refused:
                    await AuthorizePages.ShowAsync(context, refused.Error);
                    return null;
            }
        }

        if (OAuthParameters.TryParse(context.Request.QueryString.Value.AsSpan(), out var parameters, out var refusal))
        {
            return parameters;
        }

        await AuthorizePages.ShowAsync(context, refusal);
        return null;
    }
}
