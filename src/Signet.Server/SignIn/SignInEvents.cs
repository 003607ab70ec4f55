using Signet.Platform.Outbox;
using Signet.Server.Organizations;
using Signet.Server.Sessions;
using Signet.Server.Users;

namespace Signet.Server.SignIn;

public sealed record AccountRegistered(UserId User, OrganizationId? Organization) : DomainEvent
{
    public override string Action => "auth.register";

    public override Target Target => new("user", User.ToString());

    public override Guid? Subject => User.Value;
}

public sealed record SignedIn(UserId User, SessionId Session, IReadOnlyList<string> Methods) : DomainEvent
{
    public override string Action => "auth.login";

    public override Target Target => new("user", User.ToString());

    public override Guid? Subject => User.Value;
}

/// <summary>A sign-in that was refused. Who it was meant for is on record only where there is such a person; the answer is the same.</summary>
/// <param name="Reason"><c>unknown_account</c>, <c>wrong_password</c>, <c>deactivated</c>, <c>rate_limited</c>.</param>
public sealed record SignInFailed(UserId? User, string Reason) : DomainEvent
{
    public override string Action => "auth.login.failed";

    public override Outcome Outcome => Outcome.Failure;

    public override Target Target => new("user", User?.ToString() ?? "unknown");

    public override Guid? Subject => User?.Value;
}
