using Signet.Server.Users;

namespace Signet.Server.OAuth;

/// <summary>What can happen when an application presents a refresh token.</summary>
public abstract record RefreshRedemption
{
    private RefreshRedemption()
    {
    }

    /// <param name="Successor">The token that takes its place.</param>
    public sealed record Rotated(Authorized Authorized, string Successor) : RefreshRedemption;

    /// <summary>The same request again, moments later: two tabs, a lost answer. It gets the same successor.</summary>
    public sealed record Repeated(Authorized Authorized, string Successor) : RefreshRedemption;

    public sealed record Unknown : RefreshRedemption;

    /// <summary>RFC 9700 §4.14.2: a used token that comes back later was stolen, by whom we can't tell; the whole family dies.</summary>
    public sealed record Replayed(GrantId Grant, UserId User) : RefreshRedemption;
}
