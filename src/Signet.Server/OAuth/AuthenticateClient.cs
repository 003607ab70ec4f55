using Signet.OAuth;
using Signet.OAuth.Clients;
using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Audit;
using Signet.Server.Clients;
using Signet.Server.Limits;
using Signet.Server.Tenants;

namespace Signet.Server.OAuth;

/// <summary>Whether a request comes from the application it names.</summary>
internal abstract record ClientCheck
{
    private ClientCheck()
    {
    }

    /// <param name="Agent">Where the application is an agent: how it showed that.</param>
    /// <param name="DpopRequired">Its tokens must be bound to a key.</param>
    /// <param name="Certificate">Where it showed itself by a certificate: the thumbprint, which its tokens are bound to (RFC 8705 §3).</param>
    public sealed record Known(Client Client, AgentProof? Agent = null, bool DpopRequired = false, string? Certificate = null) : ClientCheck;

    /// <param name="ByHeader">RFC 6749 §5.2: the answer must name the Basic scheme then.</param>
    public sealed record Refused(OAuthError Error, bool ByHeader) : ClientCheck;

    public sealed record TooMany(TimeSpan RetryAfter) : ClientCheck;

    /// <summary>Who could tell does not answer: neither yes nor no.</summary>
    public sealed record Unknown : ClientCheck;
}

