using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Organizations;
using Signet.Server.Permissions;
using Signet.Server.Sessions;
using Signet.Server.Tenants;
using Signet.Server.Users;

namespace Signet.Server.SignIn;

/// <summary>
/// The accounts API of an application's own front end: <c>/v1/auth/register</c>, <c>login</c>, <c>logout</c>, <c>session</c>. Called without a page
/// of ours, so these take no browser token; what a browser itself calls cross-site is refused, and the cookie is SameSite=Lax.
/// </summary>
public static class AuthApi
{
    public sealed record RegisterRequest(
        string Email, string Password, string OrganizationName, string? OrganizationSlug = null, string? DisplayName = null);

    public sealed record LoginRequest(string Email, string Password);

    public sealed record Registered(UserView User, OrganizationView Organization);

    /// <param name="Status"><c>success</c>.</param>
    public sealed record LoggedIn(string Status, UserView User);

    public sealed record SessionView(SessionId Id, DateTimeOffset AuthenticatedAt, DateTimeOffset ExpiresAt);

    /// <param name="Role">The role in the first organization; null where there is none.</param>
    /// <param name="Permissions">What the person may do in the tenant.</param>
    public sealed record Capabilities(OrganizationRole? Role, IReadOnlyList<Permission> Permissions);

    public sealed record OrganizationView(OrganizationId Id, string Name, string Slug, OrganizationRole Role)
    {
        public static OrganizationView Of(Membership membership) =>
            new(membership.OrganizationId, membership.Name, membership.Slug, membership.Role);
    }

    public sealed record CurrentSession(
        UserView User, SessionView Session, IReadOnlyList<OrganizationView> Organizations, Capabilities Capabilities);

    public static void Map(RouteGroupBuilder auth)
    {
        auth.MapPost("/register", RegisterAsync).AllowsAnyone("Registering is how one becomes somebody.").WithSummary("Make an account and sign in.");
        auth.MapPost("/login", LoginAsync).AllowsAnyone("Signing in is how one becomes somebody.").WithSummary("Sign in.");
        auth.MapPost("/logout", LogoutAsync).AllowsAnyone("Signing out must work whatever the state.").WithSummary("Sign out.");
        auth.MapGet("/session", SessionAsync).AllowsAnyone("Answers 401 by itself where nobody is signed in.").WithSummary("Who is signed in.");
    }

    private static async Task<IResult> RegisterAsync(
        HttpContext context, RegisterRequest request, Tenant tenant, Origin origin, RegisterAccount register, CancellationToken ct)
    {
        var wish = new RegisterAccount.Wish(request.Email, request.Password, request.DisplayName, request.OrganizationName, request.OrganizationSlug);
        switch (await register.RunAsync(context, tenant, origin, wish, flow: null, ct))
        {
            case Registration.Registered registered:
                registered.Session.SetCookie(context);
                return TypedResults.Created("/v1/auth/session", new Registered(UserView.Of(registered.User), OrganizationView.Of(registered.Organization!)));
            case Registration.Taken taken:
                return taken.Field == "email" ? SignInProblems.EmailTaken : SignInProblems.SlugTaken;
            case Registration.Invalid invalid:
                return SignInProblems.Invalid(invalid.Field, invalid.Message);
            case Registration.TooMany tooMany:
                return SignInProblems.TooMany(tooMany.RetryAfter);
            case Registration.Closed:
                return SignInProblems.RegistrationClosed;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static async Task<IResult> LoginAsync(
        HttpContext context, LoginRequest request, Tenant tenant, Origin origin, SignInWithPassword signIn, CancellationToken ct)
    {
        switch (await signIn.RunAsync(context, tenant, origin, request.Email, request.Password, flow: null, ct))
        {
            case PasswordSignIn.Succeeded succeeded:
                succeeded.Session.SetCookie(context);
                return TypedResults.Ok(new LoggedIn("success", UserView.Of(succeeded.User)));
            case PasswordSignIn.Refused:
                return SignInProblems.Refused;
            case PasswordSignIn.TooMany tooMany:
                return SignInProblems.TooMany(tooMany.RetryAfter);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static async Task<IResult> LogoutAsync(
        HttpContext context, Tenant tenant, Origin origin, BrowserSessions sessions, Db db, CancellationToken ct)
    {
        if (await sessions.FindAsync(context, tenant.Id) is { } session)
        {
            var own = origin with { Actor = ActorKind.User, ActorId = session.User.Id.ToString() };
            await db.InTenantAsync(tenant.Id, tx => EndSession.RunAsync(tx, own, session.Id, session.User.Id, ct), ct);
        }

        EndSession.ClearCookie(context);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> SessionAsync(
        HttpContext context, Tenant tenant, BrowserSessions sessions, RoleDirectory roles, MembershipDirectory memberships, CancellationToken ct)
    {
        if (await sessions.FindAsync(context, tenant.Id) is not { } session)
        {
            return SignInProblems.NoSession;
        }

        var role = await roles.FindAsync(tenant.Id, session.User.Id.Value, ct);
        var organizations = await memberships.FindAsync(tenant.Id, session.User.Id, ct);
        return TypedResults.Ok(new CurrentSession(
            UserView.Of(session.User),
            new SessionView(session.Id, session.AuthenticatedAt, session.ExpiresAt),
            [.. organizations.Select(OrganizationView.Of)],
            new Capabilities(organizations is [var first, ..] ? first.Role : null, RolePermissions.Of(role, tenant.IsDefault))));
    }
}
