using System.Diagnostics;

namespace Server.Tests.Cli;

/// <summary>Runs the built executable as an operator would.</summary>
internal static class SignetProcess
{
    public sealed record Result(int ExitCode, string Output, string Errors);

    public static Task<Result> RunAsync(params string[] arguments) => RunAsync([], arguments);

    public static Task<Result> RunAsync(IReadOnlyList<(string Name, string Value)> environment, params string[] arguments) =>
        AskAsync(null, environment, arguments);

    /// <param name="input">What it reads from standard input; null for none.</param>
    public static async Task<Result> AskAsync(string? input, IReadOnlyList<(string Name, string Value)> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? Environment.ProcessPath : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = input is not null,
            UseShellExecute = false,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "signet.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException late)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"signet {string.Join(' ', arguments)} did not end.", late);
        }

        return new Result(process.ExitCode, await output, await errors);
    }
}
