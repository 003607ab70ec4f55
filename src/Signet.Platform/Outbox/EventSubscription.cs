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

/// <summary>Somebody who may want any event, whatever its type, and is asked about each before it commits.</summary>
/// <param name="Name">Stable dotted name, like that of an <see cref="EventSubscription"/>.</param>
public sealed record EveryEventSubscription(string Name, WantEvent Wants);

/// <summary>Says whether to write an event to the outbox. Asked for every event of the installation: the usual answer must come from a copy.</summary>
/// <param name="tx">The transaction the event commits with, and the only connection to read with; null where the caller holds none.</param>
public delegate ValueTask<bool> WantEvent(RaisedEvent raised, Tx? tx, CancellationToken ct);

/// <summary>That an event has committed; what it says is in the audit record under the same id. At least once.</summary>
public sealed record EventHeard(Guid Id, TenantId Tenant, DateTimeOffset At);

/// <summary>An event as a subscriber gets it. At least once: <see cref="Id"/> is what to recognise a repetition by.</summary>
public sealed record Delivered<TEvent>(Guid Id, TenantId Tenant, Origin Origin, TEvent Event, DateTimeOffset At) where TEvent : DomainEvent;

/// <summary>Which subscribers an event has.</summary>
public sealed class EventSubscriptions
{
    private readonly Dictionary<Type, string[]> names;
    private readonly EveryEventSubscription[] every;

    public EventSubscriptions(IEnumerable<EventSubscription> subscriptions, IEnumerable<EveryEventSubscription>? everyEvent = null)
    {
        var all = subscriptions.ToList();
        every = [.. everyEvent ?? []];
        if (all.Select(s => s.Name).Concat(every.Select(s => s.Name)).GroupBy(name => name).FirstOrDefault(g => g.Skip(1).Any()) is { } twice)
        {
            throw new InvalidOperationException($"Two subscriptions are called {twice.Key}.");
        }

        names = all.GroupBy(s => s.EventType).ToDictionary(g => g.Key, g => g.Select(s => s.Name).ToArray());
    }

    /// <summary>The row that tells the event's subscribers; null where it has none, which is what most events have.</summary>
    /// <param name="tx">The transaction the event commits with; null where the caller holds no connection.</param>
    public async ValueTask<OutboxLetter?> AddressAsync(RaisedEvent raised, Tx? tx, CancellationToken ct)
    {
        var subscribers = names.TryGetValue(raised.Event.GetType(), out var typed) ? typed : [];
        foreach (var subscription in every)
        {
            if (await subscription.Wants(raised, tx, ct))
            {
                subscribers = [.. subscribers, subscription.Name];
            }
        }

        return subscribers.Length == 0 ? null : new OutboxLetter(raised, subscribers, withContent: typed is not null);
    }
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

    /// <summary>The same for every event of any type that is wanted. Nothing is written for one that is not.</summary>
    /// <param name="wants">Makes the answer from the services; asked for them at the first event, as they may need the door the event goes through.</param>
    public static void OnEveryEvent(
        this IServiceCollection services, string subscriber, Func<IServiceProvider, WantEvent> wants, Func<IServiceProvider, EventHeard, CancellationToken, Task> handle)
    {
        services.AddSingleton(provider => new EveryEventSubscription(subscriber, (raised, tx, ct) => wants(provider)(raised, tx, ct)));
        services.OnJob<Letter>(EventSubscription.JobKindPrefix + subscriber, (scope, job, letter, ct) =>
            handle(scope, new EventHeard(letter.Id, job.TenantId, letter.At), ct));
    }

    // What the relay puts into the job.
    private sealed record Letter(Guid Id, DateTimeOffset At, Origin Origin, JsonElement Event);
}
