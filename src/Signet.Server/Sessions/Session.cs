using Signet.Platform.Data;
using Signet.Server.Users;

namespace Signet.Server.Sessions;

/// <summary>A session that holds now: not ended, not expired, of a person who may sign in.</summary>
/// <param name="Methods">How the person proved who they are, in the words of RFC 8176 §2: <c>pwd</c>, <c>otp</c>, <c>hwk</c> …</param>
/// <param name="AuthenticatedAt">When they last did; <c>auth_time</c>.</param>
public sealed record Session(
    SessionId Id, TenantId Tenant, User User, IReadOnlyList<string> Methods, DateTimeOffset AuthenticatedAt, DateTimeOffset ExpiresAt)
{
    public Assurance Assurance => AssuranceOf(Methods);

    /// <summary>The one place that computes the level (NIST SP 800-63B §4): two factors of different kinds, or one that is two by itself.</summary>
    public static Assurance AssuranceOf(IReadOnlyList<string> methods) =>
        methods.Contains("hwk") || methods.Contains("mfa") || (methods.Contains("pwd") && methods.Contains("otp")) ? Assurance.Aal2 : Assurance.Aal1;
}

public enum Assurance
{
    Aal1,
    Aal2,
}
