using System.CommandLine;
using System.Globalization;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Server.Agents;
using Signet.Server.Workloads;

namespace Signet.Host.Cli;

/// <summary><c>signet trust-policy create|list|show|enable|disable|delete</c>: whose workloads act as which agent.</summary>
internal static class TrustPolicyCommand
{
    public static Command Make() => new("trust-policy", "Whose workloads act as which agent, without a secret.")
    {
        Create(), List(), Show(), Turn("enable", "Enable a trust policy.", true), Turn("disable", "Disable a trust policy and end every token it got.", false), Delete(),
    };

    private static Command Create()
    {
        var name = new Option<string>("--name") { Description = "What people see.", Required = true };
        var issuer = new Option<string>("--issuer") { Description = "The iss of the tokens: https.", Required = true };
        var rules = new Option<string[]>("--rule") { Description = "claim=value, or claim~pattern; repeat for more. One is about sub or an id that lasts.", Required = true };
        var agent = new Option<string?>("--agent") { Description = "Id of the agent the workload acts as." };
        var capabilities = new Option<string[]>("--register") { Description = "Instead of an agent: a capability of the agents it may register; repeat for more.", DefaultValueFactory = _ => [] };
        var owner = new Option<string?>("--owner") { Description = "With --register: who answers for those agents, by id or address." };
        var audience = new Option<string?>("--audience") { Description = "The aud of the tokens; the tenant's address, if left out." };
        var jwksUri = new Option<string?>("--jwks-uri") { Description = "Where the issuer's keys are, where its discovery document is not to say it." };
        var scopes = new Option<string[]>("--scope") { Description = "What its tokens may have; all of the agent's, if left out.", DefaultValueFactory = _ => [] };
        var seconds = new Option<int>("--max-token-seconds") { Description = "60 to 3600.", DefaultValueFactory = _ => 900 };
        var tenant = TenantOption.Make();
        var json = Output.JsonOption();
        var command = new Command("create", "Trust an issuer's workloads.") { name, issuer, rules, agent, capabilities, owner, audience, jwksUri, scopes, seconds, tenant, json };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async (host, token) =>
        {
            if (await TenantOption.FindAsync(host, parsed.GetValue(tenant)!, token) is not { } found)
            {
                return TenantOption.Unknown(parsed.GetValue(tenant)!);
            }

            AgentId? mapped = AgentId.TryParse(parsed.GetValue(agent), null, out var id) ? id : null;
            if (mapped is null && parsed.GetValue(agent) is not null)
            {
                return Output.Fail("--agent: is a UUID.");
            }

            if (parsed.GetValue(rules)!.Select(RuleOf).ToList() is var read && read.Contains(null))
            {
                return Output.Fail("--rule: is claim=value or claim~pattern.");
            }

            var wish = new CreateTrustPolicy.Request(
                parsed.GetValue(name)!, parsed.GetValue(issuer)!, [.. read.Select(rule => rule!)], parsed.GetValue(audience), null, parsed.GetValue(jwksUri), mapped,
                parsed.GetValue(capabilities) is { Length: > 0 } named ? new CreateTrustPolicy.BootstrapWish(named, parsed.GetValue(owner)) : null,
                parsed.GetValue(scopes) is { Length: > 0 } wanted ? wanted : null, parsed.GetValue(seconds));
            return await host.Get<CreateTrustPolicy>().RunAsync(found, host.Origin, wish, by: null, token) switch
            {
                TrustPolicyChange.Done done => Print(done.Policy, parsed.GetValue(json)),
                TrustPolicyChange.Refused refused => Fail(refused.Problem),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }, ct));
        return command;
    }

    private static Command List()
    {
        var tenant = TenantOption.Make();
        var json = Output.JsonOption();
        var command = new Command("list", "List trust policies.") { tenant, json };
        command.SetAction((parsed, ct) => CommandHost.RunAsync(parsed, async (host, token) =>
        {
            if (await TenantOption.FindAsync(host, parsed.GetValue(tenant)!, token) is not { } found)
            {
                return TenantOption.Unknown(parsed.GetValue(tenant)!);
            }

            var policies = await host.Get<TrustDirectory>().ListAsync(found.Id, null, null, 1000, token);
            if (parsed.GetValue(json))
            {
                Output.Json(policies.Select(TrustPolicyView.Of));
            }
            else
            {
                Output.Table(
                    policies, one => one.Id.ToString(), one => one.Name, one => one.Enabled ? "enabled" : "disabled", one => one.Issuer, one => one.Agent?.ToString() ?? "registers");
            }

            return 0;
        }, ct));
        return command;
    }

    private static Command Show()
    {
        var (id, tenant, json) = (Id(), TenantOption.Make(), Output.JsonOption());
        var command = new Command("show", "Show a trust policy.") { id, tenant, json };
        command.SetAction((parsed, ct) => WithPolicyAsync(parsed, id, tenant, async (host, found, policy, token) =>
            await host.Get<TrustDirectory>().FindAsync(found, policy, token) is { } trust
                ? Print(trust, parsed.GetValue(json))
                : Output.Fail(TrustPolicyProblems.NotFound.Title), ct));
        return command;
    }

    private static Command Turn(string name, string description, bool on)
    {
        var (id, tenant) = (Id(), TenantOption.Make());
        var command = new Command(name, description) { id, tenant };
        command.SetAction((parsed, ct) => WithPolicyAsync(parsed, id, tenant, async (host, found, policy, token) =>
            await host.Get<UpdateTrustPolicy>().RunAsync(found, host.Origin, policy, new UpdateTrustPolicy.Request(Enabled: on), by: null, token) is TrustPolicyChange.Refused refused
                ? Fail(refused.Problem)
                : 0, ct));
        return command;
    }

    private static Command Delete()
    {
        var (id, tenant) = (Id(), TenantOption.Make());
        var command = new Command("delete", "Delete a trust policy and end every token it got.") { id, tenant };
        command.SetAction((parsed, ct) => WithPolicyAsync(parsed, id, tenant, async (host, found, policy, token) =>
            await host.Get<UpdateTrustPolicy>().DeleteAsync(found, host.Origin, policy, token) ? 0 : Output.Fail(TrustPolicyProblems.NotFound.Title), ct));
        return command;
    }

    private static int Print(WorkloadTrust trust, bool json)
    {
        if (json)
        {
            Output.Json(TrustPolicyView.Of(trust));
            return 0;
        }

        Output.Line($"policy_id  {trust.Id}");
        Output.Line($"name       {trust.Name}");
        Output.Line($"status     {(trust.Enabled ? "enabled" : "disabled")}");
        Output.Line($"issuer     {trust.Issuer}");
        Output.Line($"audience   {trust.Audience}");
        foreach (var rule in trust.Rules)
        {
            Output.Line($"rule       {rule.Claim}{(rule.IsPattern ? '~' : '=')}{rule.Value}");
        }

        Output.Line($"agent      {trust.Agent?.ToString() ?? "registers agents"}");
        Output.Line($"scopes     {string.Join(' ', trust.Scopes)}");
        Output.Line($"last used  {trust.LastUsedAt?.ToString("u", CultureInfo.InvariantCulture) ?? "never"}");
        return 0;
    }

    private static int Fail(Problem problem) =>
        problem.Errors is { } errors ? Output.Fail(errors.SelectMany(error => error.Value.Select(message => $"{error.Key}: {message}"))) : Output.Fail(problem.Title);

    private static RuleView? RuleOf(string text) =>
        text.AsSpan().IndexOfAny('=', '~') is > 0 and var at ? new RuleView(text[..at], text[(at + 1)..], text[at] == '~') : null;

    private static Argument<string> Id() => new("policy-id") { Description = "The trust policy." };

    private static Task<int> WithPolicyAsync(
        ParseResult parsed, Argument<string> id, Option<string> tenant, Func<CommandHost, TenantId, TrustPolicyId, CancellationToken, Task<int>> work, CancellationToken ct) =>
        CommandHost.RunAsync(parsed, async (host, token) =>
        {
            if (!TrustPolicyId.TryParse(parsed.GetValue(id), null, out var policy))
            {
                return Output.Fail("policy-id: is a UUID.");
            }

            return await TenantOption.FindAsync(host, parsed.GetValue(tenant)!, token) is { } found
                ? await work(host, found.Id, policy, token)
                : TenantOption.Unknown(parsed.GetValue(tenant)!);
        }, ct);
}
