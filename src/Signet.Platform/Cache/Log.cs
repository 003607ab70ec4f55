using Microsoft.Extensions.Logging;

namespace Signet.Platform.Cache;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Warning, "Stopped hearing the news of other nodes: {Cause} {SqlState}. Copies are not used until it is back.")]
    public static partial void ListenerLost(this ILogger log, string cause, string? sqlState);

    [LoggerMessage(LogLevel.Information, "Hears the news of other nodes.")]
    public static partial void ListenerConnected(this ILogger log);

    [LoggerMessage(LogLevel.Warning, "Lost Redis at {Endpoint}: {Cause}. Working without it.")]
    public static partial void RedisLost(this ILogger log, string endpoint, string cause);

    [LoggerMessage(LogLevel.Information, "Redis at {Endpoint} is there.")]
    public static partial void RedisConnected(this ILogger log, string endpoint);
}
