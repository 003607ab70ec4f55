using Signet.Platform.Http;
using Signet.Server.Permissions;
using Signet.Server.Tenants;
using Signet.Server.Ui;

namespace Signet.Server;

/// <summary>Refusals as a person reads them: what happened, what it means, what to do. Programs get the problem's own words.</summary>
internal static class ErrorWords
{
    public static ErrorModel Of(Problem problem, string pathBase) => problem.Code switch
    {
        _ when problem.Code == PermissionProblems.Forbidden.Code => new(
            "You don't have access to this",
            "You are signed in, but your role here does not include it.",
            "Ask an owner for a role that does.")
        {
            ActionHref = $"{pathBase}/account",
            ActionLabel = "Go to your account",
        },
        _ when problem.Code == TenantProblems.Unknown.Code => new(
            "Nobody is here by that name",
            "The name in the address is not one we know.",
            "Check it with whoever gave it to you."),
        _ when problem.Code == TenantProblems.Suspended.Code => new(
            "This tenant is suspended",
            "Nobody can sign in until it is resumed. Everything in it is kept.",
            "Ask whoever runs it for you."),
        _ when problem.Code == HttpProblems.BrowserTokenRefused.Code => new(
            "This page is out of date",
            "It was opened before you last signed in or out, so what you sent was not accepted. Nothing was changed.",
            "Go back, load the page again and repeat the last step."),
        _ when problem.Code == HttpProblems.BrowserTokenMissing.Code => new(
            "Your browser did not send its cookie",
            "Without it we can't tell that the form was yours, so nothing was changed.",
            "Allow cookies for this site, load the page again and repeat the last step."),
        _ when problem.Status == StatusCodes.Status404NotFound => new(
            "There is nothing here",
            problem.Title == HttpProblems.NotFound.Title ? "The address has a mistake in it, or what was here is gone." : problem.Title,
            "Check the address, or begin again from the start.")
        {
            ActionHref = $"{pathBase}/",
            ActionLabel = "Go to the start",
        },
        _ when problem.Status == StatusCodes.Status429TooManyRequests => new(
            "Too many tries",
            "So that nobody can guess their way in, tries are counted.",
            $"Wait {Wait(problem.RetryAfter)} and try again."),
        _ when problem.Status == StatusCodes.Status503ServiceUnavailable => new(
            "Signet can't answer right now",
            "It is not your doing. What you sent may not have been carried out.",
            $"Wait {Wait(problem.RetryAfter)} and load the page again."),
        _ when problem.Status >= StatusCodes.Status500InternalServerError => new(
            "Something went wrong on our side",
            "It is not your doing, and it is on record.",
            "Try again. If it happens again, quote the reference below to whoever runs this."),
        _ => new(
            problem.Title.TrimEnd('.'),
            problem.Detail ?? "The request could not be carried out, and nothing was changed.",
            "Go back and try again."),
    };

    private static string Wait(TimeSpan? pause) => pause is { } span && span >= TimeSpan.FromSeconds(5) ? Moments.Span(span) : "a moment";
}
