using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Clients.Storage;
using Signet.Server.Permissions;

namespace Signet.Server.Clients;

/// <summary>Registers an application. Its secret is shown once and never again.</summary>
public static class CreateClient
{
    public sealed record Request(
        string Name,
        IReadOnlyList<Grant>? Grants = null,
        IReadOnlyList<string>? RedirectUris = null,
        IReadOnlyList<string>? PostLogoutRedirectUris = null,
        IReadOnlyList<string>? Scopes = null,
        ClientKind Kind = ClientKind.Confidential,
        bool AsksConsent = true,
        string AccessTokenAlgorithm = "ES256",
        string IdTokenAlgorithm = "RS256",
        int AccessTokenSeconds = 900)
    {
        public ClientMetadata ToMetadata() => new()
        {
            Name = Name,
            Grants = [.. (Grants ?? [Grant.AuthorizationCode, Grant.RefreshToken]).Distinct()],
            RedirectUris = [.. (RedirectUris ?? []).Distinct(StringComparer.Ordinal)],
            PostLogoutRedirectUris = [.. (PostLogoutRedirectUris ?? []).Distinct(StringComparer.Ordinal)],
            Scopes = [.. (Scopes ?? ClientMetadata.UsualScopes).Distinct(StringComparer.Ordinal)],
            AsksConsent = AsksConsent,
            AccessTokenAlgorithm = AccessTokenAlgorithm,
            IdTokenAlgorithm = IdTokenAlgorithm,
            AccessTokenSeconds = AccessTokenSeconds,
        };
    }

    /// <param name="ClientSecret">Null for an application without a secret.</param>
    public sealed record Created(ClientView Client, string? ClientSecret);

    public static void Map(RouteGroupBuilder clients) =>
        clients.MapPost("", HandleAsync).Requires(Permission.ManageClients).Produces<Created>(StatusCodes.Status201Created).WithSummary("Register an application.");

    public static async Task<Created> RunAsync(Tx tx, Origin origin, SecretHash hash, ClientMetadata metadata, ClientKind kind, CancellationToken ct)
    {
        var client = new Client(
            tx.NewId<ClientId>(), metadata.Name.Trim(), kind, metadata.Grants, metadata.RedirectUris, metadata.PostLogoutRedirectUris,
            metadata.Scopes, metadata.AsksConsent, metadata.AccessTokenAlgorithm, metadata.IdTokenAlgorithm,
            TimeSpan.FromSeconds(metadata.AccessTokenSeconds), ClientState.Active, tx.Now, tx.Now, []);
        await ClientRows.InsertAsync(tx, ClientRow.Of(client), ct);
        string? shown = null;
        if (kind is ClientKind.Confidential)
        {
            var (secret, row) = ClientSecrets.Make(hash, tx.NewId<ClientId>().Value, tx.Now);
            await ClientRows.AddSecretAsync(tx, client.Id, row, ct);
            shown = secret;
        }

        tx.Emit(origin, new ClientCreated(client.Id, client.Name, [.. client.Grants.Select(grant => SnakeCase.Of(grant))], client.RedirectUris));
        tx.Notify(ClientDirectory.Topic, client.IdText);
        return new Created(ClientView.Of(client), shown);
    }

    private static async Task<IResult> HandleAsync(Request request, Actor actor, Origin origin, Db db, SecretHash hash, CancellationToken ct)
    {
        var metadata = request.ToMetadata();
        if (metadata.Refuse(request.Kind) is { } refusal)
        {
            return refusal;
        }

        var created = await db.InTenantAsync(actor.Tenant, tx => RunAsync(tx, origin, hash, metadata, request.Kind, ct), ct);
        return TypedResults.Created($"/api/v1/clients/{created.Client.ClientId}", created);
    }
}

/// <summary>An application on the wire of the management API.</summary>
public sealed record ClientView(
    ClientId ClientId, string Name, ClientKind Kind, IReadOnlyList<Grant> Grants, IReadOnlyList<string> RedirectUris,
    IReadOnlyList<string> PostLogoutRedirectUris, IReadOnlyList<string> Scopes, bool AsksConsent, string AccessTokenAlgorithm,
    string IdTokenAlgorithm, int AccessTokenSeconds, ClientState State, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt,
    IReadOnlyList<ClientView.Secret> Secrets)
{
    /// <param name="Hint">How the secret begins, to recognise it by.</param>
    public sealed record Secret(Guid Id, string Hint, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt);

    public static ClientView Of(Client client) => new(
        client.Id, client.Name, client.Kind, client.Grants, client.RedirectUris, client.PostLogoutRedirectUris, client.Scopes,
        client.AsksConsent, client.AccessTokenAlgorithm, client.IdTokenAlgorithm, (int)client.AccessTokenLife.TotalSeconds, client.State,
        client.CreatedAt, client.UpdatedAt, [.. client.Secrets.Select(secret => new Secret(secret.Id, secret.Hint, secret.CreatedAt, secret.ExpiresAt))]);
}
