using System.CommandLine;
using Signet.OpenIdFederation.Policy;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Server.Federation;
using Signet.Server.Tenants;

namespace Signet.Host.Cli;

/// <summary><c>signet federation policy apply|regenerate-entity|renew-subordinates|reload-trust-marks|enrol|list|suspend|activate|revoke</c>.</summary>
internal static class FederationCommand
{
    private const int PageSize = 500;

    public static Command Make() => new("federation", "OpenID Federation.")
    {
        Policy(), Regenerate(), Renew(), ReloadMarks(), Enrol(), List(),
        Move("suspend", "Suspend a subordinate: nothing is said of it until it is activated.", SubordinateState.Suspended),
        Move("activate", "Vouch for a subordinate that waits or is suspended.", SubordinateState.Active),
        Move("revoke", "Revoke a subordinate, for good.", SubordinateState.Revoked),
    };

    private static Command Policy() => new("policy", "Metadata policies.") { Apply() };

    private static Command Apply()
    {
        var file = new Argument<FileInfo?>("file")
        {
            Description = "Questions, one a line; standard input when not given.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command(
            "apply", """Answer lines of {"policies":[superior, …, immediate],"metadata":{…}} with what results: {"merged":…,"resolved":…}, or {"error":…,"detail":…}.""")
        {
            file,
        };
        command.SetAction(async (parsed, ct) =>
        {
            try
            {
                await using var input = parsed.GetValue(file) is { } questions ? questions.OpenRead() : Console.OpenStandardInput();
                await using var output = Console.OpenStandardOutput();
                await AnswerLines.RunAsync(input, output, PolicyQuestion.MaxBytes, line => PolicyQuestion.Answer(line), ct);
                return 0;
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                return Output.Fail(refused.Message);
            }
        });
        return command;
    }

    private static Command Regenerate()
    {
        var tenant = TenantOption.Make();
        var command = new Command("regenerate-entity", "Sign the entity's configuration and its historical keys anew.") { tenant };
        command.SetAction((parsed, ct) => WithTenantAsync(parsed, tenant, async (host, found, token) =>
            await host.Get<Db>().InTenantAsync(found.Id, tx => host.Get<WriteConfiguration>().RunAsync(tx, found, token), token) ? 0 : Output.Fail(FederationProblems.Off.Title), ct));
        return command;
    }

    // A script is to know: one that failed is a failure, whatever became of the rest.
    private static Command Renew()
    {
        var (tenant, json) = (TenantOption.Make(), Output.JsonOption());
        var command = new Command("renew-subordinates", "Look at every active subordinate again and sign its statement anew; fails where one could not be.") { tenant, json };
        command.SetAction((parsed, ct) => WithTenantAsync(parsed, tenant, async (host, found, token) =>
        {
            var report = await host.Get<RenewSubordinates>().RunAsync(found, host.Origin, token);
            if (parsed.GetValue(json))
            {
                Output.Json(report);
            }
            else
            {
                Output.Lines(report.Subordinates.Select(one => $"{one.Entityid}: {one.Fault ?? "renewed"}"));
                Output.Line($"{report.Renewed} renewed, {report.Failed} failed");
            }

            return report.Failed == 0 ? 0 : 1;
        }, ct));
        return command;
    }

    private static Command ReloadMarks()
    {
        var (tenant, json) = (TenantOption.Make(), Output.JsonOption());
        var command = new Command("reload-trust-marks", "Sign every active trust mark anew; fails where one could not be.") { tenant, json };
        command.SetAction((parsed, ct) => WithTenantAsync(parsed, tenant, async (host, found, token) =>
        {
            var report = await host.Get<RenewMarks>().ReissueAsync(found, host.Origin, token);
            if (parsed.GetValue(json))
            {
                Output.Json(report);
            }
            else
            {
                Output.Line($"{report.Renewed} signed anew, {report.Failed} failed");
            }

            return report.Failed == 0 ? 0 : 1;
        }, ct));
        return command;
    }

