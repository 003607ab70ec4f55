using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Limits;
using Signet.Server.SignIn;
using Signet.Server.Tenants;
using Signet.Server.Ui;

namespace Signet.Server.Setup;

/// <summary>The first-run page. While setup is closed there is no such page: 404, whoever asks.</summary>
public static class SetupPages
{
    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet("/setup", ShowAsync);
        pages.MapPost("/setup", FinishAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext context, Tenant tenant, SetupToken setup, RequestLimits limits)
    {
        var token = context.Request.Query["token"].ToString();
        return await RefuseAsync(context, tenant, setup, limits, token) ?? new Page<SetupCard>(new { Model = Form(context, token) });
    }

    private static async Task<IResult> FinishAsync(
        HttpContext context, Tenant tenant, Origin origin, SetupToken setup, RequestLimits limits, MakeFirstAdministrator make, CancellationToken ct)
    {
        var form = await FormBody.ReadAsync(context.Request, ct);
        var token = context.Request.Query["token"].ToString();
        if (await RefuseAsync(context, tenant, setup, limits, token) is { } refusal)
        {
            return refusal;
        }

        var (name, email) = (FormText.Of(form, "name"), FormText.Of(form, "email"));
        switch (await make.RunAsync(origin, name, email, FormText.Of(form, "password"), ct))
        {
            case SetupOutcome.Done done:
                done.Session.SetCookie(context);
                return Results.Redirect($"{context.Request.PathBase}/console");
            case SetupOutcome.Invalid invalid:
                var model = Form(context, token) with { Name = name, Email = email, Errors = new FormErrors([new FieldError(invalid.Field, invalid.Message)]) };
                return new Page<SetupCard>(new { Model = model }, StatusCodes.Status400BadRequest);
            default:
                return HttpProblems.NotFound;
        }
    }

    private static async Task<IResult?> RefuseAsync(HttpContext context, Tenant tenant, SetupToken setup, RequestLimits limits, string token)
    {
        var ct = context.RequestAborted;
        if (!tenant.IsDefault || await setup.FindAsync(ct) is not { } open)
        {
            return HttpProblems.NotFound;
        }

        if (await limits.RefuseAsync(LimitRules.SetupByAddress, tenant.Id, RequestLimits.AddressOf(context), ct) is { } tooMany)
        {
            return SignInProblems.TooMany(tooMany);
        }

        return SetupToken.Matches(open, token) ? null : new Page<ErrorCard>(
            new
            {
                Model = new ErrorModel(
                    "This is not the setup link",
                    "The link holds a one-time token, and this one is missing or wrong.",
                    "Use the link that Signet printed when it started on its machine."),
            },
            StatusCodes.Status403Forbidden);
    }

    private static SetupModel Form(HttpContext context, string token) =>
        new($"{context.Request.PathBase}/setup?token={Uri.EscapeDataString(token)}");
}
