using Signet.Server.Organizations;
using Signet.Server.Sessions;
using Signet.Server.Users;

namespace Signet.Server.SignIn;

/// <summary>What can happen when somebody presents an address and a password.</summary>
public abstract record PasswordSignIn
{
    private PasswordSignIn()
    {
    }

    public sealed record Succeeded(User User, BeginSession.Begun Session) : PasswordSignIn;

    /// <summary>Whatever the cause: no such account, another password, an account that may not sign in. The same words, the same time.</summary>
    public sealed record Refused : PasswordSignIn;

    public sealed record TooMany(TimeSpan RetryAfter) : PasswordSignIn;
}

/// <summary>What can happen when somebody registers.</summary>
public abstract record Registration
{
    private Registration()
    {
    }

    public sealed record Registered(User User, Membership? Organization, BeginSession.Begun Session) : Registration;

    /// <param name="Field">The input it is about.</param>
    public sealed record Invalid(string Field, string Message) : Registration;

    /// <param name="Field"><c>email</c> or <c>organization_slug</c>.</param>
    public sealed record Taken(string Field) : Registration;

    public sealed record TooMany(TimeSpan RetryAfter) : Registration;

    /// <summary>This tenant lets nobody make their own account.</summary>
    public sealed record Closed : Registration;
}
