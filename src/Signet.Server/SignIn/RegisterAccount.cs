using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Limits;
using Signet.Server.Organizations;
using Signet.Server.Passwords;
using Signet.Server.Sessions;
using Signet.Server.Tenants;
using Signet.Server.Users;

namespace Signet.Server.SignIn;

/// <summary>
/// Makes an account, its organization and its first session in one transaction. That an address is taken can't be hidden from somebody who
/// wants to register it; how often one may ask is limited instead.
/// </summary>
public sealed class RegisterAccount(
    Db db, AddUser add, SetPassword set, BeginSession begin, RequestLimits limits, TenantSettingsDirectory settings)
{
    private static readonly string[] Methods = ["pwd"];

    /// <param name="OrganizationName">Null: no organization is made.</param>
    public sealed record Wish(string Email, string Password, string? DisplayName, string? OrganizationName, string? OrganizationSlug);

    public async Task<Registration> RunAsync(HttpContext context, Tenant tenant, Origin origin, Wish wish, FlowId? flow, CancellationToken ct)
    {
        if (!(await settings.FindAsync(tenant.Id, ct)).RegistrationOpen)
        {
            return new Registration.Closed();
        }

        if (await limits.RefuseAsync(LimitRules.RegisterByAddress, tenant.Id, RequestLimits.AddressOf(context), ct) is { } tooMany)
        {
            return new Registration.TooMany(tooMany);
        }

        if (EmailAddress.TryParse(wish.Email) is not { } email)
        {
            return new Registration.Invalid("email", "is to be an address such as ada@example.org.");
        }

        if (Check(wish) is { } invalid)
        {
            return invalid;
        }

        // Hashed before the transaction begins: a slow hash must not hold a connection.
        var hash = await set.HashAsync(wish.Password, ct);
        return await db.InTenantAsync<Registration>(tenant.Id, async tx =>
        {
            // Asked first, so that nothing is written yet where the answer is no; the insert below decides a race.
            if (wish.OrganizationSlug is { } slug && await MembershipDirectory.IsTakenAsync(tx, slug, ct))
            {
                return new Registration.Taken("organization_slug");
            }

            if (await add.RunAsync(tx, origin, email, verified: false, wish.DisplayName?.Trim(), ct) is not { } user)
            {
                return new Registration.Taken("email");
            }

            var own = origin with { Actor = ActorKind.User, ActorId = user.Id.ToString() };
            await set.RunAsync(tx, user.Id, hash, ct);
            var organization = wish.OrganizationName is { } name
                ? await CreateOrganization.RunAsync(tx, own, user.Id, name.Trim(), wish.OrganizationSlug, ct)
                : null;

            var session = await begin.RunAsync(tx, own, user, Methods, ct);
            if (flow is { } answered)
            {
                await SignInFlows.AnswerAsync(tx, answered, session.Id, ct);
            }

            tx.Emit(own, new AccountRegistered(user.Id, organization?.OrganizationId));
            tx.Emit(own, new SignedIn(user.Id, session.Id, Methods));
            return new Registration.Registered(user, organization, session);
        }, ct);
    }

    private static Registration.Invalid? Check(Wish wish)
    {
        if (PasswordRules.Refuse(wish.Password, wish.Email) is { } weak)
        {
            return new Registration.Invalid("password", weak);
        }

        if (wish.DisplayName is { } display && !DisplayName.IsValid(display))
        {
            return new Registration.Invalid("display_name", "is to have 1 to 200 characters.");
        }

        if (wish.OrganizationName is { } name && !DisplayName.IsValid(name))
        {
            return new Registration.Invalid("organization_name", "is to have 1 to 200 characters.");
        }

        return wish.OrganizationSlug is { } slug && !OrganizationSlug.IsValid(slug)
            ? new Registration.Invalid("organization_slug", "is to be 1 to 100 of a-z, 0-9 and hyphen.")
            : null;
    }
}
