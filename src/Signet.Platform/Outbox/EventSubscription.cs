using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Signet.Platform.Data;
using Signet.Platform.Jobs;

namespace Signet.Platform.Outbox;

/// <summary>Somebody who is told of every event of a type, after it has committed.</summary>
/// <param name="Name">Stable dotted name: jobs that wait for the subscriber carry it.</param>
public sealed record EventSubscription(string Name, Type EventType)
{
    internal const string JobKindPrefix = "event:";
}

/// <summary>An event as a subscriber gets it. At least once: <see cref="Id"/> is what to recognise a repetition by.</summary>
public sealed record Delivered<TEvent>(Guid Id, TenantId Tenant, Origin Origin, TEvent Event, DateTimeOffset At) where TEvent : DomainEvent;

/// <summary>Which subscribers an event has.</summary>
public sealed class EventSubscriptions
{
    private readonly Dictionary<Type, string[]> names;

    public EventSubscriptions(IEnumerable<EventSubscription> subscriptions)
    {
        var all = subscriptions.ToList();
        if (all.GroupBy(s => s.Name).FirstOrDefault(g => g.Skip(1).Any()) is { } twice)
        {
            throw new InvalidOperationException($"Two subscriptions are called {twice.Key}.");
        }

        names = all.GroupBy(s => s.EventType).ToDictionary(g => g.Key, g => g.Select(s => s.Name).ToArray());
    }

    public IReadOnlyList<string> Of(DomainEvent happened) => names.TryGetValue(happened.GetType(), out var found) ? found : [];
}

public static class SubscribeToEvents
{
    /// <summary>Runs the handler as a job, with its retries and its trace, for every event of this very type.</summary>
    public static void OnEvent<TEvent>(
        this IServiceCollection services, string subscriber, Func<IServiceProvider, Delivered<TEvent>, CancellationToken, Task> handle) where TEvent : DomainEvent
    {
        services.AddSingleton(new EventSubscription(subscriber, typeof(TEvent)));
        services.OnJob<Letter>(EventSubscription.JobKindPrefix + subscriber, (scope, job, letter, ct) =>
            handle(scope, new Delivered<TEvent>(letter.Id, job.TenantId, letter.Origin, EventJson.Read<TEvent>(letter.Event), letter.At), ct));
    }

    // What the relay puts into the job.
    private sealed record Letter(Guid Id, DateTimeOffset At, Origin Origin, JsonElement Event);
}
