using System.CommandLine;
using System.Globalization;
using Signet.Server.Agents;

namespace Signet.Host.Cli;

/// <summary><c>signet agent budget</c>: what an agent may use in a month.</summary>
internal static class AgentBudgetCommand
{
    public static Command Make()
    {
        var id = new Argument<string>("agent-id") { Description = "The agent." };
        var tokens = new Option<string>("--tokens") { Description = "Access tokens a calendar month (UTC); none: as the tenant.", Required = true };
        var tenant = TenantOption.Make();
        var command = new Command("budget", "Set how many tokens an agent gets in a month.") { id, tokens, tenant };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async (host, token) =>
        {
            if (!AgentId.TryParse(parsed.GetValue(id), null, out var agent))
            {
                return Output.Fail("agent-id: is a UUID.");
            }

            if (!TryRead(parsed.GetValue(tokens)!, out var most))
            {
                return Output.Fail("--tokens: is to be a number, or none.");
            }

            if (await TenantOption.FindAsync(host, parsed.GetValue(tenant)!, token) is not { } found)
            {
                return TenantOption.Unknown(parsed.GetValue(tenant)!);
            }

            var request = new UpdateAgent.Request { MonthlyTokens = new Given<int>(most) };
            return await host.Get<UpdateAgent>().RunAsync(found.Id, host.Origin, agent, request, null, token) is AgentChange.Refused refused
                ? Output.Fail(AgentCommand.Describe(refused.Problem))
                : 0;
        }, ct));
        return command;
    }

    /// <summary>A whole number, or <c>none</c>, which is null.</summary>
    internal static bool TryRead(string text, out int? number)
    {
        var read = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value);
        number = read ? value : null;
        return read || text == "none";
    }
}
