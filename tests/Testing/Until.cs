using System.Diagnostics;

namespace Signet.Testing;

/// <summary>Waits for what another process or thread is about to do. How long it takes is not what is tested: the limit only ends a test that hangs.</summary>
public static class Until
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static async Task TrueAsync(Func<Task<bool>> condition, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > Limit)
            {
                throw new TimeoutException($"Still not true after {Limit.TotalSeconds} s.");
            }

            await Task.Delay(10, ct);
        }
    }

    public static Task TrueAsync(Func<bool> condition, CancellationToken ct) => TrueAsync(() => Task.FromResult(condition()), ct);
}
