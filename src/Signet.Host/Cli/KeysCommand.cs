using System.CommandLine;
using Signet.Jose;
using Signet.Platform.Data;
using Signet.Server.Keys;

namespace Signet.Host.Cli;

/// <summary><c>signet keys generate|list|rotate|drop</c>.</summary>
internal static class KeysCommand
{
    public static Command Make() => new("keys", "Signing keys.") { Generate(), List(), Rotate(), Drop() };

    private static Command Generate()
    {
        var type = new Option<string>("--type") { Description = string.Join(", ", SigningAlgorithms.All) + ".", Required = true };
        var output = new Option<string>("--output") { Description = "Folder to write to.", DefaultValueFactory = _ => "." };
        var force = new Option<bool>("--force") { Description = "Overwrite an existing private key." };
        var command = new Command("generate", "Make a key pair in files: private.json and publickeys/KID.json.") { type, output, force };
        command.SetAction(parsed => SigningAlgorithms.TryParse(parsed.GetValue(type)!) is { } algorithm
            ? GenerateKeyFiles.Run(JwsAlgorithm.TryParse(algorithm)!, parsed.GetValue(output)!, parsed.GetValue(force))
            : Output.Fail($"--type: is to be one of {string.Join(", ", SigningAlgorithms.All)}."));
        return command;
    }

    private static Command List()
    {
        var tenant = TenantOption.Make();
        var json = Output.JsonOption();
        var command = new Command("list", "List a tenant's signing keys.") { tenant, json };
        command.SetAction((parsed, ct) => InTenantAsync(parsed, tenant, async (host, id) =>
        {
            var keys = await ManageKeys.ListAsync(host.Get<Db>(), id, ct);
            if (parsed.GetValue(json))
            {
                Output.Json(keys);
            }
            else
            {
                Output.Table(keys, key => key.Algorithm, key => SnakeCase.Of(key.State), key => key.Kid, key => $"{key.CreatedAt:u}");
            }

            return 0;
        }, ct));
        return command;
    }

    private static Command Rotate()
    {
        var algorithm = new Option<string>("--alg") { Description = string.Join(", ", SigningAlgorithms.All) + ".", Required = true };
        var atOnce = new Option<bool>("--now") { Description = "The new key signs at once; relying parties that keep the key set may refuse it for an hour." };
        var tenant = TenantOption.Make();
        var command = new Command("rotate", "Announce a new signing key; it signs a day later.") { algorithm, atOnce, tenant };
        command.SetAction((parsed, ct) => InTenantAsync(parsed, tenant, async (host, id) =>
        {
            if (SigningAlgorithms.TryParse(parsed.GetValue(algorithm)!) is not { } name)
            {
                return Output.Fail($"--alg: is to be one of {string.Join(", ", SigningAlgorithms.All)}.");
            }

            Output.Line(await host.Get<Db>().InTenantAsync(id, tx => host.Get<MoveKeys>().RotateAsync(tx, host.Origin, name, parsed.GetValue(atOnce), ct), ct));
            return 0;
        }, ct));
        return command;
    }

    private static Command Drop()
    {
        var kid = new Argument<string>("kid") { Description = "The key." };
        var reason = new Option<string>("--reason") { Description = "Goes on record.", Required = true };
        var tenant = TenantOption.Make();
        var command = new Command("drop", "Withdraw a key now: nothing it signed is believed from here on.") { kid, reason, tenant };
        command.SetAction((parsed, ct) => InTenantAsync(parsed, tenant, async (host, id) =>
        {
            if (await host.Get<Db>().InTenantAsync(id, tx => host.Get<MoveKeys>().DropAsync(tx, host.Origin, parsed.GetValue(kid)!, parsed.GetValue(reason)!, ct), ct)
                is not { } successor)
            {
                return Output.Fail("There is no such key that is published.");
            }

            Output.Line(successor);
            return 0;
        }, ct));
        return command;
    }

    private static Task<int> InTenantAsync(ParseResult parsed, Option<string> tenant, Func<CommandHost, TenantId, Task<int>> work, CancellationToken ct) =>
        CommandHost.RunAsync(parsed, async (host, token) =>
            await TenantOption.FindAsync(host, parsed.GetValue(tenant)!, token) is { } found
                ? await work(host, found.Id)
                : TenantOption.Unknown(parsed.GetValue(tenant)!), ct);
}
