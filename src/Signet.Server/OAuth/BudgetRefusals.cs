using Signet.OAuth;

namespace Signet.Server.OAuth;

internal static class BudgetRefusals
{
    /// <summary>
    /// RFC 6749 §8.5: a code of our own, for none of §5.2 says it. 403 and no Retry-After: to ask again before the next month is of no use, and a client that
    /// waits by itself would wait for weeks.
    /// </summary>
    public static readonly TokenOutcome.Refused Spent = new(
        new OAuthError("token_limit_exceeded", StatusCodes.Status403Forbidden, "The agent has had as many tokens as it may this month (UTC)."), "token_limit_exceeded");
}
