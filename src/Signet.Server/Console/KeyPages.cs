using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Console.Pages;
using Signet.Server.Keys;
using Signet.Server.Permissions;
using Signet.Server.SignIn;
using Signet.Server.Ui;

namespace Signet.Server.Console;

/// <summary>The signing keys and where each is in its life; rotating ahead of time, and withdrawing one that leaked.</summary>
internal static class KeyPages
{
    public static void Map(RouteGroupBuilder keys)
    {
        keys.MapGet("", (HttpContext context, Actor actor, Db db, CancellationToken ct) => ShowAsync(actor, db, null, ct)).Requires(Permission.ReadKeys);
        keys.MapPost("/rotate", RotateAsync).Requires(Permission.ManageKeys);
        keys.MapGet("/{kid}", (string kid, Actor actor, Db db, CancellationToken ct) => ShowOneAsync(kid, actor, db, null, ct)).Requires(Permission.ReadKeys);
        keys.MapPost("/{kid}/drop", DropAsync).Requires(Permission.ManageKeys);
    }

    private static async Task<IResult> ShowAsync(Actor actor, Db db, Problem? refusal, CancellationToken ct) =>
        new Page<KeysPage>(new { Keys = await ManageKeys.ListAsync(db, actor.Tenant, ct), Refusal = refusal }, refusal?.Status ?? StatusCodes.Status200OK);

    private static async Task<IResult> ShowOneAsync(string kid, Actor actor, Db db, Problem? refusal, CancellationToken ct) =>
        (await ManageKeys.ListAsync(db, actor.Tenant, ct)).FirstOrDefault(key => key.Kid == kid) is { } key
            ? new Page<KeyPage>(new { Key = key, Refusal = refusal }, refusal?.Status ?? StatusCodes.Status200OK)
            : HttpProblems.NotFound;

    private static async Task<IResult> RotateAsync(HttpContext context, Actor actor, Origin origin, Db db, MoveKeys move, CancellationToken ct)
    {
        var form = await FormBody.ReadAsync(context.Request, ct);
        if (SigningAlgorithms.TryParse(FormText.Of(form, "algorithm")) is not { } algorithm)
        {
            return await ShowAsync(actor, db, KeyProblems.AlgorithmUnknown, ct);
        }

        var atOnce = FormText.Of(form, "at_once") == "true";
        await db.InTenantAsync(actor.Tenant, tx => move.RotateAsync(tx, origin, algorithm, atOnce, ct), ct);
        return Done.To(context, "/console/keys", atOnce ? "taken-over" : "announced");
    }

    private static async Task<IResult> DropAsync(
        string kid, HttpContext context, Actor actor, Origin origin, Db db, MoveKeys move, CancellationToken ct)
    {
        var form = await FormBody.ReadAsync(context.Request, ct);
        var reason = FormText.Of(form, "reason").Trim();
        if (reason.Length is < 1 or > 200)
        {
            return await ShowOneAsync(kid, actor, db, KeyProblems.ReasonMissing, ct);
        }

        if (!string.Equals(FormText.Of(form, "confirm"), KeyWords.ShortOf(kid), StringComparison.Ordinal))
        {
            return await ShowOneAsync(kid, actor, db, ConsoleProblems.NotConfirmed, ct);
        }

        return await db.InTenantAsync(actor.Tenant, tx => move.DropAsync(tx, origin, kid, reason, ct), ct) is null
            ? KeyProblems.NotFound
            : Done.To(context, "/console/keys", "dropped");
    }
}
