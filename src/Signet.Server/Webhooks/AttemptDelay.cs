using System.Security.Cryptography;

namespace Signet.Server.Webhooks;

/// <summary>
/// How long after a failed attempt comes the next: 10 seconds, three times as long each time, half a day at most, give or take a quarter so that
/// failures of one moment spread. Ten attempts are about 21 hours.
/// </summary>
internal static class AttemptDelay
{
    public const int MostAttempts = 10;
    private const int First = 10;
    private static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    /// <param name="attempts">How many there have been.</param>
    public static TimeSpan After(int attempts)
    {
        var seconds = Math.Min(First * Math.Pow(3, attempts - 1), Longest.TotalSeconds);
        return TimeSpan.FromSeconds(seconds * RandomNumberGenerator.GetInt32(750, 1251) / 1000);
    }
}
