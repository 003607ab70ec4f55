using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Signet.Platform.Data;

namespace Signet.Platform.Cache;

/// <summary>
/// Hears the news of all nodes on a connection of its own. Every answered ping extends the trust in this node's copies until a second after
/// the ping was sent; so they are out of use a second after the connection dies, however silently, and dropped before they are in use again.
/// </summary>
public sealed class NotificationListener(Database database, Db db, Notifications notifications, TimeProvider time, ILogger<NotificationListener> log)
    : BackgroundService
{
    private const int TrustMilliseconds = 1000;

    // Longer than the trust: an overloaded database makes copies useless for a while, but need not cost the connection, too.
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PingEvery = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    public const string ApplicationName = "signet listener";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var pause = TimeSpan.Zero; !stoppingToken.IsCancellationRequested;)
        {
            try
            {
                await ListenAsync(() => pause = TimeSpan.Zero, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception loss) when (loss is NpgsqlException or IOException or TimeoutException or OperationCanceledException)
            {
                log.ListenerLost(loss.GetType().Name, (loss as PostgresException)?.SqlState);
            }
            finally
            {
                notifications.SetConnected(false);
            }

            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause == TimeSpan.Zero ? TimeSpan.FromMilliseconds(50) : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
        }
    }

    private async Task ListenAsync(Action onConnected, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(ConnectionString());
        await connection.OpenAsync(ct);
        connection.Notification += (_, news) => Deliver(news.Payload);
        await using (var listen = new NpgsqlCommand($"listen \"{db.Channel}\"", connection))
        {
            await listen.ExecuteNonQueryAsync(ct);
        }

        onConnected();
        notifications.SetConnected(true, Environment.TickCount64 + TrustMilliseconds);
        log.ListenerConnected();
        await using var ping = new NpgsqlCommand("select 1", connection);
        while (true)
        {
            // PostgreSQL hands over waiting news before it says that it is ready again: an answer means that nothing sent before the ping is missing.
            var sent = Environment.TickCount64;
            using (var patience = CancellationTokenSource.CreateLinkedTokenSource(ct))
            {
                patience.CancelAfter(GiveUpAfter);
                await ping.ExecuteNonQueryAsync(patience.Token);
            }

            notifications.TrustUntil(sent + TrustMilliseconds);
            var next = PingEvery;
            while (next > TimeSpan.Zero && await connection.WaitAsync(next, ct))
            {
                next = PingEvery - TimeSpan.FromMilliseconds(Environment.TickCount64 - sent);
            }
        }
    }

    private void Deliver(string payload)
    {
        var colon = payload.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0)
        {
            notifications.Deliver(new Notification(payload[..colon], payload[(colon + 1)..]));
        }
    }

    // Outside the pool: it is held for as long as the process lives, and a dead one must not be handed on.
    private string ConnectionString() => new NpgsqlConnectionStringBuilder(database.Address.ConnectionString)
    {
        ApplicationName = ApplicationName,
        Pooling = false,
        Timeout = 5,
        // Don't wait for the answer to a cancelled ping: the connection is given up.
        CancellationTimeout = -1,
        Options = $"-c role={database.Address.ApplicationRole}",
    }.ConnectionString;
}
