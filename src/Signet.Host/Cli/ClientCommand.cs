using System.CommandLine;
using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Server.Clients;

namespace Signet.Host.Cli;

/// <summary><c>signet client create|list|rotate-secret|delete</c>: applications.</summary>
internal static class ClientCommand
{
    public static Command Make() => new("client", "Applications that ask for tokens.") { Create(), List(), Rotate(), Delete() };

    private static Command Create()
    {
        var name = new Option<string>("--name") { Description = "What people see.", Required = true };
        var redirects = new Option<string[]>("--redirect-uri") { Description = "Where answers go; repeat for more.", DefaultValueFactory = _ => [] };
        var logouts = new Option<string[]>("--post-logout-redirect-uri") { Description = "Where people go after signing out; repeat for more.", DefaultValueFactory = _ => [] };
        var grants = new Option<string[]>("--grant") { Description = "authorization_code, refresh_token, client_credentials; repeat for more.", DefaultValueFactory = _ => [] };
        var scopes = new Option<string[]>("--scope") { Description = "A scope it may ask for; repeat for more.", DefaultValueFactory = _ => [] };
        var isPublic = new Option<bool>("--public") { Description = "An application that can keep no secret." };
        var trusted = new Option<bool>("--trusted") { Description = "Our own: people are not asked for consent." };
        var algorithm = new Option<string>("--access-token-algorithm") { Description = "What signs its access tokens.", DefaultValueFactory = _ => "ES256" };
        var tenant = TenantOption.Make();
        var json = Output.JsonOption();
        var command = new Command("create", "Register an application.") { name, redirects, logouts, grants, scopes, isPublic, trusted, algorithm, tenant, json };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async (host, token) =>
        {
            List<Grant> wanted = [];
            foreach (var text in parsed.GetValue(grants)!)
            {
                if (!SnakeCase.TryParse<Grant>(text, out var grant))
                {
                    return Output.Fail("--grant: is to be authorization_code, refresh_token or client_credentials.");
                }

                wanted.Add(grant);
            }

            var request = new CreateClient.Request(
                parsed.GetValue(name)!,
                wanted.Count > 0 ? wanted : null,
                parsed.GetValue(redirects),
                parsed.GetValue(logouts),
                parsed.GetValue(scopes) is { Length: > 0 } named ? named : null,
                parsed.GetValue(isPublic) ? ClientKind.Public : ClientKind.Confidential,
                AsksConsent: !parsed.GetValue(trusted),
                AccessTokenAlgorithm: parsed.GetValue(algorithm)!);
            return await CreateAsync(host, parsed.GetValue(tenant)!, request, parsed.GetValue(json), token);
        }, ct));
        return command;
    }

    private static async Task<int> CreateAsync(CommandHost host, string slug, CreateClient.Request request, bool json, CancellationToken ct)
    {
        var metadata = request.ToMetadata();
        if (metadata.Refuse(request.Kind) is { Errors: { } errors })
        {
            return Output.Fail(errors.SelectMany(error => error.Value.Select(message => $"{error.Key}: {message}")));
        }

        if (await TenantOption.FindAsync(host, slug, ct) is not { } tenant)
        {
            return TenantOption.Unknown(slug);
        }

        var created = await host.Get<Db>().InTenantAsync(
            tenant.Id, tx => CreateClient.RunAsync(tx, host.Origin, host.Get<SecretHash>(), metadata, request.Kind, ct), ct);
        if (json)
        {
            Output.Json(new { created.Client.ClientId, created.ClientSecret, created.Client.Name, created.Client.Grants, created.Client.RedirectUris, created.Client.Scopes });
            return 0;
        }

        Output.Line($"client_id      {created.Client.ClientId}");
        if (created.ClientSecret is { } secret)
        {
            Output.Line($"client_secret  {secret}");
            Output.Line("The secret is not shown again.");
        }

        return 0;
    }

    private static Command List()
    {
        var tenant = TenantOption.Make();
        var json = Output.JsonOption();
        var command = new Command("list", "List applications.") { tenant, json };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async (host, token) =>
        {
            if (await TenantOption.FindAsync(host, parsed.GetValue(tenant)!, token) is not { } found)
            {
                return TenantOption.Unknown(parsed.GetValue(tenant)!);
            }

            var clients = await host.Get<ClientDirectory>().ListAsync(found.Id, null, null, 1000, token);
            if (parsed.GetValue(json))
            {
                Output.Json(clients.Select(ClientView.Of));
            }
            else
            {
                Output.Table(clients, client => client.IdText, client => client.Name, client => SnakeCase.Of(client.State));
            }

            return 0;
        }, ct));
        return command;
    }

    private static Command Rotate()
    {
        var id = new Argument<string>("client-id") { Description = "The application." };
        var overlap = new Option<int>("--overlap-hours") { Description = "How long the old secrets still hold.", DefaultValueFactory = _ => 0 };
        var tenant = TenantOption.Make();
        var json = Output.JsonOption();
        var command = new Command("rotate-secret", "Give an application a new secret.") { id, overlap, tenant, json };
        command.SetAction((parsed, ct) => WithClientAsync(parsed, id, tenant, async (host, db, found, client) =>
        {
            if (RotateClientSecret.Refuse(parsed.GetValue(overlap)) is { } refusal)
            {
                return Output.Fail(refusal.Detail ?? refusal.Title);
            }

            var rotation = await db.InTenantAsync(found, tx =>
                RotateClientSecret.RunAsync(tx, host.Origin, host.Get<SecretHash>(), client, TimeSpan.FromHours(parsed.GetValue(overlap)), ct), ct);
            if (rotation is not SecretRotation.Rotated rotated)
            {
                return Output.Fail(rotation is SecretRotation.NotFound ? "There is no such application." : "This application has no secret.");
            }

            if (parsed.GetValue(json))
            {
                Output.Json(rotated);
            }
            else
            {
                Output.Line($"client_secret  {rotated.ClientSecret}");
                Output.Line($"Old secrets end at {rotated.OldSecretsEnd:u}.");
            }

            return 0;
        }, ct));
        return command;
    }

    private static Command Delete()
    {
        var id = new Argument<string>("client-id") { Description = "The application." };
        var tenant = TenantOption.Make();
        var command = new Command("delete", "Delete an application and all its tokens.") { id, tenant };
        command.SetAction((parsed, ct) => WithClientAsync(parsed, id, tenant, async (host, db, found, client) =>
            await db.InTenantAsync(found, tx => DeleteClient.RunAsync(tx, host.Origin, client, ct), ct)
                ? 0
                : Output.Fail("There is no such application."), ct));
        return command;
    }

    private static Task<int> WithClientAsync(
        ParseResult parsed, Argument<string> id, Option<string> tenant, Func<CommandHost, Db, TenantId, ClientId, Task<int>> work, CancellationToken ct) =>
        CommandHost.RunAsync(parsed, async (host, token) =>
        {
            if (!ClientId.TryParse(parsed.GetValue(id), null, out var client))
            {
                return Output.Fail("client-id: is a UUID.");
            }

            return await TenantOption.FindAsync(host, parsed.GetValue(tenant)!, token) is { } found
                ? await work(host, host.Get<Db>(), found.Id, client)
                : TenantOption.Unknown(parsed.GetValue(tenant)!);
        }, ct);
}