    private static Command Enrol()
    {
        var entity = new Argument<string>("entity") { Description = "The entity identifier." };
        var pending = new Option<bool>("--pending") { Description = "It waits until somebody activates it." };
        var plan = new Option<bool>("--dry-run") { Description = "Nothing is stored; prints what would be said of it." };
        var (tenant, json) = (TenantOption.Make(), Output.JsonOption());
        var command = new Command("enrol", "Enrol a subordinate.") { entity, pending, plan, tenant, json };
        command.SetAction((parsed, ct) => WithTenantAsync(parsed, tenant, async (host, found, token) =>
        {
            var wish = new SubordinateWish(Active: !parsed.GetValue(pending));
            switch (await host.Get<EnrolSubordinate>().RunAsync(found, host.Origin, parsed.GetValue(entity)!, wish, parsed.GetValue(plan), token))
            {
                case SubordinateChange.Done done when parsed.GetValue(json):
                    Output.Json(SubordinateView.Of(done.Subordinate));
                    return 0;
                case SubordinateChange.Done done:
                    Output.Line(done.Subordinate.Id.ToString());
                    return 0;
                case SubordinateChange.Planned planned:
                    Output.Json(planned.Preview);
                    return 0;
                case SubordinateChange.Refused refused:
                    return Fail(refused.Problem);
                default:
                    throw new System.Diagnostics.UnreachableException();
            }
        }, ct));
        return command;
    }

    private static Command List()
    {
        var (tenant, json) = (TenantOption.Make(), Output.JsonOption());
        var command = new Command("list", "List subordinates.") { tenant, json };
        command.SetAction((parsed, ct) => WithTenantAsync(parsed, tenant, async (host, found, token) =>
        {
            List<Subordinate> all = [];
            for (IReadOnlyList<Subordinate>? page = null; page is null || page.Count == PageSize;)
            {
                (page, _) = await ListSubordinates.RunAsync(host.Get<Db>(), found.Id, new ListSubordinates.Query(Limit: PageSize, Offset: all.Count), token);
                all.AddRange(page);
            }

            if (parsed.GetValue(json))
            {
                Output.Json(all.Select(SubordinateView.Of));
            }
            else
            {
                Output.Table(all, one => one.Id.ToString(), one => SnakeCase.Of(one.State), one => one.Entity.Value, one => one.ExpiresAt is { } end ? $"{end:u}" : "-", one => one.Fault ?? "");
            }

            return 0;
        }, ct));
        return command;
    }

    private static Command Move(string name, string description, SubordinateState to)
    {
        var entity = new Argument<string>("entity") { Description = "The entity identifier, or the subordinate's id." };
        var reason = new Option<string?>("--reason") { Description = "For the record, and for whoever asks what became of it." };
        var tenant = TenantOption.Make();
        var command = new Command(name, description) { entity, reason, tenant };
        command.SetAction((parsed, ct) => WithTenantAsync(parsed, tenant, async (host, found, token) =>
            await ListSubordinates.FindIdAsync(host.Get<Db>(), found.Id, parsed.GetValue(entity)!, token) is not { } id ? Output.Fail(FederationProblems.SubordinateNotFound.Title)
            : await host.Get<ChangeSubordinate>().MoveAsync(found, host.Origin, id, to, parsed.GetValue(reason), token) is SubordinateChange.Refused refused ? Fail(refused.Problem)
            : 0, ct));
        return command;
    }

    private static Task<int> WithTenantAsync(ParseResult parsed, Option<string> tenant, Func<CommandHost, Tenant, CancellationToken, Task<int>> work, CancellationToken ct) =>
        CommandHost.RunAsync(parsed, async (host, token) =>
            await TenantOption.FindAsync(host, parsed.GetValue(tenant)!, token) is { } found ? await work(host, found, token) : TenantOption.Unknown(parsed.GetValue(tenant)!), ct);

    private static int Fail(Problem problem) => Output.Fail(
        string.Join('\n', (problem.Errors ?? new Dictionary<string, string[]>()).Select(error => $"{error.Key}: {string.Join("; ", error.Value)}").Prepend(problem.Detail is { } detail ? $"{problem.Title} {detail}" : problem.Title)));
}
