namespace Signet.Server.Agents;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Vault could not be used to {Operation} a secret: {Fault}.")]
    public static partial void VaultUnavailable(this ILogger log, string operation, string fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The last use of an agent's credential could not be noted.")]
    public static partial void UseNotNoted(this ILogger log, Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Tokens of agents could not be counted yet; they wait.")]
    public static partial void TokensNotCounted(this ILogger log, Exception failure);
}
