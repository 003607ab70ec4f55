using Signet.Platform.Http;

namespace Signet.Server.Tenants;

/// <summary>What a tenant allows its agents. Nothing is limited until somebody says so.</summary>
/// <param name="Agents">Most agents that are not decommissioned; null: as many as one likes.</param>
/// <param name="TokensAMonth">Most access tokens each agent gets in a calendar month (UTC); null: as many as it asks for.</param>
/// <param name="RequestsAMinute">Most token requests of each agent, or application with a secret, in a minute; null: as many as it sends.</param>
public sealed record AgentLimits(int? Agents = null, int? TokensAMonth = null, int? RequestsAMinute = null)
{
    public const int MostAgents = 1_000_000;
    public const int MostTokens = 1_000_000_000;
    public const int MostRequests = 100_000;

    public static AgentLimits None { get; } = new();

    /// <summary>Null where they may hold.</summary>
    public Problem? Refuse()
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        Check("agents", Agents, MostAgents);
        Check("tokens_a_month", TokensAMonth, MostTokens);
        Check("requests_a_minute", RequestsAMinute, MostRequests);
        return errors.Count == 0 ? null : TenantProblems.LimitsInvalid with { Errors = errors };

        void Check(string name, int? value, int most)
        {
            if (value is < 1 || value > most)
            {
                errors[$"agent_limits.{name}"] = [$"is to be 1 to {most}, or left out for no limit"];
            }
        }
    }
}
