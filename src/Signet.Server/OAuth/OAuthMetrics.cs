using System.Diagnostics.Metrics;
using Signet.OAuth;
using Signet.Platform.Data;
using Signet.Server.Clients;

namespace Signet.Server.OAuth;

/// <summary>What the OAuth endpoints count.</summary>
public sealed class OAuthMetrics(IMeterFactory meters)
{
    private readonly Counter<long> issued = Make(meters, "signet_token_grants_total", "Access tokens issued, by grant.");
    private readonly Counter<long> leaked = Make(meters, "signet_secrets_leaked_total", "Secrets that were found outside and ended, by kind.");
    private readonly Counter<long> scopes = Make(meters, "signet_tokens_issued_total", "Access tokens issued, once for each scope in them: ours by name, all others as other.");
    private readonly Counter<long> refused = Make(meters, "signet_token_requests_refused_total", "Token requests refused, by error.");
    private readonly Counter<long> replayed = Make(meters, "signet_refresh_tokens_replayed_total", "Used refresh tokens that came back: thefts.");

    internal void Issued(Grant grant) => Issued(SnakeCase.Of(grant));

    /// <param name="grant">A grant of agents: <c>token_exchange</c>, <c>ciba</c>.</param>
    internal void Issued(string grant) => issued.Add(1, new KeyValuePair<string, object?>("grant", grant));

    internal void Issued(ScopeSet scope)
    {
        foreach (var label in ScopeLabels.Of(scope))
        {
            scopes.Add(1, new KeyValuePair<string, object?>("scope", label));
        }
    }

    internal void Leaked(string kind) => leaked.Add(1, new KeyValuePair<string, object?>("kind", kind));

    internal void Refused(string error) => refused.Add(1, new KeyValuePair<string, object?>("error", error));

    internal void Replayed() => replayed.Add(1);

    private static Counter<long> Make(IMeterFactory meters, string name, string description) =>
        meters.Create("Signet.OAuth").CreateCounter<long>(name, description: description);
}
