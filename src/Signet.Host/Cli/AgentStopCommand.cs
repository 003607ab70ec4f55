using System.CommandLine;
using Signet.Platform.Data;
using Signet.Server.Agents;
using Signet.Server.Users;

namespace Signet.Host.Cli;

/// <summary><c>signet agent stop-all</c>: the kill switch.</summary>
internal static class AgentStopCommand
{
    public static Command Make()
    {
        var owner = new Option<string?>("--owner") { Description = "Id of a person: only the agents this person answers for." };
        var blueprint = new Option<string?>("--blueprint") { Description = "Id of a blueprint: only the agents made of it." };
        var tenant = TenantOption.Make();
        var command = new Command("stop-all", "The kill switch: suspend all agents of the tenant, of one owner, or of one blueprint.") { owner, blueprint, tenant };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async (host, token) =>
        {
            UserId? person = null;
            if (parsed.GetValue(owner) is { } text)
            {
                if (!UserId.TryParse(text, null, out var named))
                {
                    return Output.Fail("--owner: is a UUID.");
                }

                person = named;
            }

            if (parsed.GetValue(blueprint) is { } of)
            {
                return person is not null ? Output.Fail("--owner, --blueprint: give one of them.")
                    : !BlueprintId.TryParse(of, null, out var made) ? Output.Fail("--blueprint: is a UUID.")
                    : await StopAsync(host, parsed.GetValue(tenant)!, (tx, cancel) => StopAgents.RunAsync(tx, host.Origin, made, cancel), token);
            }

            return await StopAsync(host, parsed.GetValue(tenant)!, (tx, cancel) => StopAgents.RunAsync(tx, host.Origin, person, cancel), token);
        }, ct));
        return command;
    }

    private static async Task<int> StopAsync(
        CommandHost host, string tenant, Func<Tx, CancellationToken, Task<IReadOnlyList<AgentId>>> stop, CancellationToken ct)
    {
        if (await TenantOption.FindAsync(host, tenant, ct) is not { } found)
        {
            return TenantOption.Unknown(tenant);
        }

        var stopped = await host.Get<Db>().InTenantAsync(found.Id, tx => stop(tx, ct), ct);
        Output.Line($"{stopped.Count} stopped");
        return 0;
    }
}
