using System.Buffers.Text;
using System.Text.Json;
using Signet.Jose;
using Signet.OAuth.Workload;
using Signet.Platform.Cache;
using Signet.Platform.Data;
using Signet.Server.Agents;
using Signet.Server.Settings;

namespace Signet.Server.Workloads;

/// <summary>What came of a workload's token.</summary>
public abstract record WorkloadProof
{
    private WorkloadProof()
    {
    }

    /// <summary>One policy, and one alone, takes it; it will not do again.</summary>
    /// <param name="Agent">Null where the policy may only register one.</param>
    public sealed record Trusted(WorkloadTrust Policy, Agent? Agent, string Subject) : WorkloadProof;

    /// <param name="Policy">The nearest; null where none is about its issuer.</param>
    /// <param name="Reason">For the record, never for the wire.</param>
    public sealed record Refused(WorkloadTrust? Policy, string Reason) : WorkloadProof;

    /// <summary>The issuer's keys can't be had now: nothing is said of the token.</summary>
    public sealed record Unavailable(WorkloadTrust Policy) : WorkloadProof;
}

/// <summary>
/// Whether a token of somebody else's issuer is one that a trust policy takes. Its issuer only says which policies to ask; each verifies with the keys of
/// its own issuer. Where the issuer gives a <c>jti</c> the token is good once, on whichever node it is shown.
/// </summary>
public sealed class VerifyWorkload(TrustDirectory directory, IssuerKeys keys, AgentDirectory agents, ReplayGuard replays, HostSettings settings, TimeProvider time)
{
    // Kubernetes and Azure give tokens of a day.
    private static readonly TimeSpan MaxLifetime = TimeSpan.FromHours(25);
    private const int MaxTokenLength = 16_384;

    /// <param name="wanted">Whom it is to act as; null where the policy says it.</param>
    public async Task<WorkloadProof> RunAsync(TenantId tenant, string token, AgentId? wanted, CancellationToken ct)
    {
        if (IssuerOf(token) is not { } issuer)
        {
            return new WorkloadProof.Refused(null, "token_malformed");
        }

        var policies = await directory.OfIssuerAsync(tenant, issuer, ct);
        WorkloadProof nearest = new WorkloadProof.Refused(null, "no_policy");
        List<(WorkloadTrust Policy, WorkloadVerification.Trusted Token)> takers = [];
        foreach (var policy in policies.Where(policy => wanted is null || policy.Agent == wanted))
        {
            switch (policy.Enabled ? await VerifyAsync(policy, token, ct) : new WorkloadVerification.RuleBroken("disabled"))
            {
                case null:
                    nearest = new WorkloadProof.Unavailable(policy);
                    break;
                case WorkloadVerification.Trusted trusted:
                    takers.Add((policy, trusted));
                    break;
                case var refused when nearest is WorkloadProof.Refused:
                    nearest = new WorkloadProof.Refused(policy, policy.Enabled ? ReasonOf(refused) : "disabled");
                    break;
            }
        }

        return takers switch
        {
            [] => nearest,
            [var (policy, trusted)] => await AcceptAsync(tenant, policy, trusted, ct),
            // Which of them was meant can't be told, and they may allow different things.
            _ => new WorkloadProof.Refused(takers[0].Policy, "ambiguous"),
        };
    }

    private async ValueTask<WorkloadVerification?> VerifyAsync(WorkloadTrust policy, string token, CancellationToken ct)
    {
        if (await keys.FindAsync(policy, ct) is not { } known)
        {
            return null;
        }

        var (rules, now) = (policy.ToPolicy(settings.IsDevelopment), time.GetUtcNow());
        var verified = rules.Verify(token, known, now, MaxLifetime);
        // The issuer may have a new key since.
        return verified is WorkloadVerification.NotVerified { Reason: JwsVerification.UnknownKey } && await keys.FindAgainAsync(policy, ct) is { } anew
            ? rules.Verify(token, anew, now, MaxLifetime)
            : verified;
    }

    private async Task<WorkloadProof> AcceptAsync(TenantId tenant, WorkloadTrust policy, WorkloadVerification.Trusted token, CancellationToken ct)
    {
        Agent? agent = null;
        var now = time.GetUtcNow();
        if (policy.Agent is { } id)
        {
            agent = await agents.FindAsync(tenant, id, ct);
            var reason = agent is null ? "agent_gone"
                : agent.State is not AgentState.Active ? $"agent_{SnakeCase.Of(agent.State)}"
                : agent.IsOverdue(now) ? "agent_not_attested"
                : !agent.IsActive(now) ? "agent_expired"
                : !agent.StandsBy(agent.Epoch, policy.Credential, now) ? "credential_revoked"
                : null;
            if (reason is not null)
            {
                return new WorkloadProof.Refused(policy, reason);
            }
        }

        // By issuer and not by policy: what was shown for one agent does not do for another.
        return token.Id is { } jti && !await replays.IsFirstUseAsync(
            $"workload token of {policy.Issuer} in {tenant}", jti, token.ExpiresAt - now + JwtExpectations.MaxClockSkew, ct)
            ? new WorkloadProof.Refused(policy, "replayed")
            : new WorkloadProof.Trusted(policy, agent, token.Subject);
    }

    private static string ReasonOf(WorkloadVerification refused) => refused switch
    {
        WorkloadVerification.NotVerified { Reason: var reason } => reason switch
        {
            JwsVerification.UnacceptableAlgorithm => "token_unacceptable_algorithm",
            JwsVerification.UnexpectedType => "token_unexpected_type",
            JwsVerification.UnknownKey => "token_unknown_key",
            JwsVerification.BadSignature => "token_bad_signature",
            _ => "token_malformed",
        },
        WorkloadVerification.ClaimsRefused { Defect: var defect } => $"token_{SnakeCase.Of(defect)}",
        WorkloadVerification.RuleBroken { Claim: var claim } => $"claim_{claim}",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    // Not verified yet: it chooses whom to ask, and proves nothing.
    private static string? IssuerOf(string token)
    {
        if (token.Length > MaxTokenLength || token.Split('.', 4) is not [_, var payload, _])
        {
            return null;
        }

        Span<byte> bytes = new byte[Base64Url.GetMaxDecodedLength(payload.Length)];
        return Base64Url.TryDecodeFromChars(payload, bytes, out var length)
            && StrictJson.TryParseElement(bytes[..length]) is { ValueKind: JsonValueKind.Object } claims
            && claims.TryGetProperty("iss", out var issuer) && issuer.ValueKind is JsonValueKind.String
            ? issuer.GetString()
            : null;
    }
}
