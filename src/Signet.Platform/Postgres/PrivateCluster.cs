using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Signet.Platform.Postgres;

/// <summary>
/// The embedded database: a PostgreSQL of our own under the data folder, reached by a socket only. The first process to open it runs it;
/// others connect, and take it over when the first ends. What was committed survives the death of any of them.
/// </summary>
public sealed class PrivateCluster : IAsyncDisposable
{
    /// <summary>What we connect as: owns the database, may make roles, is no superuser (superusers pass by row security).</summary>
    internal const string Account = "signet";

    /// <summary>PostgreSQL's superuser, for making the account and for people with <c>psql</c>.</summary>
    internal const string Administrator = "postgres";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan WatchPause = TimeSpan.FromMilliseconds(250);

    private readonly PrivateClusterOptions options;
    private readonly ILogger log;
    private readonly CancellationTokenSource closing = new();
    private readonly Task watch;
    private Ownership? ownership;

    private PrivateCluster(PrivateClusterOptions options, ClusterFolder folder, Ownership? ownership, ILogger log)
    {
        this.options = options;
        this.log = log;
        this.ownership = ownership;
        SocketFolder = folder.SocketFolder;
        ConnectionString = ConnectionTo(folder, Account, Account);
        AdministratorConnectionString = ConnectionTo(folder, Administrator, Administrator);
        watch = ownership is null ? WatchAsync() : Task.CompletedTask;
    }

    /// <summary>For the server, its workers and its migrations alike; there is one account.</summary>
    public string ConnectionString { get; }

    public string AdministratorConnectionString { get; }

    /// <summary>The folder of the socket, which is what <c>psql -h</c> wants.</summary>
    public string SocketFolder { get; }

    /// <summary>Whether this process runs the database, and so ends it.</summary>
    public bool Owned => ownership is not null;

    /// <summary>Makes the cluster where there is none, starts it where nobody runs it, and returns when it answers.</summary>
    /// <exception cref="StartRefusedException">Something of the machine is in the way; the message says what.</exception>
    public static async Task<PrivateCluster> OpenAsync(PrivateClusterOptions options, ILogger log, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(options.StartTimeout);
        MakeDataFolder(options.DataFolder);
        while (true)
        {
            if (await Ownership.TryTakeAsync(options, log, ct) is { } taken)
            {
                return new PrivateCluster(options, taken.Folder, taken, log);
            }

            var folder = ClusterFolder.At(options.DataFolder);
            if (await AnswersAsync(ConnectionTo(folder, Account, Account), ct))
            {
                Log.Joined(log, folder.Root);
                return new PrivateCluster(options, folder, ownership: null, log);
            }

            if (timeout.IsCancellationRequested)
            {
                throw new StartRefusedException(
                    $"Another signet process holds {ClusterFolder.LockFile(options.DataFolder)} but its database does not answer; end that process and start again.");
            }

            await Task.Delay(Pause, ct);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ownership?.Dispose();
        closing.Dispose();
    }

    internal static string ConnectionTo(ClusterFolder folder, string account, string database) => new NpgsqlConnectionStringBuilder
    {
        Host = folder.SocketFolder,
        Username = account,
        Database = database,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
    }.ConnectionString;

    private async Task WatchAsync()
    {
        while (true)
        {
            await Task.Delay(WatchPause, closing.Token);
            try
            {
                if (await Ownership.TryTakeAsync(options, log, closing.Token) is { } taken)
                {
                    ownership = taken;
                    Log.TookOver(log, taken.Folder.Root);
                    return;
                }
            }
            catch (Exception failed) when (failed is StartRefusedException or NpgsqlException or IOException)
            {
                Log.TakeOverFailed(log, failed);
            }
        }
    }

    private static async Task<bool> AnswersAsync(string connectionString, CancellationToken ct)
    {
        try
        {
            await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
            await connection.OpenAsync(ct);
            return true;
        }
        catch (NpgsqlException notYet) when (notYet is PostgresException || notYet.InnerException is SocketException or IOException)
        {
            return false;
        }
    }

    private static void MakeDataFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"The data folder {folder} cannot be made: {refused.Message}", refused);
        }
    }
}
