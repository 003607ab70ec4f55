using Signet.OAuth;
using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Server.Workloads.Storage;

namespace Signet.Server.Workloads;

/// <summary>Tokens that register one agent and do nothing else anywhere. Kept as a keyed hash; redeemed once.</summary>
public sealed class BootstrapTokens(Db db, SecretHash hash)
{
    /// <summary>What is said of them in an answer; no agent's token has it.</summary>
    public const string Scope = "agents:register";

    private static readonly SecretKind Kind = new("bootstrap-token");
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    internal async Task<(string Token, TimeSpan Life)> MakeAsync(TenantId tenant, WorkloadTrust policy, string subject, CancellationToken ct)
    {
        var token = TokenFormat.BootstrapToken.Make();
        var life = policy.MaxLife < Longest ? policy.MaxLife : Longest;
        await db.InTenantAsync(
            tenant, tx => BootstrapRows.InsertAsync(tx, hash.Of(Kind, token), new BootstrapRow(policy.Id, policy.Credential, subject), tx.Now + life, ct), ct);
        return (token, life);
    }

    /// <summary>Null where it is none, old or used. Whose policy has changed since registers nothing, and is used up.</summary>
    internal async Task<(WorkloadTrust Policy, string Subject)?> RedeemAsync(TenantId tenant, string token, CancellationToken ct) =>
        !TokenFormat.BootstrapToken.IsToken(token) ? null : await db.InTenantAsync<(WorkloadTrust, string)?>(tenant, async tx =>
            await BootstrapRows.RedeemAsync(tx, hash.Of(Kind, token), ct) is { } row
            && await TrustPolicyRows.FindAsync(tx, row.PolicyId, ct) is { Enabled: true } policy && policy.CredentialId == row.CredentialId
                ? (policy.ToTrust(), row.Subject)
                : null, ct);

    internal Task GiveBackAsync(TenantId tenant, string token, CancellationToken ct) =>
        db.InTenantAsync(tenant, tx => BootstrapRows.GiveBackAsync(tx, hash.Of(Kind, token), ct), ct);
}
