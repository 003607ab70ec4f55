using System.CommandLine;
using System.Diagnostics;
using Signet.Platform.Data;
using Signet.Server.Operations;
using Signet.Server.Secrets;
using Signet.Server.Tenants;

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
        var password = new Option<string?>("--password") { Description = "Its first owner's password; - reads it from standard input. Not given: one is made and printed, once." };
        var byPath = new Option<bool>("--by-path") { Description = "Reach it at /t/NAME instead of NAME.BASE_DOMAIN." };
        var json = Output.JsonOption();
        var command = new Command("provision", "Make a tenant and its first owner.") { subdomain, name, email, firstName, lastName, password, byPath, json };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async (host, token) =>
        {
            var secret = parsed.GetValue(password) is "-" ? await Console.In.ReadLineAsync(token) ?? "" : parsed.GetValue(password);
            var request = new ProvisionWithOwner.Request(
                parsed.GetValue(subdomain)!,
                parsed.GetValue(name)!,
                new(parsed.GetValue(email)!, parsed.GetValue(firstName), parsed.GetValue(lastName), secret),
                parsed.GetValue(byPath) ? TenantAddress.Path : TenantAddress.Host);
            switch (await host.Get<ProvisionWithOwner>().RunAsync(host.Origin, request, token))
            {
                case ProvisioningWithOwner.Provisioned { Tenant: var tenant } made:
                    if (parsed.GetValue(json))
                    {
                        Output.Json(new { tenant.Id, tenant.Slug, tenant.Name, tenant.Origin, OwnerId = made.Owner.Id, OwnerPassword = made.Password });
                    }
                    else
                    {
                        Output.Lines([$"{tenant.Slug}  {tenant.Origin}", .. made.Password is null ? [] : (string[])[$"The owner's first password, shown this once: {made.Password}"]]);
                    }

                    return 0;
                case ProvisioningWithOwner.Refused { Problem.Errors: { } errors }:
                    return Output.Fail(errors.SelectMany(field => field.Value.Select(message => $"{OptionOf(field.Key)}: {message}")));
                default:
                    throw new UnreachableException();
            }
        }, ct));
        return command;
    }

    private static string OptionOf(string member) => member switch
    {
        "slug" => "--subdomain",
        "name" => "--tenant-name",
        "owner.email" => "--email",
        "owner.first_name" => "--first-name",
        "owner.password" => "--password",
        _ => member,
    };

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
