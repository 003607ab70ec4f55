using System.CommandLine;
using System.Text.Json;
using Signet.Platform.Http;
using Signet.Server.AgentCards;
using Signet.Server.Agents;
using Signet.Server.Tenants;

namespace Signet.Host.Cli;

/// <summary><c>signet agent card show|set|publish|withdraw|remove</c>: what an agent says of itself.</summary>
internal static class AgentCardCommand
{
    private const int MostBytes = 256 * 1024;

    public static Command Make() => new("card", "What an agent says of itself, and whether anybody may read it.")
    {
        Show(),
        Set(),
        Change("publish", "Let anybody read the card.", (set, host, tenant, agent, ct) => set.PublishAsync(tenant.Id, host.Origin, agent, true, ct)),
        Change("withdraw", "Let nobody outside read the card.", (set, host, tenant, agent, ct) => set.PublishAsync(tenant.Id, host.Origin, agent, false, ct)),
        Change("remove", "Take the card away.", (set, host, tenant, agent, ct) => set.RemoveAsync(tenant.Id, host.Origin, agent, ct)),
    };

    private static Command Show()
    {
        var (id, tenant) = (Id(), TenantOption.Make());
        var json = Output.JsonOption();
        var command = new Command("show", "Show the card of an agent.") { id, tenant, json };
        command.SetAction((parsed, ct) => WithAgentAsync(parsed, id, tenant, async (host, found, agent, token) =>
        {
            if (await host.Get<AgentDirectory>().FindAsync(found.Id, agent, token) is not { } known)
            {
                return Output.Fail(AgentProblems.NotFound.Title);
            }

            if (await host.Get<CardDirectory>().FindAsync(found.Id, agent, token) is not { } card)
            {
                return Output.Fail(CardProblems.NotFound.Title);
            }

            var view = CardView.Of(found, known, card, host.Get<TimeProvider>().GetUtcNow());
            if (parsed.GetValue(json))
            {
                Output.Json(view);
                return 0;
            }

            Output.Line($"status      {(view.Served ? "published" : view.Published ? "published, not served: the agent is not active" : "private")}");
            Output.Line($"name        {view.Name}");
            Output.Lines(view.SupportedInterfaces.Select(one => $"interface   {one.ProtocolBinding} {one.Url}"));
            Output.Lines(view.Skills.Select(skill => $"skill       {skill.Id}  {skill.Name}"));
            Output.Line($"scopes      {string.Join(' ', view.Scopes)}");
            Output.Line($"card        {view.CardUrl}");
            Output.Line($"identifier  {view.Did}");
            return 0;
        }, ct));
        return command;
    }

    private static Command Set()
    {
        var (id, tenant) = (Id(), TenantOption.Make());
        var file = new Option<string>("--file") { Description = "The card as JSON, as PUT /api/v1/agents/{id}/card takes it; - reads standard input.", Required = true };
        var command = new Command("set", "State what an agent is.") { id, file, tenant };
        command.SetAction((parsed, ct) => WithAgentAsync(parsed, id, tenant, async (host, found, agent, token) =>
        {
            var (request, fault) = await ReadAsync(parsed.GetValue(file)!, token);
            return request is null ? Output.Fail($"--file: {fault}")
                : await host.Get<SetCard>().RunAsync(found.Id, host.Origin, agent, request.ToContent(), request.Published, token) is CardChange.Refused refused
                    ? Fail(refused.Problem)
                    : 0;
        }, ct));
        return command;
    }

    private static async Task<(SetCard.Request? Request, string Fault)> ReadAsync(string path, CancellationToken ct)
    {
        try
        {
            await using var source = path == "-" ? System.Console.OpenStandardInput() : File.OpenRead(path);
            using var content = new MemoryStream();
            await source.CopyToAsync(content, ct);
            return content.Length > MostBytes
                ? (null, "is too large for a card.")
                : (JsonSerializer.Deserialize<SetCard.Request>(content.ToArray(), HttpJson.Options), "holds no card.");
        }
        catch (JsonException broken)
        {
            return (null, $"is no card; at {(string.IsNullOrEmpty(broken.Path) ? "$" : broken.Path)} something is missing, or is not what a card has there.");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return (null, "can't be read.");
        }
    }

    private static Command Change(string name, string description, Func<SetCard, CommandHost, Tenant, AgentId, CancellationToken, Task<CardChange>> change)
    {
        var (id, tenant) = (Id(), TenantOption.Make());
        var command = new Command(name, description) { id, tenant };
        command.SetAction((parsed, ct) => WithAgentAsync(parsed, id, tenant, async (host, found, agent, token) =>
            await change(host.Get<SetCard>(), host, found, agent, token) is CardChange.Refused refused ? Fail(refused.Problem) : 0, ct));
        return command;
    }

    private static int Fail(Problem problem) =>
        problem.Errors is { } errors ? Output.Fail(errors.SelectMany(error => error.Value.Select(message => $"{error.Key}: {message}"))) : Output.Fail(problem.Title);

    private static Argument<string> Id() => new("agent-id") { Description = "The agent." };

    private static Task<int> WithAgentAsync(
        ParseResult parsed, Argument<string> id, Option<string> tenant, Func<CommandHost, Tenant, AgentId, CancellationToken, Task<int>> work, CancellationToken ct) =>
        CommandHost.RunAsync(parsed, async (host, token) =>
        {
            if (!AgentId.TryParse(parsed.GetValue(id), null, out var agent))
            {
                return Output.Fail("agent-id: is a UUID.");
            }

            return await TenantOption.FindAsync(host, parsed.GetValue(tenant)!, token) is { } found
                ? await work(host, found, agent, token)
                : TenantOption.Unknown(parsed.GetValue(tenant)!);
        }, ct);
}
