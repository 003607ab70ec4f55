using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Signet.Platform.Cache;

/// <summary>
/// Never holds more than its capacity. Reads take no lock; room is made by those who add, who take out what was not read since it was last looked at
/// (second chance).
/// </summary>
public sealed class BoundedMap<TKey, TValue>(int capacity) where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Slot> slots = new();
    private readonly ConcurrentQueue<TKey> hand = new();
    private int queued;

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (!slots.TryGetValue(key, out var slot))
        {
            value = default;
            return false;
        }

        // Written only when it changes, so that readers of a hot entry don't fight for its cache line.
        if (!slot.Touched)
        {
            slot.Touched = true;
        }

        value = slot.Value;
        return true;
    }

    public void Set(TKey key, TValue value) => TryReplace(key, value, static _ => true);

    /// <summary>Puts the value where there is none, or one that may go; true for exactly one of several who try at once.</summary>
    public bool TryReplace(TKey key, TValue value, Func<TValue, bool> mayGo)
    {
        var slot = new Slot(value);
        while (true)
        {
            if (slots.TryAdd(key, slot))
            {
                hand.Enqueue(key);
                Interlocked.Increment(ref queued);
                MakeRoom();
                return true;
            }

            if (slots.TryGetValue(key, out var old))
            {
                if (!mayGo(old.Value))
                {
                    return false;
                }

                if (slots.TryUpdate(key, slot, old))
                {
                    return true;
                }
            }
        }
    }

    /// <summary>Its place in the queue is kept until its turn comes; the queue, not the map, is what is counted.</summary>
    public void Remove(TKey key) => slots.TryRemove(key, out _);

    /// <summary>As <see cref="Remove"/>, for all.</summary>
    public void Clear() => slots.Clear();

    private void MakeRoom()
    {
        while (Volatile.Read(ref queued) > capacity && hand.TryDequeue(out var key))
        {
            if (slots.TryGetValue(key, out var slot) && slot.Touched)
            {
                slot.Touched = false;
                hand.Enqueue(key);
                continue;
            }

            slots.TryRemove(key, out _);
            Interlocked.Decrement(ref queued);
        }
    }

    private sealed class Slot(TValue value)
    {
        public readonly TValue Value = value;
        public bool Touched;
    }
}
