using System.Collections.Concurrent;
using Signet.Platform.Http;

namespace Signet.Server.Limits;

/// <summary>
/// How often things may be tried. By address and by account, never by account alone for good: an account is not locked, or anybody could lock
/// anybody out.
/// </summary>
public static class LimitRules
{
    public static readonly RateRule SignInByAddress = new("sign_in_by_address", 60, TimeSpan.FromMinutes(1));

    public static readonly RateRule SignInByAccount = new("sign_in_by_account", 20, TimeSpan.FromMinutes(5));

    public static readonly RateRule RegisterByAddress = new("register_by_address", 20, TimeSpan.FromMinutes(10));

    /// <summary>Failures only: a busy application is no attack, one that keeps failing is.</summary>
    public static readonly RateRule ClientFailuresByAddress = new("client_failures_by_address", 60, TimeSpan.FromMinutes(1));

    /// <summary>Of secrets that somebody found.</summary>
    public static readonly RateRule LeaksByAddress = new("leaks_by_address", 60, TimeSpan.FromMinutes(1));

    public static readonly RateRule SetupByAddress = new("setup_by_address", 20, TimeSpan.FromMinutes(5));

    public static IReadOnlyList<RateRule> All =>
        [SignInByAddress, SignInByAccount, RegisterByAddress, ClientFailuresByAddress, SetupByAddress, LeaksByAddress];

    // A rule is one object for each number, for limits tell rules apart by that.
    private static readonly ConcurrentDictionary<int, RateRule> ByClient = new();

    /// <summary>As many as the tenant says.</summary>
    public static RateRule TokenRequestsByClient(int aMinute) =>
        ByClient.GetOrAdd(aMinute, most => new RateRule("token_requests_by_client", most, TimeSpan.FromMinutes(1)));
}
