using Signet.OAuth;
using Signet.OAuth.Dpop;
using Signet.OAuth.MutualTls;
using Signet.OAuth.Tokens;
using Signet.Platform.Cache;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Audit;
using Signet.Server.Settings;
using Signet.Server.Tenants;

namespace Signet.Server.OAuth;

/// <summary>What a request shows of a key of its sender.</summary>
internal abstract record DpopCheck
{
    private DpopCheck()
    {
    }

    /// <summary>There is no proof.</summary>
    public sealed record None : DpopCheck;

    /// <param name="Thumbprint">Of the key the sender holds (RFC 7638).</param>
    public sealed record Held(string Thumbprint) : DpopCheck;

    /// <param name="Reason">For the record only.</param>
    public sealed record Refused(OAuthError Error, string Reason) : DpopCheck;
}

/// <summary>
/// Proofs of possession (RFC 9449 §4.3) in requests to us: of this method, to this address as clients know it, of this minute, and each once, on
/// whichever node it is shown. And whether a token that is bound, to a key or to a certificate, may be used by whoever brings it.
/// </summary>
public sealed class CheckDpop(ReplayGuard replays, HostSettings settings, AuditWriter audit, TimeProvider time)
{
    private const string Header = "DPoP";

    /// <summary>RFC 9449 §5: the <c>token_type</c>.</summary>
    internal static string TypeOf(Confirmation? bound) => bound?.KeyThumbprint is null ? "Bearer" : "DPoP";

    /// <param name="accessToken">The token that came with it; null at the token endpoint.</param>
    internal async ValueTask<DpopCheck> RunAsync(HttpContext context, Tenant tenant, string? accessToken)
    {
        var headers = context.Request.Headers[Header];
        // RFC 9449 §4.3 step 1: one.
        if (headers is not [{ } proof])
        {
            return headers.Count == 0 ? new DpopCheck.None() : new DpopCheck.Refused(OAuthError.InvalidDpopProof, "dpop_several");
        }

        var now = time.GetUtcNow();
        var expected = new DpopExpectations
        {
            Method = context.Request.Method,
            // An address of ours and not the Host header: a proof for another server must not do here, whatever host its thief names.
            Uri = MtlsAddress.Asked(context, settings, tenant) + context.Request.Path.ToUriComponent(),
            AccessToken = accessToken,
        };
        switch (DpopProof.Verify(proof, expected, now))
        {
            case DpopVerification.Refused refused:
                return new DpopCheck.Refused(refused.Error, $"dpop_{SnakeCase.Of(refused.Defect)}");
            case DpopVerification.Valid valid:
                // RFC 9449 §11.1: remembered for as long as it would be accepted; iat may lie ahead of us by the skew.
                var life = valid.IssuedAt + expected.MaxAge + expected.ClockSkew + expected.ClockSkew - now;
                return await replays.IsFirstUseAsync($"dpop of {valid.Thumbprint} in {tenant.Id}", valid.Id, life, context.RequestAborted)
                    ? new DpopCheck.Held(valid.Thumbprint)
                    : new DpopCheck.Refused(OAuthError.InvalidDpopProof, "dpop_replayed");
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>
    /// Whether whoever brings this token may use it: one that is bound to a key comes with the proof of it, under the scheme DPoP (RFC 9449 §7.1), and never as
    /// a bearer token; one that is not is a bearer token (RFC 9449 §7.2). One that is bound to a certificate comes over a connection with that certificate
    /// (RFC 8705 §3), whatever the scheme.
    /// </summary>
    internal async ValueTask<bool> MayUseAsync(HttpContext context, Tenant tenant, AccessToken token, string text, bool byDpop)
    {
        if (token.Confirmation?.CertificateThumbprint is { } bound && !IsOver(ClientCertificate.Of(context), bound))
        {
            await RecordAsync(context, tenant, token);
            return false;
        }

        return token.Confirmation?.KeyThumbprint is { } key
            ? byDpop && await RunAsync(context, tenant, text) is DpopCheck.Held { Thumbprint: var shown } && shown == key
            : !byDpop;
    }

    private static bool IsOver(ClientCertificate shown, string thumbprint) => shown.Der is { } der && CertificateThumbprint.Of(der.Span) == thumbprint;

    // A token that is used without its certificate may have been stolen. Only agents have such.
    private async ValueTask RecordAsync(HttpContext context, Tenant tenant, AccessToken token)
    {
        var reason = ClientCertificate.Of(context).Der is null ? "token_without_certificate" : "token_with_other_certificate";
        await audit.RecordAsync(
            tenant.Id, context.Features.Get<Origin>()!, new AgentRefused(new AgentId(token.Client.Value), reason), context.RequestAborted);
    }
}
