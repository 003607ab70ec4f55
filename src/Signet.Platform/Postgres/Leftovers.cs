using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Signet.Platform.Postgres;

/// <summary>
/// Ends what an earlier run of this cluster left behind. Called only by the holder of the cluster's lock, so that whatever still runs in its folder
/// belongs to nobody; processes are known by their working folder and never by a number in a file alone.
/// </summary>
internal static class Leftovers
{
    private static readonly TimeSpan FastShutdown = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(5);

    public static void End(ClusterFolder folder, ILogger log)
    {
        if (ReadPid(folder) is { } postmaster && RunsIn(postmaster, folder))
        {
            Log.StoppingOrphan(log, postmaster);
            Posix.Signal(postmaster, Posix.Interrupt);
            if (!WaitForEnd(postmaster, FastShutdown))
            {
                Posix.Signal(postmaster, Posix.Quit);
                WaitForEnd(postmaster, Moment);
            }
        }

        // Backends whose postmaster was killed hold its shared memory until they notice; they can commit nothing any more.
        foreach (var process in ProcessesIn(folder))
        {
            Log.EndingBackend(log, process);
            Posix.Signal(process, Posix.Kill);
            WaitForEnd(process, Moment);
        }

        File.Delete(folder.PidFile);
        foreach (var socket in Directory.EnumerateFileSystemEntries(folder.SocketFolder, ".s.PGSQL.*"))
        {
            File.Delete(socket);
        }
    }

    private static int? ReadPid(ClusterFolder folder) =>
        File.Exists(folder.PidFile) && File.ReadLines(folder.PidFile).FirstOrDefault() is { } line && int.TryParse(line, out var pid) && pid > 1 ? pid : null;

    private static IEnumerable<int> ProcessesIn(ClusterFolder folder) =>
        from entry in Directory.EnumerateDirectories("/proc")
        where int.TryParse(Path.GetFileName(entry.AsSpan()), out _)
        let pid = int.Parse(Path.GetFileName(entry.AsSpan()))
        where RunsIn(pid, folder)
        select pid;

    // Every process of a PostgreSQL server has the cluster as its working folder.
    private static bool RunsIn(int process, ClusterFolder folder)
    {
        try
        {
            return new DirectoryInfo($"/proc/{process}/cwd").LinkTarget == folder.Cluster
                && File.ReadAllText($"/proc/{process}/comm").StartsWith("postgres", StringComparison.Ordinal);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool WaitForEnd(int process, TimeSpan atMost)
    {
        var waited = Stopwatch.StartNew();
        using var never = new ManualResetEventSlim();
        while (Directory.Exists($"/proc/{process}") && !IsZombie(process))
        {
            if (waited.Elapsed > atMost)
            {
                return false;
            }

            never.Wait(TimeSpan.FromMilliseconds(10));
        }

        return true;
    }

    private static bool IsZombie(int process)
    {
        try
        {
            return File.ReadLines($"/proc/{process}/status").Any(l => l.StartsWith("State:", StringComparison.Ordinal) && l.Contains('Z', StringComparison.Ordinal));
        }
        catch (IOException)
        {
            return true;
        }
    }
}
