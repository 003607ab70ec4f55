using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Server.Tests.BadInput;

/// <summary>Keeps what a server logs as a warning or worse, from whatever category, with its exception.</summary>
public sealed class LoudLog : ILoggerProvider
{
    private readonly ConcurrentQueue<string> records = new();

    public IReadOnlyList<string> Records => [.. records];

    public ILogger CreateLogger(string categoryName) => new Logger(records, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(ConcurrentQueue<string> records, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                records.Enqueue($"{logLevel} {category}: {formatter(state, exception)} {exception}");
            }
        }
    }
}
