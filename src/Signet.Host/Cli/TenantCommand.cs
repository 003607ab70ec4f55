using System.CommandLine;
using Signet.Platform.Data;
using Signet.Server.Passwords;
using Signet.Server.Permissions;
using Signet.Server.Secrets;
using Signet.Server.Tenants;
using Signet.Server.Users;

namespace Signet.Host.Cli;

/// <summary><c>signet tenant provision|list|suspend|resume|delete|settings</c>.</summary>
internal static class TenantCommand
{
    public static Command Make() => new("tenant", "Tenants: walls between customers.")
    {
        Provision(),
        List(),
        Move("suspend", "Let nobody in, and let no token hold; everything is kept.", TenantState.Suspended),
        Move("resume", "Let a suspended tenant work again.", TenantState.Active),
        Delete(),
        TenantSettingsCommand.Make(),
    };

    private static Command Provision()
    {
        var subdomain = new Option<string>("--subdomain") { Description = "Its name below the base domain.", Required = true };
        var name = new Option<string>("--tenant-name") { Description = "What people see.", Required = true };
        var email = new Option<string>("--email") { Description = "Its first owner's address.", Required = true };
        var firstName = new Option<string>("--first-name") { Description = "Its first owner's first name.", DefaultValueFactory = _ => "" };
        var lastName = new Option<string>("--last-name") { Description = "Its first owner's last name.", DefaultValueFactory = _ => "" };
        var password = new Option<string?>("--password") { Description = "Its first owner's password; - reads it from standard input." };
        var byPath = new Option<bool>("--by-path") { Description = "Reach it at /t/NAME instead of NAME.BASE_DOMAIN." };
        var json = Output.JsonOption();
        var command = new Command("provision", "Make a tenant and its first owner.") { subdomain, name, email, firstName, lastName, password, byPath, json };
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

            var made = await ProvisionTenant.RunAsync(
                host.Get<Db>(), host.Get<TenantDirectory>(), host.Origin, parsed.GetValue(subdomain)!, parsed.GetValue(name)!,
                parsed.GetValue(byPath) ? TenantAddress.Path : TenantAddress.Host, token);
            if (made is not Provisioning.Provisioned { Tenant: var tenant })
            {
                return Output.Fail(made is Provisioning.SlugTaken
                    ? "--subdomain: another tenant has this name."
                    : "--subdomain: is 1 to 63 lower-case letters, digits and inner hyphens, and not a reserved word.");
            }

            var displayName = $"{parsed.GetValue(firstName)} {parsed.GetValue(lastName)}".Trim();
            var wish = new CreateUser.Wish(address, EmailVerified: true, displayName.Length == 0 ? null : displayName, secret, Role.Owner);
            var owner = await host.Get<CreateUser>().RunAsync(tenant.Id, host.Origin, wish, token);
            if (parsed.GetValue(json))
            {
                Output.Json(new { tenant.Id, tenant.Slug, tenant.Name, tenant.Origin, OwnerId = owner?.Id });
            }
            else
            {
                Output.Line($"{tenant.Slug}  {tenant.Origin}");
            }

            return 0;
        }, ct));
        return command;
    }

    private static Command List()
    {
        var json = Output.JsonOption();
        var command = new Command("list", "List tenants.") { json };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async (host, token) =>
        {
            var tenants = await ListTenants.RunAsync(host.Get<Db>(), host.Get<TenantDirectory>(), null, 1000, token);
            if (parsed.GetValue(json))
            {
                Output.Json(tenants.Select(tenant => new { tenant.Id, tenant.Slug, tenant.Name, tenant.State, tenant.Origin }));
            }
            else
            {
                Output.Table(tenants, tenant => tenant.Slug, tenant => SnakeCase.Of(tenant.State), tenant => tenant.Origin, tenant => tenant.Name);
            }

            return 0;
        }, ct));
        return command;
    }

    private static Command Move(string verb, string description, TenantState to)
    {
        var slug = new Argument<string>("name") { Description = "The tenant." };
        var command = new Command(verb, description) { slug };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async (host, token) =>
            await ChangeTenantState.RunAsync(host.Get<Db>(), host.Origin, parsed.GetValue(slug)!, to, token)
                ? 0
                : Output.Fail("There is no such tenant in a state from which this is possible; the default tenant stays as it is."), ct));
        return command;
    }

    private static Command Delete()
    {
        var slug = new Argument<string>("name") { Description = "The tenant; it must be suspended." };
        var confirm = new Option<string>("--confirm") { Description = "The tenant's name once more: its data can't be read afterwards, by anybody.", Required = true };
        var command = new Command("delete", "Destroy a suspended tenant's keys, and with them its data.") { slug, confirm };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async (host, token) =>
        {
            var name = parsed.GetValue(slug)!;
            if (parsed.GetValue(confirm) != name)
            {
                return Output.Fail("--confirm: is to be the tenant's name.");
            }

            var db = host.Get<Db>();
            if (await host.Get<TenantDirectory>().FindBySlugAsync(name, token) is not { } tenant
                || !await ChangeTenantState.RunAsync(db, host.Origin, name, TenantState.Deleted, token))
            {
                return Output.Fail("There is no suspended tenant of this name.");
            }

            await db.InTenantAsync(tenant.Id, tx => EraseTenant.InAsync(tx, host.Origin, token), token);
            return 0;
        }, ct));
        return command;
    }
}
