using System.CommandLine;
using Signet.Server.Tenants;

namespace Signet.Host.Cli;

/// <summary>The three limits of agents as options; what is not named stays, <c>none</c> takes a limit away.</summary>
internal sealed class AgentLimitOptions
{
    private readonly Option<string?> agents = new("--most-agents") { Description = "Most agents that are not decommissioned; none: no limit." };
    private readonly Option<string?> tokens = new("--agent-tokens") { Description = "Most access tokens of each agent in a calendar month (UTC); none: no limit." };
    private readonly Option<string?> requests = new("--client-requests") { Description = "Most token requests of each client in a minute; none: no limit." };

    public void AddTo(Command command)
    {
        command.Options.Add(agents);
        command.Options.Add(tokens);
        command.Options.Add(requests);
    }

    /// <summary>Null where each that is given can be read.</summary>
    public string? Fault(ParseResult parsed) => Each.FirstOrDefault(option => parsed.GetValue(option) is { } text && !AgentBudgetCommand.TryRead(text, out _)) is { } wrong
        ? $"{wrong.Name}: is to be a number, or none."
        : null;

    /// <summary>Null where none is given.</summary>
    public AgentLimits? Read(ParseResult parsed, AgentLimits before) => Each.Any(option => parsed.GetValue(option) is not null)
        ? new AgentLimits(One(parsed, agents, before.Agents), One(parsed, tokens, before.TokensAMonth), One(parsed, requests, before.RequestsAMinute))
        : null;

    private static int? One(ParseResult parsed, Option<string?> option, int? before) =>
        parsed.GetValue(option) is { } text ? AgentBudgetCommand.TryRead(text, out var number) ? number : before : before;

    private Option<string?>[] Each => [agents, tokens, requests];
}
