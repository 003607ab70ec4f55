using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Clients.Storage;
using Signet.Server.Permissions;

namespace Signet.Server.Clients;

/// <summary>What can happen when an application is to change.</summary>
public abstract record ClientChange
{
    private ClientChange()
    {
    }

    public sealed record Changed(Client Client) : ClientChange;

    public sealed record NotFound : ClientChange;

    public sealed record Refused(Problem Problem) : ClientChange;
}

/// <summary>Changes an application. What is not named stays; the whole is checked as if it were new.</summary>
public static class UpdateClient
{
    public sealed record Request(
        string? Name = null,
        IReadOnlyList<Grant>? Grants = null,
        IReadOnlyList<string>? RedirectUris = null,
        IReadOnlyList<string>? PostLogoutRedirectUris = null,
        IReadOnlyList<string>? Scopes = null,
        bool? AsksConsent = null,
        string? AccessTokenAlgorithm = null,
        string? IdTokenAlgorithm = null,
        int? AccessTokenSeconds = null,
        ClientState? State = null);

    public static void Map(RouteGroupBuilder clients) =>
        clients.MapPatch("/{id}", HandleAsync).Requires(Permission.ManageClients).Produces<ClientView>().WithSummary("Change an application.");

    public static async Task<ClientChange> RunAsync(Tx tx, Origin origin, ClientId id, Request request, CancellationToken ct)
    {
        if (await ClientRows.LockAsync(tx, id, ct) is not { } row)
        {
            return new ClientChange.NotFound();
        }

        var secrets = await ClientRows.SecretsAsync(tx, id, ct);
        var before = row.ToClient([.. secrets.Select(secret => secret.ToSecret())]);
        var metadata = Merge(before, request);
        if (metadata.Refuse(before.Kind) is { } refusal)
        {
            return new ClientChange.Refused(refusal);
        }

        var after = before with
        {
            Name = metadata.Name.Trim(),
            Grants = metadata.Grants,
            RedirectUris = metadata.RedirectUris,
            PostLogoutRedirectUris = metadata.PostLogoutRedirectUris,
            Scopes = metadata.Scopes,
            AsksConsent = metadata.AsksConsent,
            AccessTokenAlgorithm = metadata.AccessTokenAlgorithm,
            IdTokenAlgorithm = metadata.IdTokenAlgorithm,
            AccessTokenLife = TimeSpan.FromSeconds(metadata.AccessTokenSeconds),
            State = request.State ?? before.State,
            UpdatedAt = tx.Now,
        };
        await ClientRows.UpdateAsync(tx, ClientRow.Of(after), ct);
        Emit(tx, origin, before, after, request);
        tx.Notify(ClientDirectory.Topic, after.IdText);
        return new ClientChange.Changed(after);
    }

    private static ClientMetadata Merge(Client client, Request request) => new()
    {
        Name = request.Name ?? client.Name,
        Grants = request.Grants ?? client.Grants,
        RedirectUris = request.RedirectUris ?? client.RedirectUris,
        PostLogoutRedirectUris = request.PostLogoutRedirectUris ?? client.PostLogoutRedirectUris,
        Scopes = request.Scopes ?? client.Scopes,
        AsksConsent = request.AsksConsent ?? client.AsksConsent,
        AccessTokenAlgorithm = request.AccessTokenAlgorithm ?? client.AccessTokenAlgorithm,
        IdTokenAlgorithm = request.IdTokenAlgorithm ?? client.IdTokenAlgorithm,
        AccessTokenSeconds = request.AccessTokenSeconds ?? (int)client.AccessTokenLife.TotalSeconds,
    };

    private static void Emit(Tx tx, Origin origin, Client before, Client after, Request request)
    {
        (string Name, bool Named)[] all =
        [
            ("name", request.Name is not null), ("grants", request.Grants is not null), ("redirect_uris", request.RedirectUris is not null),
            ("post_logout_redirect_uris", request.PostLogoutRedirectUris is not null), ("scopes", request.Scopes is not null),
            ("asks_consent", request.AsksConsent is not null), ("access_token_algorithm", request.AccessTokenAlgorithm is not null),
            ("id_token_algorithm", request.IdTokenAlgorithm is not null), ("access_token_seconds", request.AccessTokenSeconds is not null),
        ];
        string[] fields = [.. all.Where(field => field.Named).Select(field => field.Name)];
        if (fields.Length > 0)
        {
            tx.Emit(origin, new ClientUpdated(after.Id, fields, after.RedirectUris));
        }

        if (after.State != before.State)
        {
            tx.Emit(origin, after.IsActive ? new ClientEnabled(after.Id) : new ClientDisabled(after.Id));
        }
    }

    private static async Task<IResult> HandleAsync(ClientId id, Request request, Actor actor, Origin origin, Db db, CancellationToken ct) =>
        await db.InTenantAsync(actor.Tenant, tx => RunAsync(tx, origin, id, request, ct), ct) switch
        {
            ClientChange.Changed changed => TypedResults.Ok(ClientView.Of(changed.Client)),
            ClientChange.Refused refused => refused.Problem,
            _ => ClientProblems.NotFound,
        };
}
