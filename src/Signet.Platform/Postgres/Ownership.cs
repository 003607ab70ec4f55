using Microsoft.Extensions.Logging;
using Npgsql;

namespace Signet.Platform.Postgres;

/// <summary>The right to run a cluster, held by a lock that the kernel gives back whatever becomes of us, and the server run by it.</summary>
internal sealed class Ownership : IDisposable
{
    // A new cluster with its first write-ahead log, and some room to work.
    private const long LeastFreeSpace = 150L << 20;

    private readonly FileStream hold;
    private readonly Postmaster postmaster;

    private Ownership(FileStream hold, ClusterFolder folder, Postmaster postmaster)
    {
        this.hold = hold;
        this.postmaster = postmaster;
        Folder = folder;
    }

    public ClusterFolder Folder { get; }

    /// <summary>Null where another process has it.</summary>
    public static async Task<Ownership?> TryTakeAsync(PrivateClusterOptions options, ILogger log, CancellationToken ct)
    {
        if (TryLock(ClusterFolder.LockFile(options.DataFolder)) is not { } hold)
        {
            return null;
        }

        Postmaster? started = null;
        try
        {
            var folder = ClusterFolder.Prepare(options.DataFolder);
            var binaries = PostgresBinaries.Find(options, folder.Major);
            if (folder.Major is null)
            {
                MakeCluster(folder, binaries, options.Durable);
                Log.Made(log, folder.Root);
            }

            started = await Postmaster.StartAsync(folder, binaries, options, log, ct);
            await EnsureAccountAsync(folder, ct);
            return new Ownership(hold, folder, started);
        }
        catch (Exception failed)
        {
            started?.Dispose();
            await hold.DisposeAsync();
            throw failed is IOException or UnauthorizedAccessException
                ? new StartRefusedException($"The database in {options.DataFolder} cannot be opened: {failed.Message}", failed)
                : failed;
        }
    }

    public void Dispose()
    {
        postmaster.Dispose();
        Folder.RemoveFarSocketFolder();
        hold.Dispose();
    }

    private static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new StartRefusedException($"{path} is not ours to use: run signet as the account that made it, or as root.", denied);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    private static void MakeCluster(ClusterFolder folder, PostgresBinaries binaries, bool durable)
    {
        var free = new DriveInfo(folder.Root).AvailableFreeSpace;
        if (free < LeastFreeSpace)
        {
            throw new StartRefusedException(
                $"The disk of {folder.Root} has {free >> 20} MB left; a new database needs {LeastFreeSpace >> 20} MB.");
        }

        if (Directory.Exists(folder.Unfinished))
        {
            Directory.Delete(folder.Unfinished, recursive: true);
        }

        Check(Launch.Run(binaries.InitDb,
        [
            "-D", folder.Unfinished, "-U", PrivateCluster.Administrator, "-E", "UTF8", "--locale=C",
            "--auth-local=peer", "--auth-host=reject", "--data-checksums", "--no-instructions", "--no-sync",
        ], folder.Account), folder);
        if (durable)
        {
            Check(Launch.Run(binaries.InitDb, ["-D", folder.Unfinished, "--sync-only"], folder.Account), folder);
        }

        Directory.Move(folder.Unfinished, folder.Cluster);
    }

    private static void Check((int Code, string Output) run, ClusterFolder folder)
    {
        if (run.Code != 0)
        {
            throw ClusterErrors.Explain(run.Output, folder);
        }
    }

    // Asked for at every start: a kill may have come between the cluster and its account.
    private static async Task EnsureAccountAsync(ClusterFolder folder, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(
            PrivateCluster.ConnectionTo(folder, PrivateCluster.Administrator, PrivateCluster.Administrator) + ";Pooling=false");
        await connection.OpenAsync(ct);
        if (!await IsAsync($"select exists (select from pg_roles where rolname = '{PrivateCluster.Account}')"))
        {
            await RunAsync($"create role {PrivateCluster.Account} login createrole");
        }

        if (!await IsAsync($"select exists (select from pg_database where datname = '{PrivateCluster.Account}')"))
        {
            await RunAsync($"create database {PrivateCluster.Account} owner {PrivateCluster.Account}");
        }

        async Task<bool> IsAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            return await command.ExecuteScalarAsync(ct) is true;
        }

        async Task RunAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(ct);
        }
    }
}
