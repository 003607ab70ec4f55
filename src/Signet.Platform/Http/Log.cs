using Microsoft.Extensions.Logging;

namespace Signet.Platform.Http;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Error, "Request failed with {Status}: {Method} {Route}")]
    public static partial void RequestFailed(ILogger log, Exception exception, int status, string method, string route);

    [LoggerMessage(LogLevel.Debug, "Request refused with {Status} {Code} at {Route}")]
    public static partial void RequestRefused(ILogger log, int status, string code, string route);
}
