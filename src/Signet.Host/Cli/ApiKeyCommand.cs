using System.CommandLine;
using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Server.Permissions;
using Signet.Server.Users;

namespace Signet.Host.Cli;

/// <summary><c>signet apikey create|revoke</c>: keys for programs that call the management API.</summary>
internal static class ApiKeyCommand
{
    public static Command Make() => new("apikey", "Keys for programs that call the management API.") { Create(), Revoke() };

    private static Command Create()
    {
        var email = new Option<string>("--email") { Description = "Whom the key acts for.", Required = true };
        var name = new Option<string>("--name") { Description = "What it is for.", Required = true };
        var scopes = new Option<Permission[]>("--scope") { Description = "What it may do; repeat for more. Not given: all its owner may.", DefaultValueFactory = _ => [] };
        var days = new Option<int>("--days") { Description = "How long it holds.", DefaultValueFactory = _ => 90 };
        var tenant = TenantOption.Make();
        var command = new Command("create", "Make a key and print it, once.") { email, name, scopes, days, tenant };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async (host, token) =>
        {
            if (await TenantOption.FindAsync(host, parsed.GetValue(tenant)!, token) is not { } found)
            {
                return TenantOption.Unknown(parsed.GetValue(tenant)!);
            }

            if (EmailAddress.TryParse(parsed.GetValue(email)) is not { } address
                || await host.Get<UserDirectory>().FindByEmailAsync(found.Id, address, token) is not { } user)
            {
                return Output.Fail("--email: nobody has this address.");
            }

            IReadOnlyList<Permission> wanted = parsed.GetValue(scopes) is { Length: > 0 } named ? named : Enum.GetValues<Permission>();
            var request = new CreateApiKey.Request(parsed.GetValue(name)!, wanted, parsed.GetValue(days));
            if (CreateApiKey.Refuse(request) is { } refusal)
            {
                return Output.Fail(refusal.Detail ?? refusal.Title);
            }

            var created = await host.Get<Db>().InTenantAsync(
                found.Id, tx => CreateApiKey.RunAsync(tx, host.Origin, host.Get<SecretHash>(), user.Id.Value, request, token), token);
            Output.Line(created.Secret);
            return 0;
        }, ct));
        return command;
    }

    private static Command Revoke()
    {
        var id = new Argument<string>("id") { Description = "The key." };
        var tenant = TenantOption.Make();
        var command = new Command("revoke", "End a key now.") { id, tenant };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async (host, token) =>
            await TenantOption.FindAsync(host, parsed.GetValue(tenant)!, token) is { } found
            && ApiKeyId.TryParse(parsed.GetValue(id), null, out var key)
            && await host.Get<Db>().InTenantAsync(found.Id, tx => RevokeApiKey.RunAsync(tx, host.Origin, key, token), token)
                ? 0
                : Output.Fail("There is no such key that holds."), ct));
        return command;
    }
}
