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
    private long trustedUntil;

    /// <summary>
    /// False while news of other nodes can be missed; copies must not be trusted then. It lapses by itself when the listener stops renewing it,
    /// so that a process that was paused, or whose connection died silently, does not answer from old copies.
    /// </summary>
    public bool Connected => Environment.TickCount64 < Volatile.Read(ref trustedUntil);

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

    /// <summary>Connected until that moment of <see cref="Environment.TickCount64"/>, or not connected; in both cases what was copied before is dropped.</summary>
    internal void SetConnected(bool value, long until = long.MaxValue)
    {
        // Lost: distrust first, then drop. Found: drop first, then trust.
        if (!value)
        {
            Volatile.Write(ref trustedUntil, 0);
        }

        foreach (var subscriber in subscribers.Values.SelectMany(s => s))
        {
            subscriber.OnLoss();
        }

        if (value)
        {
            Volatile.Write(ref trustedUntil, until);
        }
    }

    /// <summary>Nothing has been missed: what was copied may be trusted longer.</summary>
    internal void TrustUntil(long moment) => Volatile.Write(ref trustedUntil, moment);

    private sealed record Subscriber(Action<string> OnKey, Action OnLoss);
}
