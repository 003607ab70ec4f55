using Signet.OAuth.MutualTls;
using Signet.Platform.Data;
using Signet.Platform.Http;

namespace Signet.Server.Agents;

/// <summary>What came of a certificate.</summary>
/// <param name="Credential">Which one it is; null where it proves nothing.</param>
/// <param name="Thumbprint">Its <c>x5t#S256</c>, which the tokens it gets are bound to.</param>
/// <param name="Reason">Why it proves nothing: for the record, never for the wire.</param>
public readonly record struct CertificateProof(CredentialId? Credential, string? Thumbprint, string? Reason);

/// <summary>
/// Proves an agent by the certificate of its TLS connection (RFC 8705 §2): one that is registered itself or by its key, or one that an authority of the
/// tenant issued for the agent's name. That the agent holds the key the handshake has shown.
/// </summary>
public sealed class AgentCertificates(AuthorityDirectory authorities, Db db, TimeProvider time)
{
    public async ValueTask<CertificateProof> ProveAsync(TenantId tenant, Agent agent, ClientCertificate shown, CancellationToken ct)
    {
        if (shown.Der is not { } der)
        {
            return Refuse(shown.Defect ?? "missing");
        }

        if (TlsCertificate.TryRead(der) is not { } certificate)
        {
            return Refuse("unreadable");
        }

        var now = time.GetUtcNow();
        var reason = Refuse("unknown");
        foreach (var credential in agent.Credentials.Where(own => own.Certificate?.IsMeantBy(certificate) is true))
        {
            if (!credential.Holds(now))
            {
                reason = new CertificateProof(null, null, "credential_expired");
            }
            else if (await FindDefectAsync(tenant, credential.Certificate!, certificate, now, ct) is { } defect)
            {
                reason = Refuse(SnakeCase.Of(defect));
            }
            else
            {
                return new CertificateProof(credential.Id, certificate.Thumbprint, null);
            }
        }

        return reason;
    }

    /// <summary>Why a certificate that no credential of the agent's copy has proves nothing: one that is revoked may have it.</summary>
    public async Task<string> ExplainAsync(TenantId tenant, AgentId agent, ClientCertificate shown, string reason, CancellationToken ct)
    {
        if (shown.Der is not { } der || TlsCertificate.TryRead(der) is not { } certificate)
        {
            return reason;
        }

        var all = await db.InTenantAsync(tenant, tx => ManageCredentials.FindAllAsync(tx, agent, ct), ct) ?? [];
        return all.Any(own => own is { State: CredentialState.Revoked, Certificate: { } registered } && registered.IsMeantBy(certificate)) ? "credential_revoked" : reason;
    }

    // RFC 8705 §2.2 lets the times of a registered certificate count for nothing; here they count for all.
    private async ValueTask<CertificateDefect?> FindDefectAsync(
        TenantId tenant, RegisteredCertificate registered, TlsCertificate certificate, DateTimeOffset now, CancellationToken ct) =>
        certificate.NotBefore > now ? CertificateDefect.NotYetValid
        : certificate.NotAfter < now ? CertificateDefect.Expired
        : registered is not RegisteredCertificate.Issued issued ? null
        : await authorities.FindAsync(tenant, issued.Authority, ct) is { } authority ? authority.Trusted.Check(certificate.Der.Span, now)
        : CertificateDefect.Untrusted;

    private static CertificateProof Refuse(string what) => new(null, null, $"certificate_{what}");
}