/// <summary>
/// Authenticates applications (RFC 6749 §2.3). An unknown id, a wrong secret and a disabled application get one answer; failures are counted by
/// address, so that guessing is slow and a busy application is not.
/// </summary>
public sealed class AuthenticateClient(
    ClientDirectory clients, AgentDirectory agents, AgentAssertions assertions, AgentCertificates certificates, ProveSecret secrets, CredentialUses uses, SecretHash hash, RequestLimits limits, AuditWriter audit,
    ExplainRefusal explain, TimeProvider time)
{
    private const string SecretUnknown = "vault_unavailable";

    internal async ValueTask<ClientCheck> RunAsync(HttpContext context, Tenant tenant, Origin origin, OAuthParameters form)
    {
        var authorization = context.Request.Headers.Authorization;
        if (authorization.Count > 1)
        {
            return new ClientCheck.Refused(OAuthError.InvalidRequest, ByHeader: true);
        }

        var offered = ClientAuthentication.Read(authorization, form);
        if (offered is ClientAuthentication.Refused refused)
        {
            return new ClientCheck.Refused(refused.Error, refused.ByHeader);
        }

        var byHeader = offered is ClientAuthentication.Secret { Method: SecretMethod.Basic };
        var (assertion, defect) = offered is ClientAuthentication.Assertion shown
            ? ClientAssertion.TryRead(shown, out var read, out var found) ? (read, null) : ((ClientAssertion?)null, found)
            : (null, (ClientAssertionDefect?)null);
        var claimed = (assertion?.ClientId ?? IdOf(offered)) is { } text && ClientId.TryParse(text, null, out var id) ? id : (ClientId?)null;
        if (claimed is { } known
            && await clients.FindAsync(tenant.Id, known, context.RequestAborted) is { IsActive: true } client
            && IsProven(client, offered))
        {
            return new ClientCheck.Known(client);
        }

        string? reason = null;
        var agent = claimed is { } asked ? await agents.FindAsync(tenant.Id, new AgentId(asked.Value), context.RequestAborted) : null;
        if (agent is not null)
        {
            (var credential, var certificate, reason) = await ProveAsync(tenant, agent, offered, assertion, defect, ClientCertificate.Of(context), context.RequestAborted);
            if (credential is { } own && reason is null)
            {
                uses.Note(tenant.Id, agent.Id, own);
                return new ClientCheck.Known(agent.ToClient(), new AgentProof(own, agent.Epoch), agent.DpopRequired, certificate);
            }
        }

        if (reason == SecretUnknown)
        {
            await audit.RecordAsync(tenant.Id, origin, new AgentRefused(agent!.Id, SecretUnknown), context.RequestAborted);
            return new ClientCheck.Unknown();
        }

        if (await limits.RefuseAsync(LimitRules.ClientFailuresByAddress, tenant.Id, RequestLimits.AddressOf(context), context.RequestAborted) is { } tooMany)
        {
            return new ClientCheck.TooMany(tooMany);
        }

        if (agent is not null && offered is ClientAuthentication.None && reason is "certificate_unknown")
        {
            reason = await certificates.ExplainAsync(tenant.Id, agent.Id, ClientCertificate.Of(context), reason, context.RequestAborted);
        }

        await RecordRefusalAsync(tenant.Id, origin, claimed, agent, offered, reason, context.RequestAborted);
        return new ClientCheck.Refused(OAuthError.InvalidClient, byHeader);
    }

    private async Task RecordRefusalAsync(
        TenantId tenant, Origin origin, ClientId? claimed, Agent? agent, ClientAuthentication offered, string? reason, CancellationToken ct)
    {
        if (claimed is not { } named)
        {
            return;
        }

        if (offered is ClientAuthentication.Secret { Value: var wrong })
        {
            // Looked up whatever the cause, and also where there is no such agent, so that the time tells nothing of either.
            var why = await explain.RunAsync(tenant, new AgentId(named.Value), wrong, ct);
            reason = reason is "wrong_secret" ? why : reason;
        }

        await audit.RecordAsync(tenant, origin, agent is null ? new ClientRefused(named) : new AgentRefused(agent.Id, reason!), ct);
    }

    private bool IsProven(Client client, ClientAuthentication offered) => offered switch
    {
        ClientAuthentication.Secret secret => client.Kind is ClientKind.Confidential && ClientSecrets.Match(hash, client, secret.Value, time.GetUtcNow()),
        ClientAuthentication.None => client.Kind is ClientKind.Public,
        _ => false,
    };

    // The proof is looked at first and always, so that the time tells nothing of the agent's state. No reason: it is who it says.
    private async ValueTask<CertificateProof> ProveAsync(
        Tenant tenant, Agent agent, ClientAuthentication offered, ClientAssertion? assertion, ClientAssertionDefect? defect, ClientCertificate certificate,
        CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var proof = offered switch
        {
            ClientAuthentication.Secret secret => await secrets.RunAsync(agent, secret.Value, ct) is { IsUnknown: false } told
                ? new CertificateProof(told.Credential, null, "wrong_secret")
                : new CertificateProof(null, null, SecretUnknown),
            ClientAuthentication.Assertion when assertion is not null =>
                Of(await assertions.ProveAsync(tenant.Id, agent, assertion, tenant.Origin, ct)),
            ClientAuthentication.Assertion => new CertificateProof(null, null, $"assertion_{SnakeCase.Of(defect!.Value)}"),
            // RFC 8705 §2: the client_id alone in the request, everything else in the connection.
            ClientAuthentication.None when certificate is not { Der: null, Defect: null } || agent.Credentials.Any(own => own.Certificate is not null) =>
                await certificates.ProveAsync(tenant.Id, agent, certificate, ct),
            _ => new CertificateProof(null, null, "wrong_secret"),
        };
        return proof.Credential is null ? proof
            : agent.State is not AgentState.Active ? new CertificateProof(null, null, SnakeCase.Of(agent.State))
            : !agent.IsActive(now) ? new CertificateProof(null, null, agent.IsOverdue(now) ? "not_attested" : "expired")
            : proof with { Reason = null };
    }

    private static CertificateProof Of(AssertionProof proof) => new(proof.Credential, null, proof.Reason);

    private static string? IdOf(ClientAuthentication offered) => offered switch
    {
        ClientAuthentication.Secret secret => secret.ClientId,
        ClientAuthentication.None none => none.ClientId,
        // An assertion that can't be read still names somebody beside it, who is to hear of it.
        ClientAuthentication.Assertion assertion => assertion.ClientId,
        _ => null,
    };
}
