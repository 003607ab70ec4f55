using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Console.Pages;
using Signet.Server.Permissions;
using Signet.Server.SignIn;
using Signet.Server.Ui;

namespace Signet.Server.Console;

/// <summary>Credentials of an agent: made, rotated, revoked. A secret is on the one page that answers its making.</summary>
internal static class AgentCredentialPages
{
    private const int MostDays = 3650;

    public static void Map(RouteGroupBuilder credentials)
    {
        credentials.MapPost("", GenerateAsync).Requires(Permission.ManageAgents);
        credentials.MapPost("/{credential}/rotate", RotateAsync).Requires(Permission.ManageAgents);
        credentials.MapPost("/{credential}/revoke", RevokeAsync).Requires(Permission.ManageAgents);
    }

    /// <param name="oldSecretEnds">Null where there is none, or it ends now.</param>
    public static IResult Shown(Agent agent, CredentialShown shown, bool isNew, DateTimeOffset? oldSecretEnds = null) => new Page<AgentSecretPage>(
        new { agent.Email, Id = agent.Id.ToString(), Secret = shown.ClientSecret, IsNew = isNew, shown.Credential.RotatedAt, OldSecretEnds = oldSecretEnds },
        shown.Credential.RotatedAt is null ? StatusCodes.Status201Created : StatusCodes.Status200OK);

    private static async Task<IResult> GenerateAsync(
        AgentId id, HttpContext context, Actor actor, Origin origin, MakeCredential make, AgentDirectory directory, TimeProvider time, CancellationToken ct)
    {
        if (await directory.FindAsync(actor.Tenant, id, ct) is not { } agent)
        {
            return AgentProblems.NotFound;
        }

        var text = FormText.Of(await FormBody.ReadAsync(context.Request, ct), "expires_in_days");
        if (!int.TryParse(text, out var days) || days is < 0 or > MostDays)
        {
            return await AgentPageOf.ShowAsync(context, id, AgentProblems.Invalid with { Detail = "Choose how long the credential holds." }, ct);
        }

        DateTimeOffset? end = days == 0 ? null : time.GetUtcNow().AddDays(days);
        return await make.RunAsync(actor.Tenant, origin, actor, id, new ManageCredentials.Wish(end), ct) switch
        {
            CredentialChange.Shown made => Shown(agent, made.Credential, isNew: false),
            CredentialChange.Refused refused => await AgentPageOf.ShowAsync(context, id, refused.Problem, ct),
            _ => AgentProblems.NotFound,
        };
    }

    private static async Task<IResult> RotateAsync(
        AgentId id, CredentialId credential, HttpContext context, Actor actor, Origin origin, RotateCredential rotate, AgentDirectory directory,
        CancellationToken ct)
    {
        if (await directory.FindAsync(actor.Tenant, id, ct) is not { } agent)
        {
            return AgentProblems.NotFound;
        }

        var hours = int.TryParse(FormText.Of(await FormBody.ReadAsync(context.Request, ct), "overlap_hours"), out var number) ? number : -1;
        if (ManageCredentials.RefuseGrace(hours * 3600L) is not null)
        {
            return await AgentPageOf.ShowAsync(context, id, AgentProblems.Invalid with { Detail = "Choose how long the present secret holds: at most a week." }, ct);
        }

        return await rotate.RunAsync(actor.Tenant, origin, actor, id, credential, TimeSpan.FromHours(hours), ct) switch
        {
            CredentialChange.Shown made => Shown(agent, made.Credential, isNew: false, hours == 0 ? null : made.Credential.Credential.RotatedAt?.AddHours(hours)),
            CredentialChange.Refused refused when refused.Problem.Status != StatusCodes.Status404NotFound => await AgentPageOf.ShowAsync(context, id, refused.Problem, ct),
            _ => AgentProblems.CredentialNotFound,
        };
    }

    private static async Task<IResult> RevokeAsync(
        AgentId id, CredentialId credential, HttpContext context, Actor actor, Origin origin, Db db, CancellationToken ct) =>
        await db.InTenantAsync(actor.Tenant, tx => ManageCredentials.RevokeAsync(tx, origin, id, credential, ct), ct) is CredentialChange.Refused refused
            ? refused.Problem
            : Done.To(context, $"/console/agents/{id}", "credential-revoked");
}
