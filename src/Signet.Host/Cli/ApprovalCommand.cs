using System.CommandLine;
using Signet.Platform.Data;
using Signet.Server.Agents;
using Signet.Server.Approvals;

namespace Signet.Host.Cli;

/// <summary><c>signet approval …</c>: what agents asked people to approve, and what they must ask for.</summary>
internal static class ApprovalCommand
{
    private const int Most = 500;

    public static Command Make() => new("approval", "Approvals: actions of agents that need a person's word.") { List(), Cancel(), Require() };

    private static Command List()
    {
        var agent = new Option<string?>("--agent") { Description = "Id of an agent: only what this one asked." };
        var open = new Option<bool>("--open") { Description = "Only what can still be answered or used." };
        var tenant = TenantOption.Make();
        var json = Output.JsonOption();
        var command = new Command("list", "List the last 500, newest first.") { agent, open, tenant, json };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async (host, token) =>
        {
            var one = default(AgentId);
            if (parsed.GetValue(agent) is { } named && !AgentId.TryParse(named, null, out one))
            {
                return Output.Fail("--agent: is a UUID.");
            }

            if (await TenantOption.FindAsync(host, parsed.GetValue(tenant)!, token) is not { } found)
            {
                return TenantOption.Unknown(parsed.GetValue(tenant)!);
            }

            var rows = await host.Get<ShowApprovals>().ListAsync(
                found.Id, parsed.GetValue(agent) is null ? null : one, null, parsed.GetValue(open), null, Most, token);
            var now = host.Get<TimeProvider>().GetUtcNow();
            if (parsed.GetValue(json))
            {
                Output.Json(rows.Select(row => ShowApprovals.View.Of(row, now)));
                return 0;
            }

            Output.Table(
                rows, row => row.ApprovalId.ToString(), row => SnakeCase.Of(row.StateAt(now)), row => row.AgentId.ToString(), row => string.Join(' ', row.Scopes));
            return 0;
        }, ct));
        return command;
    }

    private static Command Cancel()
    {
        var id = new Argument<string>("approval-id") { Description = "The approval." };
        var tenant = TenantOption.Make();
        var command = new Command("cancel", "Take an approval back, with the token it gave.") { id, tenant };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async (host, token) =>
        {
            if (!ApprovalId.TryParse(parsed.GetValue(id), null, out var approval))
            {
                return Output.Fail("approval-id: is a UUID.");
            }

            if (await TenantOption.FindAsync(host, parsed.GetValue(tenant)!, token) is not { } found)
            {
                return TenantOption.Unknown(parsed.GetValue(tenant)!);
            }

            return await host.Get<CancelApproval>().RunAsync(found.Id, host.Origin, approval, null, null, "cancelled", token)
                ? 0
                : Output.Fail("There is no such approval that could be taken back.");
        }, ct));
        return command;
    }

    private static Command Require()
    {
        var id = new Argument<string>("agent-id") { Description = "The agent." };
        var scopes = new Option<string[]>("--scope") { Description = "A scope it gets through an approval only; repeat for more. None: it needs no approval.", DefaultValueFactory = _ => [] };
        var tenant = TenantOption.Make();
        var command = new Command("require", "Say which scopes of an agent need a person's approval.") { id, scopes, tenant };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async (host, token) =>
        {
            if (!AgentId.TryParse(parsed.GetValue(id), null, out var agent))
            {
                return Output.Fail("agent-id: is a UUID.");
            }

            if (await TenantOption.FindAsync(host, parsed.GetValue(tenant)!, token) is not { } found)
            {
                return TenantOption.Unknown(parsed.GetValue(tenant)!);
            }

            var request = new UpdateAgent.Request(ApprovalScopes: parsed.GetValue(scopes) ?? []);
            return await host.Get<UpdateAgent>().RunAsync(found.Id, host.Origin, agent, request, null, token) is AgentChange.Refused refused
                ? Output.Fail(AgentCommand.Describe(refused.Problem))
                : 0;
        }, ct));
        return command;
    }
}
