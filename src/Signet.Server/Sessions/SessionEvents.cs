using Signet.Platform.Outbox;
using Signet.Server.Users;

namespace Signet.Server.Sessions;

public sealed record SessionEnded(SessionId Session, UserId User) : DomainEvent
{
    public override string Action => "auth.logout";

    public override Target Target => new("session", Session.ToString());

    public override Guid? Subject => User.Value;
}

public sealed record SessionsEnded(UserId User, IReadOnlyList<string> Sessions) : DomainEvent
{
    public override string Action => "auth.sessions_ended";

    public override Target Target => new("user", User.ToString());

    public override Guid? Subject => User.Value;
}
