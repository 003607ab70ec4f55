using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Sessions;
using Signet.Server.Tenants;
using Signet.Server.Ui;

namespace Signet.Server.SignIn;

/// <summary>The pages on which people sign in, sign up and sign out. Plain forms; they work without script.</summary>
public static class SignInPages
{
    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet("/sign-in", ShowSignInAsync);
        pages.MapPost("/sign-in", SignInAsync);
        pages.MapGet("/sign-up", ShowSignUpAsync);
        pages.MapPost("/sign-up", SignUpAsync);
        pages.MapGet("/sign-out", ShowSignOutAsync);
        pages.MapPost("/sign-out", SignOutAsync);
        pages.MapGet("/signed-out", (HttpContext context) =>
            (IResult)new Page<SignedOutCard>(new { Model = new SignedOutModel { SignInHref = $"{context.Request.PathBase}/sign-in" } }));
    }

    private static async Task<IResult> ShowSignInAsync(
        HttpContext context, Tenant tenant, SignInFlows flows, BrowserSessions sessions, TenantSettingsDirectory settings)
    {
        var way = await Way.FindAsync(context, tenant, flows);
        if (way.IsLost)
        {
            return Lost(context);
        }

        // Who is signed in already need not do it again, unless an application asked for just that.
        if (way.Flow is null && await sessions.FindAsync(context, tenant.Id) is not null)
        {
            return Results.Redirect(way.Target);
        }

        return new Page<SignInCard>(new { Model = await SignInFormAsync(context, tenant, settings, way, way.Flow?.LoginHint) });
    }

    private static async Task<IResult> SignInAsync(
        HttpContext context, Tenant tenant, Origin origin, SignInFlows flows, SignInWithPassword signIn, TenantSettingsDirectory settings, CancellationToken ct)
    {
        var way = await Way.FindAsync(context, tenant, flows);
        if (way.IsLost)
        {
            return Lost(context);
        }

        var form = await FormBody.ReadAsync(context.Request, ct);
        var (email, password) = (FormText.Of(form, "email"), FormText.Of(form, "password"));
        switch (await signIn.RunAsync(context, tenant, origin, email, password, way.Flow?.Id, ct))
        {
            case PasswordSignIn.Succeeded succeeded:
                succeeded.Session.SetCookie(context);
                return Results.Redirect(way.Target);
            case PasswordSignIn.TooMany tooMany:
                return await AgainAsync(TooManyText(tooMany.RetryAfter), StatusCodes.Status429TooManyRequests, tooMany.RetryAfter);
            default:
                return await AgainAsync("The address or the password is not right. Check both and try again.", StatusCodes.Status401Unauthorized);
        }

        async Task<IResult> AgainAsync(string message, int status, TimeSpan? pause = null)
        {
            var model = await SignInFormAsync(context, tenant, settings, way, email) with { Errors = FormErrors.Of(message) };
            return new Page<SignInCard>(new { Model = model }, status) { RetryAfter = pause };
        }
    }

    private static async Task<IResult> ShowSignUpAsync(HttpContext context, Tenant tenant, SignInFlows flows, TenantSettingsDirectory settings)
    {
        var way = await Way.FindAsync(context, tenant, flows);
        if (way.IsLost)
        {
            return Lost(context);
        }

        return (await settings.FindAsync(tenant.Id, context.RequestAborted)).RegistrationOpen ? new Page<SignUpCard>(new { Model = SignUpForm(way) }) : Closed(way);
    }

    private static async Task<IResult> SignUpAsync(
        HttpContext context, Tenant tenant, Origin origin, SignInFlows flows, RegisterAccount register, CancellationToken ct)
    {
        var way = await Way.FindAsync(context, tenant, flows);
        if (way.IsLost)
        {
            return Lost(context);
        }

        var form = await FormBody.ReadAsync(context.Request, ct);
        var name = FormText.Of(form, "name");
        var wish = new RegisterAccount.Wish(FormText.Of(form, "email"), FormText.Of(form, "password"), name.Length == 0 ? null : name, null, null);
        var model = SignUpForm(way) with { Name = name, Email = wish.Email };
        switch (await register.RunAsync(context, tenant, origin, wish, way.Flow?.Id, ct))
        {
            case Registration.Registered registered:
                registered.Session.SetCookie(context);
                return Results.Redirect(way.Target);
            case Registration.Taken:
                return Again(model, new FieldError("email", "This address has an account already. Sign in instead."), StatusCodes.Status409Conflict);
            case Registration.Invalid invalid:
                return Again(model, new FieldError(invalid.Field == "display_name" ? "name" : invalid.Field, Sentence(invalid)), StatusCodes.Status400BadRequest);
            case Registration.TooMany tooMany:
                return Again(model, new FieldError("", TooManyText(tooMany.RetryAfter)), StatusCodes.Status429TooManyRequests, tooMany.RetryAfter);
            case Registration.Closed:
                return Closed(way);
            default:
                throw new System.Diagnostics.UnreachableException();
        }

        static IResult Again(SignUpModel model, FieldError error, int status, TimeSpan? pause = null) =>
            new Page<SignUpCard>(new { Model = model with { Errors = new FormErrors([error]) } }, status) { RetryAfter = pause };
    }

    private static async Task<IResult> ShowSignOutAsync(HttpContext context, Tenant tenant, BrowserSessions sessions) =>
        await sessions.FindAsync(context, tenant.Id) is { } session
            ? new Page<SignOutCard>(new { Model = new SignOutModel($"{context.Request.PathBase}/sign-out", session.User.Email.Value) { StayHref = $"{context.Request.PathBase}/account" } })
            : Results.Redirect($"{context.Request.PathBase}/signed-out");

    private static async Task<IResult> SignOutAsync(HttpContext context, Tenant tenant, Origin origin, BrowserSessions sessions, Db db, CancellationToken ct)
    {
        if (await sessions.FindAsync(context, tenant.Id) is { } session)
        {
            await db.InTenantAsync(tenant.Id, tx => EndSession.RunAsync(tx, origin, session.Id, session.User.Id, ct), ct);
        }

        EndSession.ClearCookie(context);
        return Results.Redirect($"{context.Request.PathBase}/signed-out");
    }

    private static async Task<SignInModel> SignInFormAsync(HttpContext context, Tenant tenant, TenantSettingsDirectory settings, Way way, string? email) =>
        new(way.Here("/sign-in"))
        {
            ApplicationName = way.Flow?.ApplicationName,
            Email = email,
            SignUpHref = (await settings.FindAsync(tenant.Id, context.RequestAborted)).RegistrationOpen ? way.Here("/sign-up") : null,
        };

    private static SignUpModel SignUpForm(Way way) => new(way.Here("/sign-up"))
    {
        ApplicationName = way.Flow?.ApplicationName,
        SignInHref = way.Here("/sign-in"),
    };

    private static string Sentence(Registration.Invalid invalid) => invalid.Field switch
    {
        "email" => "Enter an address such as ada@example.org.",
        "display_name" => "Enter a name of 1 to 200 characters.",
        _ => invalid.Message,
    };

    private static string TooManyText(TimeSpan retryAfter) =>
        $"Too many tries. Wait {Math.Max(1, (int)Math.Ceiling(retryAfter.TotalMinutes))} min and try again.";

    private static Page<ErrorCard> Closed(Way way) => new(
        new
        {
            Model = new ErrorModel(
                "Registration is closed",
                "Nobody can make their own account here; an administrator adds people.",
                "Ask an administrator for an account, or sign in if you have one.")
            {
                ActionHref = way.Here("/sign-in"),
                ActionLabel = "Sign in",
            },
        },
        StatusCodes.Status403Forbidden);

    private static Page<ErrorCard> Lost(HttpContext context) => new(
        new
        {
            Model = new ErrorModel(
                "This sign-in has run out",
                "It was begun in another browser, more than half an hour ago, or is done already.",
                "Go back to the application and sign in from there.")
            {
                Reference = Platform.Http.RequestId.Of(context).Value,
                ActionHref = $"{context.Request.PathBase}/sign-in",
                ActionLabel = "Sign in here",
            },
        },
        StatusCodes.Status400BadRequest);
}
