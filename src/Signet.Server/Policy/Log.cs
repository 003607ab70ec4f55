namespace Signet.Server.Policy;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "OPA gave no decision, so it was a denial: {Why}")]
    public static partial void EngineUnavailable(this ILogger log, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "The policy was loaded anew: {Rules} rules")]
    public static partial void PolicyLoaded(this ILogger log, int rules);

    [LoggerMessage(Level = LogLevel.Error, Message = "The policy was not reloaded and the old one holds: {Fault}")]
    public static partial void ReloadRefused(this ILogger log, string fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "The reload of the policy could not be put on record, so it was not done")]
    public static partial void ReloadNotRecorded(this ILogger log, Exception exception);
}
