using Signet.Platform.Outbox;

namespace Signet.Server.Users;

public abstract record UserEvent(UserId User) : DomainEvent
{
    public override Target Target => new("user", User.ToString());

    public override Guid? Subject => User.Value;
}

public sealed record UserCreated(UserId User, [property: Personal] string Email, bool EmailVerified) : UserEvent(User)
{
    public override string Action => "users.created";
}

public sealed record UserUpdated(UserId User, IReadOnlyList<string> Fields) : UserEvent(User)
{
    public override string Action => "users.updated";
}

public sealed record UserDeactivated(UserId User) : UserEvent(User)
{
    public override string Action => "users.deactivated";
}

public sealed record UserReactivated(UserId User) : UserEvent(User)
{
    public override string Action => "users.reactivated";
}

public sealed record UserDeleted(UserId User) : UserEvent(User)
{
    public override string Action => "users.deleted";
}
