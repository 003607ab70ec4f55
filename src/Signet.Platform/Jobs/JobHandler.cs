using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Signet.Platform.Data;

namespace Signet.Platform.Jobs;

/// <summary>What is done for one kind of job. A worker takes only jobs of kinds it has a handler for, so that an older version leaves a newer one's alone.</summary>
public sealed record JobHandler(string Kind, Func<IServiceProvider, Job, CancellationToken, Task> RunAsync);

public static class HandleJobs
{
    /// <summary>
    /// Declares the handler of a kind. It gets a scope of its own; an exception means "try again later", a payload it can't read "never".
    /// </summary>
    public static void OnJob<TPayload>(
        this IServiceCollection services, string kind, Func<IServiceProvider, Job, TPayload, CancellationToken, Task> handle) =>
        services.AddSingleton(new JobHandler(kind, (scope, job, ct) => handle(scope, job, Read<TPayload>(job), ct)));

    private static TPayload Read<TPayload>(Job job)
    {
        try
        {
            return JsonSerializer.Deserialize<TPayload>(job.Payload, ColumnJson.Options) ?? throw new UnreadablePayloadException();
        }
        catch (JsonException unreadable)
        {
            throw new UnreadablePayloadException(unreadable);
        }
    }
}

/// <summary>The payload is not what this kind's handler takes; trying again would not help.</summary>
internal sealed class UnreadablePayloadException(Exception? cause = null) : Exception("The payload is not what this kind of job takes.", cause);
