using System.Globalization;
using Signet.Server.SignIn;
using Signet.Server.Tenants;

namespace Signet.Server.Console;

/// <summary>The limits of agents as the form has them; an empty field is no limit.</summary>
public sealed record AgentLimitsForm(string Agents, string Tokens, string Requests)
{
    public static AgentLimitsForm Of(AgentLimits limits) => new(TextOf(limits.Agents), TextOf(limits.TokensAMonth), TextOf(limits.RequestsAMinute));

    public static AgentLimitsForm Read(IFormCollection form) => new(
        FormText.Of(form, "agent_limits_agents"), FormText.Of(form, "agent_limits_tokens_a_month"), FormText.Of(form, "agent_limits_requests_a_minute"));

    public AgentLimits ToLimits() => new(NumberOf(Agents), NumberOf(Tokens), NumberOf(Requests));

    private static string TextOf(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";

    /// <summary>What is no number is none that may be.</summary>
    internal static int? NumberOf(string text) =>
        string.IsNullOrWhiteSpace(text) ? null : int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
