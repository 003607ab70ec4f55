using Signet.OAuth;
using Signet.OAuth.Dpop;
using Signet.OAuth.Tokens;
using Signet.Platform.Cache;
using Signet.Platform.Data;
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
/// whichever node it is shown.
/// </summary>
public sealed class CheckDpop(ReplayGuard replays, TimeProvider time)
{
    private const string Header = "DPoP";

    /// <summary>RFC 9449 §5: the <c>token_type</c>.</summary>
    internal static string TypeOf(Confirmation? bound) => bound is null ? "Bearer" : "DPoP";

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
            // The tenant's own address and not the Host header: a proof for another server must not do here, whatever host its thief names.
            Uri = tenant.Origin + context.Request.Path.ToUriComponent(),
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
    /// Whether whoever brings this token may use it: one that is bound comes with the proof of its key, under the scheme DPoP (RFC 9449 §7.1), and never as
    /// a bearer token; one that is not bound is a bearer token (RFC 9449 §7.2).
    /// </summary>
    internal async ValueTask<bool> MayUseAsync(HttpContext context, Tenant tenant, AccessToken token, string text, bool byDpop) => token.Confirmation switch
    {
        null => !byDpop,
        { KeyThumbprint: { } bound, CertificateThumbprint: null } =>
            byDpop && await RunAsync(context, tenant, text) is DpopCheck.Held { Thumbprint: var shown } && shown == bound,
        // Bound in a way nothing here can check.
        _ => false,
    };
}
