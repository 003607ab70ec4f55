using System.CommandLine;
using Signet.Platform.Data;
using Signet.Server.Agents;
using Signet.Server.Governance;

namespace Signet.Host.Cli;

/// <summary><c>signet blueprint create|list|show|change|register|apply|retire</c>: what agents of one kind are made of.</summary>
internal static class BlueprintCommand
{
    public static Command Make() => new("blueprint", "Blueprints: what agents of one kind are made of.")
    {
        Create(), List(), Show(), Change(), Register(), Apply(), Retire(),
    };

    private static Command Create()
    {
        var (options, tenant, json) = (new BlueprintOptions(isNew: true), TenantOption.Make(), Output.JsonOption());
        var command = new Command("create", "Make a blueprint.") { tenant, json };
        options.AddTo(command);
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async (host, token) =>
        {
            if (options.Fault(parsed) is { } fault)
            {
                return Output.Fail(fault);
            }

            return await TenantOption.FindAsync(host, parsed.GetValue(tenant)!, token) is not { } found
                ? TenantOption.Unknown(parsed.GetValue(tenant)!)
                : Print(await host.Get<CreateBlueprint>().RunAsync(found.Id, host.Origin, options.ToCreate(parsed), null, token), parsed.GetValue(json));
        }, ct));
        return command;
    }

    private static Command Change()
    {
        var (id, options, tenant, json) = (Id(), new BlueprintOptions(isNew: false), TenantOption.Make(), Output.JsonOption());
        var command = new Command("change", "Change a blueprint; what is not named stays, and its agents stay as they are until it is applied.") { id, tenant, json };
        options.AddTo(command);
        command.SetAction((parsed, ct) => WithBlueprintAsync(parsed, id, tenant, async (host, found, blueprint, token) =>
            options.Fault(parsed) is { } fault
                ? Output.Fail(fault)
                : Print(await host.Get<UpdateBlueprint>().RunAsync(found, host.Origin, blueprint, options.ToUpdate(parsed), null, token), parsed.GetValue(json)), ct));
        return command;
    }

    private static Command List()
    {
        var (tenant, json) = (TenantOption.Make(), Output.JsonOption());
        var command = new Command("list", "List blueprints, newest first.") { tenant, json };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async (host, token) =>
        {
            if (await TenantOption.FindAsync(host, parsed.GetValue(tenant)!, token) is not { } found)
            {
                return TenantOption.Unknown(parsed.GetValue(tenant)!);
            }

            var all = await host.Get<BlueprintDirectory>().ListAsync(found.Id, null, null, 1000, token);
            if (parsed.GetValue(json))
            {
                Output.Json(all.Select(BlueprintView.Of));
            }
            else
            {
                Output.Table(all, one => one.Id.ToString(), one => SnakeCase.Of(one.State), one => SnakeCase.Of(one.DeploymentEnv), one => one.Name);
            }

            return 0;
        }, ct));
        return command;
    }

    private static Command Show()
    {
        var (id, tenant, json) = (Id(), TenantOption.Make(), Output.JsonOption());
        var command = new Command("show", "Print one blueprint.") { id, tenant, json };
        command.SetAction((parsed, ct) => WithBlueprintAsync(parsed, id, tenant, async (host, found, blueprint, token) =>
            await host.Get<BlueprintDirectory>().FindAsync(found, blueprint, token) is { } one
                ? Print(one, parsed.GetValue(json))
                : Output.Fail(BlueprintProblems.NotFound.Title), ct));
        return command;
    }

    private static Command Register()
    {
        var (id, tenant, json) = (Id(), TenantOption.Make(), Output.JsonOption());
        var email = new Option<string>("--email") { Description = "The agent's address; no other agent has it.", Required = true };
        var owner = new Option<string>("--owner") { Description = "Id or address of the person who answers for it.", Required = true };
        var sponsor = new Option<string?>("--sponsor") { Description = "Id or address of who stands in for the owner." };
        var labels = LabelOption.Make("What it is filed under beside the blueprint's labels, as key:value; repeat for more.");
        var command = new Command("register", "Register an agent of a blueprint and give it a credential.") { id, email, owner, sponsor, labels, tenant, json };
        command.SetAction((parsed, ct) => WithBlueprintAsync(parsed, id, tenant, async (host, found, blueprint, token) =>
        {
            if (LabelOption.Read(parsed.GetValue(labels)!) is not { } filed)
            {
                return Output.Fail(LabelOption.Fault);
            }

            var request = new RegisterInstance.Request(parsed.GetValue(email)!, parsed.GetValue(owner), parsed.GetValue(sponsor), Labels: filed);
            var change = await host.Get<RegisterInstance>().RunAsync(found, host.Origin, blueprint, request, null, token);
            return await AgentCommand.ArmAsync(host, found, change, parsed.GetValue(json), token);
        }, ct));
        return command;
    }

    private static Command Apply()
    {
        var (id, tenant, json) = (Id(), TenantOption.Make(), Output.JsonOption());
        var command = new Command("apply", "Make the agents of a blueprint what it says now.") { id, tenant, json };
        command.SetAction((parsed, ct) => WithBlueprintAsync(parsed, id, tenant, async (host, found, blueprint, token) =>
        {
            switch (await host.Get<ApplyBlueprint>().RunAsync(found, host.Origin, blueprint, null, token))
            {
                case BlueprintApplication.Done { Applied: var applied } when parsed.GetValue(json):
                    Output.Json(applied);
                    return applied.Refused.Count == 0 ? 0 : 1;
                case BlueprintApplication.Done { Applied: var applied }:
                    Output.Line($"{applied.Changed.Count} changed, {applied.Unchanged} unchanged");
                    return applied.Refused.Count == 0 ? 0 : Output.Fail(applied.Refused.Select(one => $"{one.AgentId}: {one.Message}"));
                case BlueprintApplication.Refused refused:
                    return Output.Fail(AgentCommand.Describe(refused.Problem));
                default:
                    throw new System.Diagnostics.UnreachableException();
            }
        }, ct));
        return command;
    }

    private static Command Retire()
    {
        var (id, tenant) = (Id(), TenantOption.Make());
        var command = new Command("retire", "Retire a blueprint, for ever: no more agents are made of it.") { id, tenant };
        command.SetAction((parsed, ct) => WithBlueprintAsync(parsed, id, tenant, async (host, found, blueprint, token) =>
            await host.Get<UpdateBlueprint>().RetireAsync(found, host.Origin, blueprint, token) ? 0 : Output.Fail(BlueprintProblems.NotFound.Title), ct));
        return command;
    }

    private static int Print(BlueprintChange change, bool json) => change switch
    {
        BlueprintChange.Done done => Print(done.Blueprint, json),
        BlueprintChange.Refused { Problem: var problem } => Output.Fail(AgentCommand.Describe(problem)),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static int Print(Blueprint one, bool json)
    {
        if (json)
        {
            Output.Json(BlueprintView.Of(one));
            return 0;
        }

        Output.Line($"blueprint_id  {one.Id}");
        Output.Line($"name          {one.Name}");
        Output.Line($"status        {SnakeCase.Of(one.State)}");
        Output.Line($"agents are    {SnakeCase.Of(one.Type)} {one.Version}, {SnakeCase.Of(one.DeploymentEnv)}");
        Output.Line($"capabilities  {string.Join(' ', one.Capabilities)}");
        Output.Line($"scopes        {string.Join(' ', one.Scopes)}");
        Output.Line($"on approval   {(one.ApprovalScopes.Count == 0 ? "none" : string.Join(' ', one.ApprovalScopes))}");
        Output.Line($"labels        {string.Join(' ', one.Labels.Select(label => $"{label.Key}:{label.Value}"))}");
        Output.Line($"most agents   {one.MaxInstances?.ToString() ?? "no limit"}");
        Output.Line($"tokens        {one.MonthlyTokens?.ToString() ?? "as the tenant"} a month");
        Output.Line($"life          {(one.LifetimeDays is { } life ? $"{life} days" : "no end")}");
        Output.Line($"attested      {(one.AttestationDays is { } days ? $"every {days} days" : "never")}");
        return 0;
    }

    private static Argument<string> Id() => new("blueprint-id") { Description = "The blueprint." };

    private static Task<int> WithBlueprintAsync(
        ParseResult parsed, Argument<string> id, Option<string> tenant, Func<CommandHost, TenantId, BlueprintId, CancellationToken, Task<int>> work, CancellationToken ct) =>
        CommandHost.RunAsync(parsed, async (host, token) =>
        {
            if (!BlueprintId.TryParse(parsed.GetValue(id), null, out var blueprint))
            {
                return Output.Fail("blueprint-id: is a UUID.");
            }

            return await TenantOption.FindAsync(host, parsed.GetValue(tenant)!, token) is { } found
                ? await work(host, found.Id, blueprint, token)
                : TenantOption.Unknown(parsed.GetValue(tenant)!);
        }, ct);
}
