using System.CommandLine;
using Signet.Server.Audit;

namespace Signet.Host.Cli;

/// <summary><c>signet audit verify|export|keys</c>: the record, and the proof that nobody changed it.</summary>
internal static class AuditCommand
{
    public static Command Make() => new("audit", "The audit record.") { Verify(), Export(), Keys() };

    private static Command Verify()
    {
        var export = new Option<string?>("--export") { Description = "An exported file: it is checked without any database." };
        var key = new Option<string?>("--key") { Description = "File of the public keys to trust; goes with --export." };
        var checkpoints = new Option<string[]>("--checkpoint") { Description = "A signed checkpoint kept elsewhere; repeat for more.", DefaultValueFactory = _ => [] };
        var tenant = TenantOption.Make();
        var json = Output.JsonOption();
        var command = new Command("verify", "Check a tenant's record: every edit, deletion, reordering, truncation and fork is named.") { export, key, checkpoints, tenant, json };
        command.SetAction((parsed, ct) => parsed.GetValue(export) is { } file
            ? VerifyFileAsync(file, parsed.GetValue(key), parsed.GetValue(checkpoints)!, parsed.GetValue(json), ct)
            : CommandHost.RunAsync(parsed, async (host, token) =>
            {
                if (await TenantOption.FindAsync(host, parsed.GetValue(tenant)!, token) is not { } found)
                {
                    return TenantOption.Unknown(parsed.GetValue(tenant)!);
                }

                var witnessed = await ReadAllAsync(parsed.GetValue(checkpoints)!, token);
                return Report(await host.Get<VerifyAudit>().RunAsync(found.Id, witnessed, token), parsed.GetValue(json));
            }, ct));
        return command;
    }

    private static async Task<int> VerifyFileAsync(string export, string? keyFile, string[] checkpoints, bool json, CancellationToken ct)
    {
        if (keyFile is null)
        {
            return Output.Fail("--key: name the file of the public keys to trust; those an export names itself prove nothing.");
        }

        foreach (var file in checkpoints.Append(export).Append(keyFile))
        {
            if (!File.Exists(file))
            {
                return Output.Fail($"There is no file {file}.");
            }
        }

        return VerifyExport.TryReadKeys(await File.ReadAllTextAsync(keyFile, ct)) is { Count: > 0 } keys
            ? Report(await VerifyExport.RunAsync(() => File.OpenRead(export), keys, await ReadAllAsync(checkpoints, ct), ct), json)
            : Output.Fail("--key: holds no key in the form that signet audit keys prints.");
    }

    private static int Report(AuditVerification found, bool json)
    {
        if (json)
        {
            Output.Json(found);
        }
        else
        {
            Output.Line($"{found.Checked} records checked, {found.Pruned} of them pruned, {found.Signed} under a signed checkpoint.");
            Output.Lines(found.Faults.Select(fault => fault.ToString()));
            Output.Line(found.Faults.Count == 0 ? "The record is intact." : $"{found.Faults.Count} faults.");
        }

        return found.Faults.Count == 0 ? 0 : 1;
    }

    private static Command Export()
    {
        var output = new Option<string>("--output") { Description = "File to write; - is standard output.", DefaultValueFactory = _ => "-" };
        var tenant = TenantOption.Make();
        var command = new Command("export", "Write a tenant's sealed record as lines of JSON.") { output, tenant };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async (host, token) =>
        {
            if (await TenantOption.FindAsync(host, parsed.GetValue(tenant)!, token) is not { } found)
            {
                return TenantOption.Unknown(parsed.GetValue(tenant)!);
            }

            var path = parsed.GetValue(output)!;
            await using var stream = path == "-"
                ? Console.OpenStandardOutput()
                : new FileStream(path, new FileStreamOptions
                {
                    Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                });
            await host.Get<ExportAudit>().RunAsync(found.Id, host.Origin, stream, token);
            return 0;
        }, ct));
        return command;
    }

    private static Command Keys()
    {
        var tenant = TenantOption.Make();
        var command = new Command("keys", "Print the public keys of a tenant's checkpoints, for verifying elsewhere.") { tenant };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async (host, token) =>
        {
            if (await TenantOption.FindAsync(host, parsed.GetValue(tenant)!, token) is not { } found)
            {
                return TenantOption.Unknown(parsed.GetValue(tenant)!);
            }

            Output.Lines(await host.Get<GetCheckpoint>().ListKeysAsync(found.Id, token));
            return 0;
        }, ct));
        return command;
    }

    private static async Task<IReadOnlyList<string>> ReadAllAsync(IEnumerable<string> files, CancellationToken ct)
    {
        List<string> texts = [];
        foreach (var file in files)
        {
            texts.Add(await File.ReadAllTextAsync(file, ct));
        }

        return texts;
    }
}
