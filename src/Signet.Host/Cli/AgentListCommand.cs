using System.CommandLine;
using Signet.Platform.Data;
using Signet.Server.Agents;
using Signet.Server.Users;

namespace Signet.Host.Cli;

/// <summary><c>signet agent list</c>.</summary>
internal static class AgentListCommand
{
    public static Command Make()
    {
        var search = new Option<string?>("--search") { Description = "Beginnings of words of the address, the address, or the id." };
        var owner = new Option<string?>("--owner") { Description = "Id of a person: only the agents this person answers for." };
        var status = new Option<string?>("--status") { Description = "active, suspended or decommissioned." };
        var env = new Option<string?>("--env") { Description = "development, staging or production." };
        var labels = LabelOption.Make("Only those that have this label, as key:value; repeat for those that have all.");
        var blueprint = new Option<string?>("--blueprint") { Description = "Id of a blueprint: only the agents made of it." };
        var orphaned = new Option<bool>("--orphaned") { Description = "Only those whose owner left." };
        var tenant = TenantOption.Make();
        var json = Output.JsonOption();
        var command = new Command("list", "List agents, newest first.") { search, owner, status, env, labels, blueprint, orphaned, tenant, json };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async (host, token) =>
        {
            var (person, state, environment) = (default(UserId), default(AgentState), default(DeploymentEnv));
            if (parsed.GetValue(owner) is { } named && !UserId.TryParse(named, null, out person))
            {
                return Output.Fail("--owner: is a UUID.");
            }

            if (parsed.GetValue(status) is { } wantedState && !SnakeCase.TryParse(wantedState, out state))
            {
                return Output.Fail("--status: is to be active, suspended or decommissioned.");
            }

            if (parsed.GetValue(env) is { } wantedEnv && !SnakeCase.TryParse(wantedEnv, out environment))
            {
                return Output.Fail("--env: is to be development, staging or production.");
            }

            var made = default(BlueprintId);
            if (parsed.GetValue(blueprint) is { } of && !BlueprintId.TryParse(of, null, out made))
            {
                return Output.Fail("--blueprint: is a UUID.");
            }

            if (LabelOption.Read(parsed.GetValue(labels)!) is null)
            {
                return Output.Fail(LabelOption.Fault);
            }

            if (await TenantOption.FindAsync(host, parsed.GetValue(tenant)!, token) is not { } found)
            {
                return TenantOption.Unknown(parsed.GetValue(tenant)!);
            }

            var wanted = new AgentsWanted(
                parsed.GetValue(search), parsed.GetValue(owner) is null ? null : person, State: parsed.GetValue(status) is null ? null : state,
                DeploymentEnv: parsed.GetValue(env) is null ? null : environment, Labels: parsed.GetValue(labels) is { Length: > 0 } all ? all : null,
                Blueprint: parsed.GetValue(blueprint) is null ? null : made, Orphaned: parsed.GetValue(orphaned) ? true : null);
            await PrintAllAsync(host, found.Id, wanted, parsed.GetValue(json), token);
            return 0;
        }, ct));
        return command;
    }

    private static async Task PrintAllAsync(CommandHost host, TenantId tenant, AgentsWanted wanted, bool json, CancellationToken ct)
    {
        const int PageSize = 500;
        List<Agent> all = [];
        for (AgentId? before = null; ; before = all[^1].Id)
        {
            var page = await host.Get<AgentDirectory>().ListAsync(tenant, wanted, before, PageSize, ct);
            all.AddRange(page);
            if (page.Count < PageSize)
            {
                break;
            }
        }

        if (json)
        {
            Output.Json(all.Select(AgentView.Of));
            return;
        }

        Output.Table(all, agent => agent.Id.ToString(), agent => SnakeCase.Of(agent.State), agent => SnakeCase.Of(agent.DeploymentEnv), agent => agent.Email);
    }
}
