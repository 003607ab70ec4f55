using System.CommandLine;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Server.Agents;

namespace Signet.Host.Cli;

/// <summary><c>signet agent …</c>: programs that act by themselves.</summary>
internal static class AgentCommand
{
    public static Command Make() => new("agent", "Agents: programs that act by themselves.")
    {
        Register(),
        AgentListCommand.Make(),
        Show(),
        Transfer(),
        AgentBudgetCommand.Make(),
        AgentCredentialCommand.Make(),
        AgentCardCommand.Make(),
        Change("suspend", "Stop an agent and end its tokens.", AgentState.Suspended),
        Change("resume", "Let a suspended agent act again; its old tokens stay dead.", AgentState.Active),
        Change("decommission", "End an agent for ever.", AgentState.Decommissioned),
        AgentStopCommand.Make(),
        Attest(),
    };

    private static Command Register()
    {
        var email = new Option<string>("--email") { Description = "The agent's address; no other agent has it.", Required = true };
        var type = new Option<string>("--type") { Description = "screener, classifier, orchestrator, extractor, summarizer, router, monitor or custom.", DefaultValueFactory = _ => "custom" };
        var version = new Option<string>("--agent-version") { Description = "Its semantic version.", DefaultValueFactory = _ => "1.0.0" };
        var capabilities = new Option<string[]>("--capability") { Description = "resource:action; repeat for more.", Required = true };
        var env = new Option<string>("--env") { Description = "development, staging or production.", DefaultValueFactory = _ => "production" };
        var owner = new Option<string>("--owner") { Description = "Id or address of the person who answers for it.", Required = true };
        var scopes = new Option<string[]>("--scope") { Description = "A scope it may ask for; repeat for more.", DefaultValueFactory = _ => [] };
        var labels = LabelOption.Make("What it is filed under, as key:value; repeat for more.");
        var attestation = new Option<int?>("--attestation-days") { Description = "How often a person has to say that it is still wanted: 1 to 366 days. Left out: never." };
        var tenant = TenantOption.Make();
        var json = Output.JsonOption();
        var command = new Command("register", "Register an agent and give it a credential.")
        {
            email, type, version, capabilities, env, owner, scopes, labels, attestation, tenant, json,
        };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async (host, token) =>
        {
            if (!SnakeCase.TryParse<AgentType>(parsed.GetValue(type)!, out var kind))
            {
                return Output.Fail("--type: is none of those that --help names.");
            }

            if (!SnakeCase.TryParse<DeploymentEnv>(parsed.GetValue(env)!, out var environment))
            {
                return Output.Fail("--env: is to be development, staging or production.");
            }

            if (LabelOption.Read(parsed.GetValue(labels)!) is not { } filed)
            {
                return Output.Fail(LabelOption.Fault);
            }

            if (await TenantOption.FindAsync(host, parsed.GetValue(tenant)!, token) is not { } found)
            {
                return TenantOption.Unknown(parsed.GetValue(tenant)!);
            }

            var request = new RegisterAgent.Request(
                parsed.GetValue(email)!, kind, parsed.GetValue(version)!, parsed.GetValue(capabilities)!, environment, parsed.GetValue(owner),
                Scopes: parsed.GetValue(scopes) is { Length: > 0 } named ? named : null, Labels: filed, AttestationDays: parsed.GetValue(attestation));
            return await RegisterAsync(host, found.Id, request, parsed.GetValue(json), token);
        }, ct));
        return command;
    }

    private static async Task<int> RegisterAsync(CommandHost host, TenantId tenant, RegisterAgent.Request request, bool json, CancellationToken ct)
    {
        var change = await host.Get<RegisterAgent>().RunAsync(tenant, host.Origin, request, null, ct);
        return await ArmAsync(host, tenant, change, json, ct);
    }

    /// <summary>Gives an agent that was just registered its first credential, and prints both.</summary>
    internal static async Task<int> ArmAsync(CommandHost host, TenantId tenant, AgentChange change, bool json, CancellationToken ct)
    {
        if (change is not AgentChange.Done { Agent: var agent })
        {
            return Output.Fail(Describe(((AgentChange.Refused)change).Problem));
        }

        var made = await host.Get<MakeCredential>().RunAsync(tenant, host.Origin, null, agent.Id, new ManageCredentials.Wish(), ct);
        if (made is not CredentialChange.Shown { Credential: var shown })
        {
            return Output.Fail("The agent was registered, but got no credential.");
        }

        if (json)
        {
            Output.Json(new { AgentId = agent.Id, agent.Email, agent.Scopes, shown.Credential.CredentialId, ClientId = agent.Id, shown.ClientSecret });
            return 0;
        }

        Output.Line($"client_id      {agent.Id}");
        Output.Line($"client_secret  {shown.ClientSecret}");
        Output.Line("The secret is not shown again.");
        return 0;
    }

    private static Command Change(string name, string description, AgentState state)
    {
        var id = new Argument<string>("agent-id") { Description = "The agent." };
        var tenant = TenantOption.Make();
        var command = new Command(name, description) { id, tenant };
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

            return await host.Get<UpdateAgent>().RunAsync(found.Id, host.Origin, agent, new UpdateAgent.Request(Status: state), null, token) is AgentChange.Refused refused
                ? Output.Fail(Describe(refused.Problem))
                : 0;
        }, ct));
        return command;
    }

    private static Command Attest()
    {
        var id = new Argument<string>("agent-id") { Description = "The agent." };
        var tenant = TenantOption.Make();
        var command = new Command("attest", "Say that an agent is still wanted, for as long as its interval says. It does not resume one that is suspended.") { id, tenant };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async (host, token) =>
        {
            if (!AgentId.TryParse(parsed.GetValue(id), null, out var wanted))
            {
                return Output.Fail("agent-id: is a UUID.");
            }

            if (await TenantOption.FindAsync(host, parsed.GetValue(tenant)!, token) is not { } found)
            {
                return TenantOption.Unknown(parsed.GetValue(tenant)!);
            }

            switch (await host.Get<AttestAgent>().RunAsync(found.Id, host.Origin, wanted, null, token))
            {
                case AgentChange.Done { Agent: var agent }:
                    Output.Line($"{SnakeCase.Of(agent.State)}, attested until {agent.AttestedUntil:O}");
                    return 0;
                case AgentChange.Refused refused:
                    return Output.Fail(Describe(refused.Problem));
                default:
                    throw new System.Diagnostics.UnreachableException();
            }
        }, ct));
        return command;
    }

    private static Command Show()
    {
        var id = new Argument<string>("agent-id") { Description = "The agent." };
        var tenant = TenantOption.Make();
        var json = Output.JsonOption();
        var command = new Command("show", "Print one agent.") { id, tenant, json };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async (host, token) =>
        {
            if (!AgentId.TryParse(parsed.GetValue(id), null, out var wanted))
            {
                return Output.Fail("agent-id: is a UUID.");
            }

            if (await TenantOption.FindAsync(host, parsed.GetValue(tenant)!, token) is not { } found)
            {
                return TenantOption.Unknown(parsed.GetValue(tenant)!);
            }

            if (await host.Get<AgentDirectory>().FindAsync(found.Id, wanted, token) is not { } agent)
            {
                return Output.Fail(AgentProblems.NotFound.Title);
            }

            var usage = await host.Get<TokenBudget>().FindUsageAsync(found.Id, agent, token);
            if (parsed.GetValue(json))
            {
                Output.Json(AgentView.Of(agent) with { Usage = usage });
                return 0;
            }

            Output.Line($"address       {agent.Email}");
            Output.Line($"status        {SnakeCase.Of(agent.State)}");
            Output.Line($"type          {SnakeCase.Of(agent.Type)} {agent.Version}, {SnakeCase.Of(agent.DeploymentEnv)}");
            Output.Line($"owner         {agent.Owner}");
            Output.Line($"sponsor       {agent.Sponsor?.ToString() ?? "none"}");
            Output.Line($"capabilities  {string.Join(' ', agent.Capabilities)}");
            Output.Line($"scopes        {string.Join(' ', agent.Scopes)}");
            Output.Line($"expires       {agent.ExpiresAt?.ToString("O") ?? "never"}");
            Output.Line($"blueprint     {agent.Blueprint?.ToString() ?? "none"}");
            Output.Line($"labels        {string.Join(' ', agent.Labels.Select(label => $"{label.Key}:{label.Value}"))}");
            Output.Line($"attested      {(agent.AttestedUntil is { } until ? $"until {until:O}, for {agent.AttestationDays} days each" : "never")}");
            Output.Line($"orphaned      {agent.OrphanedAt?.ToString("O") ?? "no"}");
            Output.Line($"budget        {(agent.MonthlyTokens is { } own ? $"{own} tokens a month" : "as the tenant")}");
            Output.Line($"used          {usage.Tokens} of {usage.Limit?.ToString() ?? "no limit"} in {usage.Month}");
            return 0;
        }, ct));
        return command;
    }

    private static Command Transfer()
    {
        var from = new Option<string>("--from") { Description = "Id or address of who answers for them now; the id also of who is gone.", Required = true };
        var to = new Option<string>("--to") { Description = "Id or address of who is to answer for them.", Required = true };
        var tenant = TenantOption.Make();
        var command = new Command("transfer", "Give all agents of a person to another.") { from, to, tenant };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async (host, token) =>
        {
            if (await TenantOption.FindAsync(host, parsed.GetValue(tenant)!, token) is not { } found)
            {
                return TenantOption.Unknown(parsed.GetValue(tenant)!);
            }

            var request = new TransferAgents.Request(parsed.GetValue(from)!, parsed.GetValue(to)!);
            switch (await host.Get<TransferAgents>().RunAsync(found.Id, host.Origin, request, token))
            {
                case AgentTransfer.Moved moved:
                    Output.Line($"{moved.Agents.Count} transferred");
                    return 0;
                case AgentTransfer.Refused refused:
                    return Output.Fail(Describe(refused.Problem));
                default:
                    throw new System.Diagnostics.UnreachableException();
            }
        }, ct));
        return command;
    }

    internal static IEnumerable<string> Describe(Problem problem) =>
        problem.Errors?.SelectMany(error => error.Value.Select(message => $"{error.Key}: {message}")) ?? [problem.Title];
}
