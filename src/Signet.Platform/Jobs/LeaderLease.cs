using Microsoft.Extensions.Logging;
using Signet.Platform.Data;
using Signet.Platform.Jobs.Storage;

namespace Signet.Platform.Jobs;

/// <summary>
/// Lets one process at a time do something. When that process dies another takes over within twenty seconds. The work is cancelled before the lease
/// ends, but a process can be paused between its check and its act: what must happen once is decided by a row, and the lease only spares effort.
/// </summary>
public sealed class LeaderLease(Db db, TimeProvider time, ILogger<LeaderLease> log)
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(4);

    /// <summary>Runs the work whenever this process holds the lease, until the token says stop; again, should the work end or fail.</summary>
    public async Task RunAsync(string name, Func<CancellationToken, Task> work, CancellationToken ct)
    {
        var owner = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.CreateVersion7(time.GetUtcNow()):N}";
        using var never = new Doorbell();
        await Rounds.RunAsync(async round =>
        {
            using var held = CancellationTokenSource.CreateLinkedTokenSource(round);
            held.CancelAfter(Duration - Margin);
            if (await HoldAsync(name, owner, round))
            {
                log.LeaseTaken(name);
                await WorkAsync(name, owner, work, held, round);
            }

            return true;
        }, never, RenewEvery, time, log, ct);
    }

    internal Task<bool> HoldAsync(string name, string owner, CancellationToken ct) =>
        db.AsSystemAsync(tx => LeaseRows.HoldAsync(tx, name, owner, Duration, ct), ct);

    private async Task WorkAsync(string name, string owner, Func<CancellationToken, Task> work, CancellationTokenSource held, CancellationToken ct)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var renewing = RenewAsync(name, owner, held, ended.Token);
        try
        {
            await work(held.Token);
        }
        catch (OperationCanceledException) when (held.IsCancellationRequested)
        {
            // The lease was lost, or the process stops.
        }
        finally
        {
            await ended.CancelAsync();
            await renewing;
            if (held.IsCancellationRequested && !ct.IsCancellationRequested)
            {
                log.LeaseLost(name);
            }

            await db.AsSystemAsync(tx => LeaseRows.ReleaseAsync(tx, name, owner, CancellationToken.None), CancellationToken.None);
        }
    }

    // Each renewal that succeeds moves the moment at which the work is cancelled; failures just let it come.
    private async Task RenewAsync(string name, string owner, CancellationTokenSource held, CancellationToken ct)
    {
        using var never = new Doorbell();
        await never.WaitAsync(RenewEvery, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Rounds.RunAsync(async round =>
        {
            var asked = time.GetTimestamp();
            if (await HoldAsync(name, owner, round))
            {
                held.CancelAfter(Duration - Margin - time.GetElapsedTime(asked));
            }
            else
            {
                await held.CancelAsync();
            }

            return true;
        }, never, RenewEvery, time, log, ct);
    }
}
