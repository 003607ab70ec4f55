using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace Signet.Testing;

/// <summary>
/// Reads every line that any server of the suite logs, from information upwards, and keeps those with a secret in them: tokens and keys of ours,
/// signed tokens, private keys, and whatever a test says is one.
/// </summary>
public sealed partial class LogWatch : ILoggerProvider, ILogger
{
    private static readonly ConcurrentDictionary<string, byte> Secrets = new(StringComparer.Ordinal);

    public static LogWatch Shared { get; } = new();

    /// <summary>The lines that say too much, each with what it was found by.</summary>
    public ConcurrentQueue<string> Found { get; } = new();

    // For whoever looks for the reason of a 500: SIGNET_TEST_LOG=1.
    private static bool Shown { get; } = Environment.GetEnvironmentVariable("SIGNET_TEST_LOG") is not null;

    /// <summary>How many lines were read.</summary>
    public int Lines => lines;

    private int lines;

    /// <summary>Has nobody log this from now on.</summary>
    public static void Hide(string secret) => Secrets.TryAdd(secret, 0);

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull
    {
        Read(state.ToString());
        return null;
    }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Interlocked.Increment(ref lines);
        Read(formatter(state, exception));
        Read(exception?.ToString());
        if (Shown && logLevel >= LogLevel.Error)
        {
            Console.Error.WriteLine($"{formatter(state, exception)} {exception}");
        }

        if (state is IEnumerable<KeyValuePair<string, object?>> fields)
        {
            foreach (var (_, value) in fields)
            {
                Read(value?.ToString());
            }
        }
    }

    public void Dispose()
    {
    }

    private void Read(string? text)
    {
        if (text is not null && (Shape().IsMatch(text) || Secrets.Keys.Any(secret => text.Contains(secret, StringComparison.Ordinal))))
        {
            Found.Enqueue(text);
        }
    }

    // Token of ours; compact JWS; private key as PEM or as JWK.
    [GeneratedRegex("""sgt_[a-z]{2,4}_[A-Za-z0-9_-]{16}|eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10}|PRIVATE KEY|"(?:d|p|q|dp|dq|qi|k)"\s*:\s*"[A-Za-z0-9_-]{20}""", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
