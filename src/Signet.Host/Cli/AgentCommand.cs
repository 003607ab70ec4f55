using System.CommandLine;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Server.Agents;
using Signet.Server.Users;

namespace Signet.Host.Cli;

/// <summary><c>signet agent …</c>: programs that act by themselves.</summary>
internal static class AgentCommand
{
    public static Command Make() => new("agent", "Agents: programs that act by themselves.")
    {
        Register(),
        Change("suspend", "Stop an agent and end its tokens.", AgentState.Suspended),
        Change("resume", "Let a suspended agent act again; its old tokens stay dead.", AgentState.Active),
        Change("decommission", "End an agent for ever.", AgentState.Decommissioned),
        StopAll(),
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
        var tenant = TenantOption.Make();
        var json = Output.JsonOption();
        var command = new Command("register", "Register an agent and give it a credential.") { email, type, version, capabilities, env, owner, scopes, tenant, json };
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

            if (await TenantOption.FindAsync(host, parsed.GetValue(tenant)!, token) is not { } found)
            {
                return TenantOption.Unknown(parsed.GetValue(tenant)!);
            }

            var request = new RegisterAgent.Request(
                parsed.GetValue(email)!, kind, parsed.GetValue(version)!, parsed.GetValue(capabilities)!, environment, parsed.GetValue(owner),
                Scopes: parsed.GetValue(scopes) is { Length: > 0 } named ? named : null);
            return await RegisterAsync(host, found.Id, request, parsed.GetValue(json), token);
        }, ct));
        return command;
    }

    private static async Task<int> RegisterAsync(CommandHost host, TenantId tenant, RegisterAgent.Request request, bool json, CancellationToken ct)
    {
        var change = await host.Get<RegisterAgent>().RunAsync(tenant, host.Origin, request, null, ct);
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

    private static Command StopAll()
    {
        var owner = new Option<string?>("--owner") { Description = "Id of a person: only the agents this person answers for." };
        var tenant = TenantOption.Make();
        var command = new Command("stop-all", "The kill switch: suspend all agents of the tenant, or of one owner.") { owner, tenant };
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

            if (await TenantOption.FindAsync(host, parsed.GetValue(tenant)!, token) is not { } found)
            {
                return TenantOption.Unknown(parsed.GetValue(tenant)!);
            }

            var stopped = await host.Get<Db>().InTenantAsync(found.Id, tx => StopAgents.RunAsync(tx, host.Origin, person, token), token);
            Output.Line($"{stopped.Count} stopped");
            return 0;
        }, ct));
        return command;
    }

    private static IEnumerable<string> Describe(Problem problem) =>
        problem.Errors?.SelectMany(error => error.Value.Select(message => $"{error.Key}: {message}")) ?? [problem.Title];
}
