using Signet.Jose;
using Signet.OAuth.Clients;
using Signet.Platform.Cache;
using Signet.Platform.Data;

namespace Signet.Server.Agents;

/// <summary>What came of an assertion.</summary>
/// <param name="Credential">Whose key signed it; null where it proves nothing.</param>
/// <param name="Reason">Why not: for the record, never for the wire.</param>
public readonly record struct AssertionProof(CredentialId? Credential, string? Reason);

/// <summary>
/// Proves an agent by a JWT that it signed (<c>private_key_jwt</c>, RFC 7523 §2.2). Each assertion is good once, on whichever node it is shown.
/// </summary>
public sealed class AgentAssertions(RemoteKeys remote, ReplayGuard replays, TimeProvider time)
{
    /// <param name="issuer">Ours: the sole audience.</param>
    public async Task<AssertionProof> ProveAsync(TenantId tenant, Agent agent, ClientAssertion assertion, string issuer, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        // What is said of an agent without keys.
        var defect = ClientAssertionDefect.UnknownKey;
        foreach (var credential in agent.Credentials.Where(own => own.Kind is CredentialKind.PrivateKeyJwt && own.Holds(now)))
        {
            switch (await VerifyAsync(assertion, credential, issuer, now, ct))
            {
                case ClientAssertionVerification.Valid valid:
                    return await IsFirstUseAsync(tenant, agent.Id, valid, now, ct)
                        ? new AssertionProof(credential.Id, null)
                        : new AssertionProof(null, "assertion_replayed");
                // A key that did not sign says less than the one that did, of an assertion that is wrong otherwise.
                case ClientAssertionVerification.Refused refused when defect is ClientAssertionDefect.UnknownKey or ClientAssertionDefect.BadSignature
                    && refused.Defect is not ClientAssertionDefect.UnknownKey:
                    defect = refused.Defect;
                    break;
            }
        }

        return new AssertionProof(null, $"assertion_{SnakeCase.Of(defect)}");
    }

    private async ValueTask<ClientAssertionVerification> VerifyAsync(
        ClientAssertion assertion, Credential credential, string issuer, DateTimeOffset now, CancellationToken ct)
    {
        if (credential.Keys is { } own)
        {
            return assertion.Verify(own, issuer, now);
        }

        var unknown = new ClientAssertionVerification.Refused(ClientAssertionDefect.UnknownKey);
        var verified = await remote.FindAsync(credential.JwksUri!, ct) is { } keys ? assertion.Verify(keys, issuer, now) : unknown;
        // The agent may have changed its key since.
        return verified is ClientAssertionVerification.Refused { Defect: ClientAssertionDefect.UnknownKey }
            && await remote.FindAgainAsync(credential.JwksUri!, ct) is { } anew
                ? assertion.Verify(anew, issuer, now)
                : verified;
    }

    // RFC 7523 §3 step 7. Remembered until the assertion would be refused for its age, wherever the clocks stand.
    private Task<bool> IsFirstUseAsync(TenantId tenant, AgentId agent, ClientAssertionVerification.Valid valid, DateTimeOffset now, CancellationToken ct) =>
        replays.IsFirstUseAsync($"client assertion of {agent} in {tenant}", valid.Id, valid.ExpiresAt - now + JwtExpectations.MaxClockSkew, ct);
}
