using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Console.Pages;
using Signet.Server.Permissions;
using Signet.Server.SignIn;
using Signet.Server.Ui;

namespace Signet.Server.Console;

/// <summary>API keys: making one within one's own rights, and ending one.</summary>
internal static class ApiKeyPages
{
    public static void Map(RouteGroupBuilder keys)
    {
        keys.MapGet("", ListAsync).Requires(Permission.ManageApiKeys);
        keys.MapGet("/new", () => (IResult)new Page<NewApiKeyPage>()).Requires(Permission.ManageApiKeys);
        keys.MapPost("/new", CreateAsync).Requires(Permission.ManageApiKeys);
        keys.MapPost("/{id}/revoke", RevokeAsync).Requires(Permission.ManageApiKeys);
    }

    private static async Task<IResult> ListAsync(Actor actor, Db db, TimeProvider time, CancellationToken ct) =>
        new Page<ApiKeysPage>(new { Keys = await ListApiKeys.RunAsync(db, actor.Tenant, ct), Now = time.GetUtcNow() });

    private static async Task<IResult> CreateAsync(HttpContext context, Actor actor, Origin origin, Db db, SecretHash hash, CancellationToken ct)
    {
        var form = await FormBody.ReadAsync(context.Request, ct);
        var request = new CreateApiKey.Request(
            FormText.Of(form, "name"),
            [.. Enum.GetValues<Permission>().Where(permission => FormText.Of(form, SnakeCase.Of(permission)) == "true")],
            int.TryParse(FormText.Of(form, "expires_in_days"), out var days) ? days : 0);
        if (CreateApiKey.Refuse(request, actor) is { } refusal)
        {
            return new Page<NewApiKeyPage>(new { Request = request, Errors = new FormErrors([Fault(refusal)]) }, refusal.Status);
        }

        var created = await db.InTenantAsync(actor.Tenant, tx => CreateApiKey.RunAsync(tx, origin, hash, actor.Id, request, ct), ct);
        return new Page<ApiKeySecretPage>(new { Key = created.Key, created.Secret }, StatusCodes.Status201Created);
    }

    private static FieldError Fault(Problem problem) => problem.Detail?.Split(':')[0] switch
    {
        "name" => new FieldError("name", "Enter a name of 1 to 100 characters."),
        "scopes" => new FieldError("", "Choose at least one thing the key may do."),
        "expires_in_days" => new FieldError("expires_in_days", "Choose how long it holds."),
        _ => new FieldError("", problem.Title),
    };

    private static async Task<IResult> RevokeAsync(ApiKeyId id, HttpContext context, Actor actor, Origin origin, Db db, CancellationToken ct) =>
        await db.InTenantAsync(actor.Tenant, tx => RevokeApiKey.RunAsync(tx, origin, id, ct), ct)
            ? Done.To(context, "/console/api-keys", "revoked")
            : PermissionProblems.NoSuchKey;
}
