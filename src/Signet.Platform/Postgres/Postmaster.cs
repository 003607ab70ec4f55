using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Signet.Platform.Postgres;

/// <summary>
/// Runs the database server as long as we live, and again when it ends by itself. It is started and awaited on one thread of its own,
/// because the kernel's death signal goes by the thread that started it.
/// </summary>
internal sealed class Postmaster : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan FastShutdown = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly ClusterFolder folder;
    private readonly PostgresBinaries binaries;
    private readonly PrivateClusterOptions options;
    private readonly ILogger log;
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim stopping = new();
    private readonly Thread thread;

    private Postmaster(ClusterFolder folder, PostgresBinaries binaries, PrivateClusterOptions options, ILogger log)
    {
        this.folder = folder;
        this.binaries = binaries;
        this.options = options;
        this.log = log;
        thread = new Thread(Supervise) { IsBackground = true, Name = "postmaster" };
    }

    /// <summary>Returns when the server takes connections.</summary>
    public static async Task<Postmaster> StartAsync(
        ClusterFolder folder, PostgresBinaries binaries, PrivateClusterOptions options, ILogger log, CancellationToken ct)
    {
        var postmaster = new Postmaster(folder, binaries, options, log);
        postmaster.thread.Start();
        try
        {
            await postmaster.ready.Task.WaitAsync(ct);
            return postmaster;
        }
        catch
        {
            postmaster.Dispose();
            throw;
        }
    }

    /// <summary>Stops the server: transactions under way are rolled back, what was committed stays.</summary>
    public void Dispose()
    {
        if (!stopping.IsSet)
        {
            stopping.Set();
            thread.Join();
        }
    }

    private void Supervise()
    {
        var pause = TimeSpan.FromMilliseconds(100);
        var since = Stopwatch.StartNew();
        while (!stopping.IsSet)
        {
            var outcome = RunOnce();
            if (ready.Task.IsCompletedSuccessfully)
            {
                pause = outcome is null ? TimeSpan.FromMilliseconds(100) : Min(pause * 2, LongestPause);
            }
            else if (outcome is not null && (!ClusterErrors.MayPass(outcome) || since.Elapsed > options.StartTimeout))
            {
                ready.TrySetException(ClusterErrors.Explain(outcome, folder));
                return;
            }

            if (outcome is not null)
            {
                Log.DoesNotStart(log, outcome);
            }

            stopping.Wait(pause);
        }

        ready.TrySetCanceled();
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    // Null where it ran and ended; else what it said when it did not start.
    private string? RunOnce()
    {
        var said = new ConcurrentQueue<string>();
        try
        {
            Leftovers.End(folder, log);
            ClusterSettings.Write(folder, options.Durable);
            using var process = Launch.Server(folder.Account, binaries.Postgres, ["-D", folder.Cluster]);
            Listen(process, said);
            return WaitUntilReady(process, said) ? WaitUntilEnd(process) : string.Join('\n', said);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            return broken.Message;
        }
    }

    private void Listen(Process process, ConcurrentQueue<string> said)
    {
        void Hear(object sender, DataReceivedEventArgs heard)
        {
            if (heard.Data is not { Length: > 0 } line)
            {
                return;
            }

            said.Enqueue(line);
            while (said.Count > 40)
            {
                said.TryDequeue(out _);
            }

            if (line.StartsWith("PANIC:", StringComparison.Ordinal))
            {
                Log.SaidGravely(log, line);
            }
            else
            {
                Log.Said(log, line);
            }
        }

        process.ErrorDataReceived += Hear;
        process.OutputDataReceived += Hear;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    private bool WaitUntilReady(Process process, ConcurrentQueue<string> said)
    {
        var since = Stopwatch.StartNew();
        while (!IsReady())
        {
            if (process.WaitForExit(Tick))
            {
                // Once more without a limit: only then has everything it said been heard.
                process.WaitForExit();
                return false;
            }

            if (stopping.IsSet)
            {
                Stop(process);
                return false;
            }

            // Recovery takes what it takes; a server that neither ends nor speaks does not.
            if (since.Elapsed > options.StartTimeout)
            {
                said.Enqueue($"FATAL:  not ready after {options.StartTimeout.TotalSeconds:0} s");
                Stop(process);
                return false;
            }
        }

        return true;
    }

    private string? WaitUntilEnd(Process process)
    {
        Log.Started(log, folder.Root, binaries.Major);
        ready.TrySetResult();
        while (!process.WaitForExit(Tick * 10))
        {
            if (stopping.IsSet)
            {
                Stop(process);
                return null;
            }
        }

        if (!stopping.IsSet)
        {
            Log.Died(log, process.ExitCode);
        }

        return null;
    }

    private void Stop(Process process)
    {
        Posix.Signal(process.Id, Posix.Interrupt);
        if (!process.WaitForExit(FastShutdown))
        {
            Log.Forced(log);
            Posix.Signal(process.Id, Posix.Quit);
            if (!process.WaitForExit(FastShutdown))
            {
                Posix.Signal(process.Id, Posix.Kill);
            }
        }
    }

    // The eighth line of the pid file is the server's own word for how far it is.
    private bool IsReady()
    {
        try
        {
            return File.ReadLines(folder.PidFile).ElementAtOrDefault(7)?.Trim() == "ready";
        }
        catch (IOException)
        {
            return false;
        }
    }
}
