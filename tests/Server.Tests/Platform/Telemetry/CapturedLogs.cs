using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Server.Tests.Platform.Telemetry;

/// <summary>What the console would have been given, line by line, through the real formatter and the real filters.</summary>
public sealed class CapturedLogs(ConsoleFormatter formatter) : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<string> lines = new();
    private readonly ConsoleFormatter format = formatter;
    private IExternalScopeProvider? scopes;

    public IReadOnlyList<string> Lines => [.. lines];

    public IEnumerable<string> LinesOf(string category) => lines.Where(line => line.Contains($"\"category\":\"{category}\"", StringComparison.Ordinal));

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => scopes = scopeProvider;

    public void Dispose()
    {
    }

    private sealed class Logger(CapturedLogs logs, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => logs.scopes?.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var line = new StringWriter();
            logs.format.Write(new LogEntry<TState>(logLevel, category, eventId, state, exception, formatter), logs.scopes, line);
            logs.lines.Enqueue(line.ToString());
        }
    }
}
