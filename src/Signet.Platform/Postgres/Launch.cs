using System.Diagnostics;

namespace Signet.Platform.Postgres;

/// <summary>Starts PostgreSQL's programs as the account that owns the cluster, in a session of their own and with an environment of ours.</summary>
internal static class Launch
{
    private static readonly string? SetPriv = FindTool("setpriv");
    private static readonly string? SetSid = FindTool("setsid");

    /// <summary>Runs a program to its end; its exit code and all it printed.</summary>
    public static (int Code, string Output) Run(string program, string[] arguments, OsAccount? account = null)
    {
        var start = account is null ? Plain(program, arguments) : As(account, "clear", program, arguments);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.GetAwaiter().GetResult());
    }

    /// <summary>
    /// A server that is interrupted (which to PostgreSQL means: stop fast) when the thread that starts it ends, however it ends.
    /// Ctrl-C at the terminal reaches us alone: we stop it when we need it no more.
    /// </summary>
    public static Process Server(OsAccount account, string program, string[] arguments) =>
        Process.Start(As(account, "INT", program, arguments))!;

    private static ProcessStartInfo As(OsAccount account, string deathSignal, string program, string[] arguments)
    {
        var other = account.User != Posix.EffectiveUser;
        if (SetPriv is null)
        {
            var direct = Plain(program, arguments);
            if (other)
            {
                direct.UserName = account.Name;
            }

            return direct;
        }

        string[] change = other ? ["--reuid", account.User.ToString(), "--regid", account.Group.ToString(), "--clear-groups"] : [];
        string[] wrapped = [SetPriv, "--pdeathsig", deathSignal, .. change, program, .. arguments];
        return SetSid is null ? Plain(wrapped[0], wrapped[1..]) : Plain(SetSid, wrapped);
    }

    private static ProcessStartInfo Plain(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        // Nothing of PGDATA, PGOPTIONS, LC_* and their like may bend a cluster that is ours alone.
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/local/bin:/usr/bin:/bin";
        start.Environment["LC_ALL"] = "C";
        return start;
    }

    // BusyBox has a setpriv that knows none of these options.
    private static string? FindTool(string name) =>
        new[] { "/usr/bin", "/bin" }.Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(path => File.Exists(path)
                && File.ResolveLinkTarget(path, returnFinalTarget: true)?.Name.Contains("busybox", StringComparison.Ordinal) != true);
}
