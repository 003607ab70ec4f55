namespace Signet.Server.Secrets;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Error, "A value of {Table}.{Column} in row {RowId} of tenant {TenantId} could not be opened and was left as it is")]
    public static partial void ValueNotOpened(this ILogger logger, string table, string column, string rowId, string tenantId);
}
