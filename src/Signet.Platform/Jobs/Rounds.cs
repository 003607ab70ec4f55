using Microsoft.Extensions.Logging;

namespace Signet.Platform.Jobs;

/// <summary>A background loop that survives whatever its round throws: the database may go away and come back.</summary>
internal static class Rounds
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    /// <param name="round">Gives true when nothing is left to do for now.</param>
    public static async Task RunAsync(
        Func<CancellationToken, Task<bool>> round, Doorbell bell, TimeSpan pollEvery, TimeProvider time, ILogger log, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                if (await round(ct))
                {
                    await bell.WaitAsync(pollEvery, ct);
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                log.RoundFailed(failure);
                await Task.Delay(PauseAfterFailure, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
