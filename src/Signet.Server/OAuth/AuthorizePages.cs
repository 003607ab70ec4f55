using Signet.OAuth;
using Signet.OAuth.Authorization;
using Signet.Platform.Http;
using Signet.Server.OAuth.Pages;
using Signet.Server.Tenants;
using Signet.Server.Ui;

namespace Signet.Server.OAuth;

/// <summary>How the authorization endpoint speaks: to the application by redirect or form, to the person by a page.</summary>
internal static class AuthorizePages
{
    public static Task ReplyAsync(HttpContext context, Tenant tenant, ReplyAddress to, OAuthError error) =>
        SendAsync(context, AuthorizationReply.WithError(to, tenant.Origin, error));

    public static Task SendAsync(HttpContext context, AuthorizationReply reply)
    {
        switch (reply)
        {
            case AuthorizationReply.Redirect redirect:
                // RFC 9700 §4.12: 303, so that a browser that posted does not post its form to the application too.
                context.Response.StatusCode = StatusCodes.Status303SeeOther;
                context.Response.Headers.Location = redirect.Location;
                return Task.CompletedTask;
            case AuthorizationReply.FormPost post:
                ResponseHeaders.AllowFormsTo(context, post.Action);
                return new Page<FormPostPage>(new { post.Action, post.Fields }).ExecuteAsync(context);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>RFC 6749 §4.1.2.1: where the redirect URI is not proven, the person is told and nobody else.</summary>
    public static Task ShowAsync(HttpContext context, OAuthError error) =>
        ShowAsync(context, new ErrorModel(
            "This application's request is not valid",
            error.Description,
            "Go back to the application and try again. If it happens again, its developer needs the reference below."), error.Status);

    public static Task ShowLostAsync(HttpContext context) =>
        ShowAsync(context, new ErrorModel(
            "This sign-in has run out",
            "It was begun in another browser, more than half an hour ago, or is done already.",
            "Go back to the application and sign in from there."), StatusCodes.Status400BadRequest);

    private static Task ShowAsync(HttpContext context, ErrorModel model, int status) =>
        new Page<ErrorCard>(new { Model = model with { Reference = RequestId.Of(context).Value } }, status).ExecuteAsync(context);
}
