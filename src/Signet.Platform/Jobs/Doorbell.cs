using Signet.Platform.Data;

namespace Signet.Platform.Jobs;

/// <summary>Wakes one loop when there may be work. Rung while nobody waits, it wakes the next wait at once.</summary>
internal sealed class Doorbell : IDisposable
{
    private readonly SemaphoreSlim rung = new(0, 1);
    private volatile bool disposed;

    public Doorbell()
    {
    }

    public Doorbell(Notifications notifications, string topic) => notifications.Subscribe(topic, _ => Ring(), Ring);

    public void Ring()
    {
        lock (rung)
        {
            if (!disposed && rung.CurrentCount == 0)
            {
                rung.Release();
            }
        }
    }

    /// <summary>Until it is rung, or for this long.</summary>
    public Task WaitAsync(TimeSpan atMost, CancellationToken ct) => rung.WaitAsync(atMost, ct);

    public void Dispose()
    {
        lock (rung)
        {
            disposed = true;
            rung.Dispose();
        }
    }
}
