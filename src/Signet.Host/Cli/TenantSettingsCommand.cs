using System.CommandLine;
using System.Text.Json;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Server.Operations;
using Signet.Server.Tenants;
using Signet.Server.Ui;

namespace Signet.Host.Cli;

/// <summary><c>signet tenant settings show|set</c>: the tenant's name, brand and registration.</summary>
internal static class TenantSettingsCommand
{
    public static Command Make() => new("settings", "What a tenant decides about itself.") { Show(), Set() };

    private static Command Show()
    {
        var tenant = TenantOption.Make();
        var json = Output.JsonOption();
        var command = new Command("show", "Print a tenant's name, brand and registration.") { tenant, json };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async (host, token) =>
        {
            if (await TenantOption.FindAsync(host, parsed.GetValue(tenant)!, token) is not { } found)
            {
                return TenantOption.Unknown(parsed.GetValue(tenant)!);
            }

            Print(await host.Get<TenantSettingsDirectory>().FindAsync(found.Id, token), found, parsed.GetValue(json));
            return 0;
        }, ct));
        return command;
    }

    private static Command Set()
    {
        var name = new Option<string?>("--display-name") { Description = "What people see; empty: the name the tenant was provisioned under." };
        var colour = new Option<string?>("--brand-colour") { Description = "One colour all others are made of, such as #0a5c6b." };
        var file = new Option<string?>("--brand-file") { Description = "File of the tokens in both schemes, in the form that show --json prints as brand_tokens." };
        var plain = new Option<bool>("--no-brand") { Description = "Go back to Signet's own colours." };
        var registration = new Option<string?>("--registration") { Description = "open or closed: whether people may make their own accounts." };
        var grace = new Option<int?>("--orphan-grace") { Description = "Days agents go on once their owner left, 0 to 365; 0: they stop at once." };
        var limits = new AgentLimitOptions();
        var tenant = TenantOption.Make();
        var json = Output.JsonOption();
        var command = new Command("set", "Change a tenant's name, brand, registration or limits of agents; what is not named stays.") { name, colour, file, plain, registration, grace, tenant, json };
        limits.AddTo(command);
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async (host, token) =>
        {
            if (await TenantOption.FindAsync(host, parsed.GetValue(tenant)!, token) is not { } found)
            {
                return TenantOption.Unknown(parsed.GetValue(tenant)!);
            }

            if (new[] { parsed.GetValue(colour) is not null, parsed.GetValue(file) is not null, parsed.GetValue(plain) }.Count(given => given) > 1)
            {
                return Output.Fail("--brand-colour, --brand-file, --no-brand: give one of them.");
            }

            BrandChoice? brand = parsed.GetValue(plain) ? new() : parsed.GetValue(colour) is { } one ? new(one) : null;
            if (parsed.GetValue(file) is { } path && (brand = await ReadAsync(path, token)) is null)
            {
                return Output.Fail("--brand-file: is no file of the tokens light and dark, six colours each.");
            }

            if (parsed.GetValue(registration) is not (null or "open" or "closed"))
            {
                return Output.Fail("--registration: is to be open or closed.");
            }

            if (limits.Fault(parsed) is { } fault)
            {
                return Output.Fail(fault);
            }

            var request = new ChangeTenantSettings.Request(
                parsed.GetValue(name), brand, parsed.GetValue(registration) is { } state ? state == "open" : null,
                limits.Read(parsed, (await host.Get<TenantSettingsDirectory>().FindAsync(found.Id, token)).Limits), parsed.GetValue(grace));
            if (ChangeTenantSettings.Refuse(request) is { } refusal)
            {
                return Output.Fail(refusal.Errors?.SelectMany(field => field.Value.Select(message => $"{field.Key}: {message}")) ?? [refusal.Title]);
            }

            var changed = await host.Get<Db>().InTenantAsync(found.Id, tx => ChangeTenantSettings.RunAsync(tx, host.Origin, request, token), token);
            Print(changed, found, parsed.GetValue(json));
            return 0;
        }, ct));
        return command;
    }

    private static async Task<BrandChoice?> ReadAsync(string path, CancellationToken ct)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            await using var stream = File.OpenRead(path);
            return await JsonSerializer.DeserializeAsync<BrandChoice>(stream, HttpJson.Options, ct) is { Light: not null } read ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Print(TenantSettings settings, Tenant tenant, bool json)
    {
        if (json)
        {
            Output.Json(TenantSettingsView.Of(settings, tenant));
            return;
        }

        Output.Line($"display name  {settings.NameOf(tenant)}");
        Output.Line($"brand         {(settings.Brand is null ? "Signet's own colours" : settings.Brand.Colour ?? "each colour by hand")}");
        Output.Line($"registration  {(settings.RegistrationOpen ? "open" : "closed")}");
        Output.Line($"orphans       suspended after {settings.OrphanGrace.TotalDays:0} days without an owner");
        Output.Line($"agents        {settings.Limits.Agents?.ToString() ?? "no limit"}");
        Output.Line($"tokens        {settings.Limits.TokensAMonth?.ToString() ?? "no limit"} a month for each agent");
        Output.Line($"requests      {settings.Limits.RequestsAMinute?.ToString() ?? "no limit"} a minute for each client");
    }
}
