using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Signet.Platform.Http;

/// <summary>
/// The one exception handler. What the caller did wrong becomes a 4xx that names it, a database that is away a 503, everything else a 500
/// whose words say nothing and whose reference leads to the log. Answers that have a status and no body get one here.
/// </summary>
public static class HandleErrors
{
    // What proxies log when the client has gone; nobody receives it.
    private const int ClientClosedRequest = 499;

    /// <summary>Comes after the headers every answer carries, before routing.</summary>
    public static IApplicationBuilder UseErrorHandler(this IApplicationBuilder app)
    {
        var log = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger("Signet.Http");
        return app.Use(next => async context =>
        {
            try
            {
                await next(context);
            }
            catch (Exception gone) when (context.RequestAborted.IsCancellationRequested && gone is OperationCanceledException or ConnectionResetException)
            {
                if (!context.Response.HasStarted)
                {
                    context.Response.StatusCode = ClientClosedRequest;
                }

                return;
            }
            catch (Exception exception)
            {
                await AnswerAsync(context, exception, log);
                return;
            }

            if (IsBare(context.Response))
            {
                await HttpProblems.Of(context.Response.StatusCode).ExecuteAsync(context);
            }
        });
    }

    private static Task AnswerAsync(HttpContext context, Exception exception, ILogger log)
    {
        var problem = ProblemOf(exception);
        if (problem.Status >= 500)
        {
            Log.RequestFailed(log, exception, problem.Status, context.Request.Method, RouteOf(context));
        }
        else
        {
            Log.RequestRefused(log, problem.Status, problem.Code, RouteOf(context));
        }

        if (context.Response.HasStarted)
        {
            // Half an answer must not look like a whole one.
            context.Abort();
            return Task.CompletedTask;
        }

        context.Response.Clear();
        ResponseHeaders.Apply(context);
        return problem.ExecuteAsync(context);
    }

    internal static Problem ProblemOf(Exception exception) => exception switch
    {
        BadHttpRequestException refused => BadRequests.Explain(refused),
        UnavailableException => HttpProblems.Unavailable,
        InvalidDataException { Source: "Microsoft.AspNetCore.WebUtilities" } => HttpProblems.InvalidInput with { Detail = "The form has too many or too long fields." },
        // Text that PostgreSQL cannot hold, such as NUL, came from the caller: we write none ourselves.
        PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter } =>
            HttpProblems.InvalidInput with { Detail = "The request contains characters that are not allowed." },
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } => HttpProblems.Unavailable,
        NpgsqlException { IsTransient: true } => HttpProblems.Unavailable,
        // A server that went away in the middle, a pool without a free connection.
        NpgsqlException { InnerException: IOException or ExternalException or TimeoutException } => HttpProblems.Unavailable,
        _ => HttpProblems.InternalError,
    };

    private static bool IsBare(HttpResponse response) =>
        response is { StatusCode: >= 400 and not ClientClosedRequest, HasStarted: false, ContentLength: null, ContentType: null };

    private static string RouteOf(HttpContext context) =>
        (context.GetEndpoint() as Microsoft.AspNetCore.Routing.RouteEndpoint)?.RoutePattern.RawText ?? "none";
}
