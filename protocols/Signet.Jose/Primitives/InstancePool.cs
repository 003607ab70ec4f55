namespace Signet.Jose.Primitives;

/// <summary>
/// Lends each native key object to one thread at a time. The platform promises no thread safety for RSA and ECDSA instances
/// (OpenSSL calls concurrent use of one key safe only as long as nothing in it changes), and making one costs more than a signature.
/// </summary>
internal sealed class InstancePool<T>(Func<T> create) : IDisposable
    where T : class, IDisposable
{
    // More than cores: a thread that is preempted in the middle keeps its instance, and one made for the moment only costs more than ten signatures.
    private const int Slots = 64;

    private readonly T?[] idle = new T?[Slots];
    private volatile bool disposed;

    public T Rent()
    {
        ObjectDisposedException.ThrowIf(disposed, this);

        // Threads start at different slots, so that they seldom meet on one.
        var start = Environment.CurrentManagedThreadId;
        for (var i = 0; i < idle.Length; i++)
        {
            ref var slot = ref idle[(start + i) % idle.Length];
            if (Volatile.Read(ref slot) is not null && Interlocked.Exchange(ref slot, null) is { } instance)
            {
                return instance;
            }
        }

        return create();
    }

    public void Return(T instance)
    {
        var start = Environment.CurrentManagedThreadId;
        for (var i = 0; i < idle.Length && !disposed; i++)
        {
            if (Interlocked.CompareExchange(ref idle[(start + i) % idle.Length], instance, null) is null)
            {
                // Dispose may have swept the slots just before this one was filled.
                if (disposed)
                {
                    Sweep();
                }

                return;
            }
        }

        instance.Dispose();
    }

    public void Dispose()
    {
        disposed = true;
        Sweep();
    }

    private void Sweep()
    {
        for (var i = 0; i < idle.Length; i++)
        {
            Interlocked.Exchange(ref idle[i], null)?.Dispose();
        }
    }
}
