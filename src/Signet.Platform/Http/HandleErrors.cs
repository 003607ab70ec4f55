using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
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
    private const string Kestrel = "Microsoft.AspNetCore.Server.Kestrel.Core";

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

                CloseAfter(context);
                return;
            }
            catch (Exception exception)
            {
                await AnswerAsync(context, exception, log);
                return;
            }

            if (IsBare(context.Response))
            {
                if (context.Response.StatusCode is StatusCodes.Status400BadRequest or StatusCodes.Status408RequestTimeout or StatusCodes.Status413PayloadTooLarge)
                {
                    // Where a body that is to be bound could not be read, the framework says so with a bare status and throws nothing.
                    CloseAfter(context);
                }

                await WriteAsync(context, HttpProblems.Of(context.Response.StatusCode), log);
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
        if (exception.Source is Kestrel)
        {
            CloseAfter(context);
        }

        return WriteAsync(context, problem, log);
    }

    // RFC 9112 §11.2: where the body could not be read, nobody knows where the next request begins. Said to the connection and not in a header of the
    // answer, which is never sent to a client that has gone.
    private static void CloseAfter(HttpContext context)
    {
        var carriesOneAtATime = HttpProtocol.IsHttp11(context.Request.Protocol) || HttpProtocol.IsHttp10(context.Request.Protocol);
        if (carriesOneAtATime && context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true })
        {
            context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        }
    }

    // A page that is to say what went wrong may be what is wrong: then the server itself would answer, without a header or a word.
    private static async Task WriteAsync(HttpContext context, Problem problem, ILogger log)
    {
        try
        {
            await problem.ExecuteAsync(context);
        }
        catch (Exception exception) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            Log.RequestFailed(log, exception, StatusCodes.Status500InternalServerError, context.Request.Method, RouteOf(context));
            context.Response.Clear();
            ResponseHeaders.Apply(context);
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            await HttpProblems.InternalError.WriteJsonAsync(context);
        }
    }

    internal static Problem ProblemOf(Exception exception) => exception switch
    {
        BadHttpRequestException refused => BadRequests.Explain(refused),
        // A size of a chunk that no number holds.
        IOException { Source: Kestrel } => HttpProblems.InvalidInput with { Detail = "The body cannot be read." },
        UnavailableException => HttpProblems.Unavailable,
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
