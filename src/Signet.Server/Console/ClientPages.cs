using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Clients;
using Signet.Server.Console.Pages;
using Signet.Server.Permissions;
using Signet.Server.SignIn;
using Signet.Server.Ui;

namespace Signet.Server.Console;

/// <summary>Applications: registering one, changing it, giving it a new secret, turning it off. A secret is on the one page that answers its making.</summary>
internal static class ClientPages
{
    private const int PageSize = 50;

    public static void Map(RouteGroupBuilder clients)
    {
        clients.MapGet("", ListAsync).Requires(Permission.ReadClients);
        clients.MapGet("/new", () => (IResult)new Page<NewClientPage>()).Requires(Permission.ManageClients);
        clients.MapPost("/new", CreateAsync).Requires(Permission.ManageClients);
        clients.MapGet("/{id}", (ClientId id, HttpContext context, CancellationToken ct) => ShowAsync(context, id, null, ct)).Requires(Permission.ReadClients);
        clients.MapPost("/{id}", UpdateAsync).Requires(Permission.ManageClients);
        clients.MapPost("/{id}/rotate-secret", RotateAsync).Requires(Permission.ManageClients);
        clients.MapPost("/{id}/disable", (ClientId id, HttpContext context, Actor actor, Origin origin, Db db, CancellationToken ct) =>
            MoveAsync(context, id, ClientState.Disabled, actor, origin, db, ct)).Requires(Permission.ManageClients);
        clients.MapPost("/{id}/enable", (ClientId id, HttpContext context, Actor actor, Origin origin, Db db, CancellationToken ct) =>
            MoveAsync(context, id, ClientState.Active, actor, origin, db, ct)).Requires(Permission.ManageClients);
        clients.MapPost("/{id}/delete", DeleteAsync).Requires(Permission.ManageClients);
    }

    private static async Task<IResult> ListAsync(HttpContext context, Actor actor, ClientDirectory directory, CancellationToken ct)
    {
        var query = TableQuery.From(context.Request);
        ClientId? before = ClientId.TryParse(query.After, null, out var cursor) ? cursor : null;
        var clients = await directory.ListAsync(actor.Tenant, query.Search, before, PageSize + 1, ct);
        return new Page<ClientsPage>(new
        {
            Clients = clients.Take(PageSize).ToList(),
            Next = clients.Count > PageSize ? clients[PageSize - 1].IdText : null,
            Query = query,
        });
    }

    private static async Task<IResult> ShowAsync(HttpContext context, ClientId id, Problem? refusal, CancellationToken ct, ClientForm? form = null)
    {
        var directory = context.RequestServices.GetRequiredService<ClientDirectory>();
        if (await directory.FindAsync(context.Features.Get<Actor>()!.Tenant, id, ct) is not { } client)
        {
            return ClientProblems.NotFound;
        }

        return new Page<ClientPage>(
            new { Client = client, Form = form ?? ClientForm.Of(client), Refusal = form is null ? refusal : null, Errors = ClientForm.ErrorsOf(form is null ? null : refusal) },
            refusal?.Status ?? StatusCodes.Status200OK);
    }

    private static async Task<IResult> CreateAsync(HttpContext context, Actor actor, Origin origin, Db db, SecretHash hash, CancellationToken ct)
    {
        var form = ClientForm.Read(await FormBody.ReadAsync(context.Request, ct));
        var metadata = form.ToCreate().ToMetadata();
        if (metadata.Refuse(form.Kind) is { } refusal)
        {
            return new Page<NewClientPage>(new { Form = form, Errors = ClientForm.ErrorsOf(refusal) }, refusal.Status);
        }

        var created = await db.InTenantAsync(actor.Tenant, tx => CreateClient.RunAsync(tx, origin, hash, metadata, form.Kind, ct), ct);
        return created.ClientSecret is { } secret
            ? new Page<ClientSecretPage>(new { Name = created.Client.Name, Id = created.Client.ClientId.ToString(), Secret = secret, IsNew = true }, StatusCodes.Status201Created)
            : Done.To(context, $"/console/clients/{created.Client.ClientId}", "saved");
    }

    private static async Task<IResult> UpdateAsync(ClientId id, HttpContext context, Actor actor, Origin origin, Db db, CancellationToken ct)
    {
        var form = ClientForm.Read(await FormBody.ReadAsync(context.Request, ct));
        return await db.InTenantAsync(actor.Tenant, tx => UpdateClient.RunAsync(tx, origin, id, form.ToUpdate(), ct), ct) switch
        {
            ClientChange.Changed => Done.To(context, $"/console/clients/{id}", "saved"),
            ClientChange.Refused refused => await ShowAsync(context, id, refused.Problem, ct, form),
            _ => ClientProblems.NotFound,
        };
    }

    private static async Task<IResult> RotateAsync(
        ClientId id, HttpContext context, Actor actor, Origin origin, Db db, SecretHash hash, ClientDirectory directory, CancellationToken ct)
    {
        var form = await FormBody.ReadAsync(context.Request, ct);
        var hours = int.TryParse(FormText.Of(form, "overlap_hours"), out var number) ? number : -1;
        if (RotateClientSecret.Refuse(hours) is { } refusal)
        {
            return await ShowAsync(context, id, refusal, ct);
        }

        var name = (await directory.FindAsync(actor.Tenant, id, ct))?.Name;
        return await db.InTenantAsync(actor.Tenant, tx => RotateClientSecret.RunAsync(tx, origin, hash, id, TimeSpan.FromHours(hours), ct), ct) switch
        {
            SecretRotation.Rotated rotated => new Page<ClientSecretPage>(new
            {
                Name = name ?? "",
                Id = id.ToString(),
                Secret = rotated.ClientSecret,
                OldSecretsEnd = hours == 0 ? (DateTimeOffset?)null : rotated.OldSecretsEnd,
            }),
            SecretRotation.HasNoSecret => await ShowAsync(context, id, ClientProblems.HasNoSecret, ct),
            _ => ClientProblems.NotFound,
        };
    }

    private static async Task<IResult> MoveAsync(
        HttpContext context, ClientId id, ClientState to, Actor actor, Origin origin, Db db, CancellationToken ct) =>
        await db.InTenantAsync(actor.Tenant, tx => UpdateClient.RunAsync(tx, origin, id, new UpdateClient.Request(State: to), ct), ct) switch
        {
            ClientChange.Changed => Done.To(context, $"/console/clients/{id}", to is ClientState.Active ? "client-enabled" : "client-disabled"),
            ClientChange.Refused refused => await ShowAsync(context, id, refused.Problem, ct),
            _ => ClientProblems.NotFound,
        };

    private static async Task<IResult> DeleteAsync(
        ClientId id, HttpContext context, Actor actor, Origin origin, Db db, ClientDirectory directory, CancellationToken ct)
    {
        if (await directory.FindAsync(actor.Tenant, id, ct) is not { } client)
        {
            return ClientProblems.NotFound;
        }

        var form = await FormBody.ReadAsync(context.Request, ct);
        if (!string.Equals(FormText.Of(form, "confirm"), client.Name, StringComparison.Ordinal))
        {
            return await ShowAsync(context, id, ConsoleProblems.NotConfirmed, ct);
        }

        return await db.InTenantAsync(actor.Tenant, tx => DeleteClient.RunAsync(tx, origin, id, ct), ct)
            ? Done.To(context, "/console/clients", "client-deleted")
            : ClientProblems.NotFound;
    }
}
