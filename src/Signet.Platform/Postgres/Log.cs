using Microsoft.Extensions.Logging;

namespace Signet.Platform.Postgres;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "The embedded database runs in {Folder} (PostgreSQL {Major})")]
    public static partial void Started(ILogger log, string folder, int major);

    [LoggerMessage(LogLevel.Information, "Made an embedded database in {Folder}")]
    public static partial void Made(ILogger log, string folder);

    [LoggerMessage(LogLevel.Information, "Another process runs the embedded database in {Folder}; connected to it")]
    public static partial void Joined(ILogger log, string folder);

    [LoggerMessage(LogLevel.Warning, "The process that ran the embedded database in {Folder} ended; took it over")]
    public static partial void TookOver(ILogger log, string folder);

    [LoggerMessage(LogLevel.Error, "The embedded database could not be taken over")]
    public static partial void TakeOverFailed(ILogger log, Exception error);

    [LoggerMessage(LogLevel.Warning, "A database server of an earlier run was still running as process {Process}; stopping it")]
    public static partial void StoppingOrphan(ILogger log, int process);

    [LoggerMessage(LogLevel.Warning, "Process {Process} of a database server that is gone was still running; ended it")]
    public static partial void EndingBackend(ILogger log, int process);

    [LoggerMessage(LogLevel.Error, "The embedded database ended by itself with code {Code}; starting it again")]
    public static partial void Died(ILogger log, int code);

    [LoggerMessage(LogLevel.Error, "The embedded database does not start: {Reason}")]
    public static partial void DoesNotStart(ILogger log, string reason);

    [LoggerMessage(LogLevel.Warning, "The embedded database did not stop in time and was ended; it will recover at its next start")]
    public static partial void Forced(ILogger log);

    [LoggerMessage(LogLevel.Debug, "PostgreSQL: {Line}")]
    public static partial void Said(ILogger log, string line);

    [LoggerMessage(LogLevel.Error, "PostgreSQL: {Line}")]
    public static partial void SaidGravely(ILogger log, string line);
}
