namespace Signet.Server.Audit;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Critical, Message = "The audit record of tenant {TenantId} has {Count} faults; the first: {Fault}")]
    public static partial void IntegrityBroken(this ILogger log, Guid tenantId, int count, AuditFault fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} audit records were not written; what they tell of was refused")]
    public static partial void RecordsNotWritten(this ILogger log, int count, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Sealing the audit record failed; it is tried again")]
    public static partial void SealingFailed(this ILogger log, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Sealing the audit record of tenant {TenantId} failed; it is tried again")]
    public static partial void SealingOfTenantFailed(this ILogger log, Guid tenantId, Exception exception);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The audit tree of tenant {TenantId} is not what was signed at size {Size}; nothing more is sealed until it is")]
    public static partial void SealingRefused(this ILogger log, Guid tenantId, long size);
}
