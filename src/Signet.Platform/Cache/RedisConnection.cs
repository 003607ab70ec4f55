using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Signet.Platform.Cache;

public enum RedisStatus
{
    /// <summary>None is configured.</summary>
    Disabled,
    Connected,
    Error,
}

/// <summary>
/// The one connection to Redis of this process. Redis is never needed: without it, or while it is lost, every call gives the answer named by its caller,
/// at once, and the connection comes back by itself.
/// </summary>
public sealed class RedisConnection(RedisAddress? address, ILogger<RedisConnection> log) : IHostedService, IAsyncDisposable
{
    private ConnectionMultiplexer? multiplexer;

    public RedisStatus Status => address is null ? RedisStatus.Disabled : multiplexer?.IsConnected == true ? RedisStatus.Connected : RedisStatus.Error;

    /// <summary>Runs the commands, or gives <paramref name="whenLost"/>, within half a second.</summary>
    public async ValueTask<T> AskAsync<T>(string command, Func<IDatabase, Task<T>> commands, T whenLost, CancellationToken ct)
    {
        if (multiplexer is not { IsConnected: true } connected)
        {
            return whenLost;
        }

        var sent = System.Diagnostics.Stopwatch.GetTimestamp();
        try
        {
            return await commands(connected.GetDatabase()).WaitAsync(ct);
        }
        // RedisServerException also says that it is loading its data, or out of memory: lost for our purposes.
        catch (Exception loss) when (loss is RedisException or TimeoutException or ObjectDisposedException)
        {
            log.RedisLost(address!.ToString(), loss.GetType().Name);
            return whenLost;
        }
        finally
        {
            RedisMetrics.Record(command, sent);
        }
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (address is null)
        {
            return;
        }

        var connecting = await ConnectionMultiplexer.ConnectAsync(address.ToOptions());
        connecting.ConnectionFailed += (_, lost) => log.RedisLost(address.ToString(), lost.FailureType.ToString());
        connecting.ConnectionRestored += (_, _) => log.RedisConnected(address.ToString());
        multiplexer = connecting;
        if (connecting.IsConnected)
        {
            log.RedisConnected(address.ToString());
        }
        else
        {
            log.RedisLost(address.ToString(), "no connection at the start");
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (multiplexer is not null)
        {
            await multiplexer.DisposeAsync();
        }
    }
}
