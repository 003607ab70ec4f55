using System.CommandLine;
using Signet.Platform.Data;
using Signet.Server.Passwords;
using Signet.Server.Permissions;
using Signet.Server.Tenants;
using Signet.Server.Users;

namespace Signet.Host.Cli;

/// <summary><c>signet user create|list|role|deactivate</c>: people.</summary>
internal static class UserCommand
{
    public static Command Make() => new("user", "People.") { Create(), List(), SetRole(), Deactivate() };

    private static Command Create()
    {
        var email = new Option<string>("--email") { Description = "Their address.", Required = true };
        var password = new Option<string?>("--password") { Description = "Their password; - reads it from standard input." };
        var name = new Option<string?>("--name") { Description = "What to call them." };
        var verified = new Option<bool>("--verified") { Description = "The address is known to be theirs." };
        var role = new Option<Role>("--role") { Description = "user, auditor, admin or owner.", DefaultValueFactory = _ => Role.User };
        var tenant = TenantOption.Make();
        var json = Output.JsonOption();
        var command = new Command("create", "Add a person.") { email, password, name, verified, role, tenant, json };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async (host, token) =>
        {
            if (EmailAddress.TryParse(parsed.GetValue(email)) is not { } address)
            {
                return Output.Fail("--email: is to be an address such as ada@example.org.");
            }

            var secret = parsed.GetValue(password) is "-" ? await Console.In.ReadLineAsync(token) : parsed.GetValue(password);
            if (secret is not null && PasswordRules.Refuse(secret, address.Value) is { } weak)
            {
                return Output.Fail($"--password: {weak}");
            }

            if (await TenantOption.FindAsync(host, parsed.GetValue(tenant)!, token) is not { } found)
            {
                return TenantOption.Unknown(parsed.GetValue(tenant)!);
            }

            var wish = new CreateUser.Wish(address, parsed.GetValue(verified), parsed.GetValue(name), secret, parsed.GetValue(role));
            if (await host.Get<CreateUser>().RunAsync(found.Id, host.Origin, wish, token) is not { } user)
            {
                return Output.Fail("--email: this address has an account already.");
            }

            if (parsed.GetValue(json))
            {
                Output.Json(UserView.Of(user));
            }
            else
            {
                Output.Line($"{user.Id}  {user.Email}");
            }

            return 0;
        }, ct));
        return command;
    }

    private static Command List()
    {
        var search = new Option<string?>("--search") { Description = "An address, or beginnings of words." };
        var tenant = TenantOption.Make();
        var json = Output.JsonOption();
        var command = new Command("list", "List people, newest first.") { search, tenant, json };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async (host, token) =>
        {
            if (await TenantOption.FindAsync(host, parsed.GetValue(tenant)!, token) is not { } found)
            {
                return TenantOption.Unknown(parsed.GetValue(tenant)!);
            }

            var users = await host.Get<UserDirectory>().ListAsync(found.Id, parsed.GetValue(search), null, null, 200, token);
            if (parsed.GetValue(json))
            {
                Output.Json(users.Select(UserView.Of));
            }
            else
            {
                Output.Table(users, user => user.Id.ToString(), user => user.Email.Value, user => SnakeCase.Of(user.State), user => user.DisplayName ?? "");
            }

            return 0;
        }, ct));
        return command;
    }

    private static Command SetRole()
    {
        var email = new Option<string>("--email") { Description = "Whose.", Required = true };
        var role = new Option<Role>("--role") { Description = "user, auditor, admin or owner.", Required = true };
        var tenant = TenantOption.Make();
        var command = new Command("role", "Give a person a role.") { email, role, tenant };
        command.SetAction((parsed, ct) => WithUserAsync(parsed, email, tenant, async (host, found, user) =>
            await host.Get<Db>().InTenantAsync(found.Id, tx => AssignRole.RunAsync(tx, host.Origin, user.Id.Value, parsed.GetValue(role), ct), ct)
                is RoleChange.LastOwner
                ? Output.Fail("A tenant keeps at least one owner.")
                : 0, ct));
        return command;
    }

    private static Command Deactivate()
    {
        var email = new Option<string>("--email") { Description = "Whom.", Required = true };
        var tenant = TenantOption.Make();
        var command = new Command("deactivate", "End every session and token of a person, and let them in no more.") { email, tenant };
        command.SetAction((parsed, ct) => WithUserAsync(parsed, email, tenant, async (host, found, user) =>
        {
            await host.Get<Db>().InTenantAsync(found.Id, tx => ChangeUserState.RunAsync(tx, host.Origin, user.Id, UserState.Deactivated, ct), ct);
            return 0;
        }, ct));
        return command;
    }

    private static Task<int> WithUserAsync(
        ParseResult parsed, Option<string> email, Option<string> tenant, Func<CommandHost, Tenant, User, Task<int>> work, CancellationToken ct) =>
        CommandHost.RunAsync(parsed, async (host, token) =>
        {
            if (await TenantOption.FindAsync(host, parsed.GetValue(tenant)!, token) is not { } found)
            {
                return TenantOption.Unknown(parsed.GetValue(tenant)!);
            }

            return EmailAddress.TryParse(parsed.GetValue(email)) is { } address
                && await host.Get<UserDirectory>().FindByEmailAsync(found.Id, address, token) is { } user
                ? await work(host, found, user)
                : Output.Fail("--email: nobody has this address.");
        }, ct);
}
