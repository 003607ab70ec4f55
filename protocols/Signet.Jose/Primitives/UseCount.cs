namespace Signet.Jose.Primitives;

/// <summary>
/// Tells when a secret can be zeroed: after it was closed, and no earlier than the last use under way has ended. Zeroing an Edwards key
/// in the middle of a signature could give a signature that betrays it.
/// </summary>
internal sealed class UseCount
{
    private const int Closed = int.MinValue;

    private int state;

    /// <exception cref="ObjectDisposedException">The secret was closed.</exception>
    public void Enter(object owner)
    {
        while (true)
        {
            var seen = Volatile.Read(ref state);
            ObjectDisposedException.ThrowIf((seen & Closed) != 0, owner);
            if (Interlocked.CompareExchange(ref state, seen + 1, seen) == seen)
            {
                return;
            }
        }
    }

    /// <summary>Ends a use; true when it was the last one after closing, so that the caller must zero.</summary>
    public bool Leave() => Interlocked.Decrement(ref state) == Closed;

    /// <summary>Lets no further use begin; true when none is under way, so that the caller must zero. False when closed before.</summary>
    public bool Close() => Interlocked.Or(ref state, Closed) == 0;
}
