using System.Security.Cryptography;

namespace Signet.Platform.Jobs;

/// <summary>How long a failed job waits: twice as long each time, from two seconds to an hour, give or take a quarter so that failures of one moment spread.</summary>
internal static class RetryDelay
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public static TimeSpan After(int attempts)
    {
        var seconds = Math.Min(Math.Pow(2, attempts), Longest.TotalSeconds);
        return TimeSpan.FromSeconds(seconds * RandomNumberGenerator.GetInt32(750, 1251) / 1000);
    }
}
