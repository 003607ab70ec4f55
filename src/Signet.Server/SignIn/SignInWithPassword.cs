using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Audit;
using Signet.Server.Limits;
using Signet.Server.Passwords;
using Signet.Server.Sessions;
using Signet.Server.Tenants;
using Signet.Server.Users;

namespace Signet.Server.SignIn;

/// <summary>
/// Signs somebody in by address and password. A stranger can't learn from the answer, its time or its limits whether an account exists:
/// the same look-ups, one hash and one record are made in every case.
/// </summary>
public sealed class SignInWithPassword(
    Db db, UserDirectory users, CheckPassword check, BeginSession begin, RequestLimits limits, AuditWriter audit)
{
    private static readonly string[] Methods = ["pwd"];

    /// <param name="flow">The flow this sign-in answers; null: none.</param>
    public async Task<PasswordSignIn> RunAsync(
        HttpContext context, Tenant tenant, Origin origin, string email, string password, FlowId? flow, CancellationToken ct)
    {
        if (await limits.RefuseAsync(LimitRules.SignInByAddress, tenant.Id, RequestLimits.AddressOf(context), ct) is { } tooMany)
        {
            return new PasswordSignIn.TooMany(tooMany);
        }

        // What is no address is looked up all the same, so that its refusal takes as long.
        var address = EmailAddress.TryParse(email) ?? EmailAddress.TryParse("nobody@invalid")!.Value;
        if (await limits.RefuseAsync(LimitRules.SignInByAccount, tenant.Id, address.Normalised, ct) is { } tooManyForAccount)
        {
            return new PasswordSignIn.TooMany(tooManyForAccount);
        }

        var user = await users.FindByEmailAsync(tenant.Id, address, ct);
        var matches = await check.RunAsync(tenant.Id, user?.Id, password, ct);
        if (user is null || !matches || !user.IsActive)
        {
            var reason = user is null ? "unknown_account" : matches ? "deactivated" : "wrong_password";
            await audit.RecordAsync(tenant.Id, origin, new SignInFailed(user?.Id, reason), ct);
            return new PasswordSignIn.Refused();
        }

        return await db.InTenantAsync(tenant.Id, async tx =>
        {
            var session = await begin.RunAsync(tx, origin, user, Methods, ct);
            if (flow is { } answered)
            {
                await SignInFlows.AnswerAsync(tx, answered, session.Id, ct);
            }

            tx.Emit(origin with { Actor = ActorKind.User, ActorId = user.Id.ToString() }, new SignedIn(user.Id, session.Id, Methods));
            return new PasswordSignIn.Succeeded(user, session);
        }, ct);
    }
}
