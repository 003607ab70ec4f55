using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Passwords;
using Signet.Server.Permissions;
using Signet.Server.Sessions;
using Signet.Server.Setup.Storage;
using Signet.Server.SignIn;
using Signet.Server.Users;

namespace Signet.Server.Setup;

/// <summary>What can happen when somebody finishes the setup.</summary>
public abstract record SetupOutcome
{
    private SetupOutcome()
    {
    }

    public sealed record Done(User Owner, BeginSession.Begun Session) : SetupOutcome;

    /// <summary>Somebody else was first.</summary>
    public sealed record Closed : SetupOutcome;

    public sealed record Invalid(string Field, string Message) : SetupOutcome;
}

/// <summary>Makes the first owner and closes the setup for ever, in one transaction: of two browsers at once, one wins and the other finds it closed.</summary>
public sealed class MakeFirstAdministrator(Db db, AddUser add, SetPassword set, BeginSession begin, UserDirectory users)
{
    private static readonly string[] Methods = ["pwd"];

    public async Task<SetupOutcome> RunAsync(Origin origin, string name, string email, string password, CancellationToken ct)
    {
        if (EmailAddress.TryParse(email) is not { } address)
        {
            return new SetupOutcome.Invalid("email", "Enter an address such as ada@example.org.");
        }

        if (PasswordRules.Refuse(password, email) is { } weak)
        {
            return new SetupOutcome.Invalid("password", weak);
        }

        if (!DisplayName.IsValid(name))
        {
            return new SetupOutcome.Invalid("name", "Enter a name of 1 to 200 characters.");
        }

        var hash = await set.HashAsync(password, ct);
        return await db.InTenantAsync<SetupOutcome>(TenantId.Default, async tx =>
        {
            if (await users.FindByEmailAsync(tx, address, ct) is not null)
            {
                return new SetupOutcome.Invalid("email", "This address has an account already. Give it the role of owner with: signet user role.");
            }

            if (!await SetupRow.CloseAsync(tx, ct))
            {
                return new SetupOutcome.Closed();
            }

            var owner = await add.RunAsync(tx, origin, address, verified: true, name.Trim(), ct)
                ?? throw new InvalidOperationException("The address was taken between two statements.");

            var own = origin with { Actor = ActorKind.User, ActorId = owner.Id.ToString() };
            await set.RunAsync(tx, owner.Id, hash, ct);
            await AssignRole.RunAsync(tx, own, owner.Id.Value, Role.Owner, ct);
            var session = await begin.RunAsync(tx, own, owner, Methods, ct);
            tx.Emit(own, new SetupCompleted(owner.Id));
            tx.Emit(own, new SignedIn(owner.Id, session.Id, Methods));
            return new SetupOutcome.Done(owner, session);
        }, ct);
    }
}

public sealed record SetupCompleted(UserId Owner) : DomainEvent
{
    public override string Action => "setup.completed";

    public override Target Target => new("user", Owner.ToString());

    public override Guid? Subject => Owner.Value;
}
