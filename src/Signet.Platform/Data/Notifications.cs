using System.Collections.Concurrent;

namespace Signet.Platform.Data;

/// <summary>News between nodes, sent by <c>NOTIFY</c> with the transaction it tells of: a topic and the key that changed.</summary>
public readonly record struct Notification(string Topic, string Key);

/// <summary>
/// Hands news to those who keep copies. The node that commits hears its own news before its caller goes on; the others by the listener, within a moment.
/// </summary>
public sealed class Notifications
{
    private readonly ConcurrentDictionary<string, ConcurrentBag<Subscriber>> subscribers = new(StringComparer.Ordinal);
    private volatile bool connected;

    /// <summary>False while news of other nodes can be missed; copies must not be trusted then.</summary>
    public bool Connected => connected;

    /// <param name="onKey">Called with the key that changed; must be quick and must not throw.</param>
    /// <param name="onLoss">Called when news may have been missed: drop everything.</param>
    public void Subscribe(string topic, Action<string> onKey, Action onLoss) =>
        subscribers.GetOrAdd(topic, _ => []).Add(new Subscriber(onKey, onLoss));

    internal void Deliver(Notification news)
    {
        if (subscribers.TryGetValue(news.Topic, out var interested))
        {
            foreach (var subscriber in interested)
            {
                subscriber.OnKey(news.Key);
            }
        }
    }

    internal void SetConnected(bool value)
    {
        connected = value;
        foreach (var subscriber in subscribers.Values.SelectMany(s => s))
        {
            subscriber.OnLoss();
        }
    }

    private sealed record Subscriber(Action<string> OnKey, Action OnLoss);
}
