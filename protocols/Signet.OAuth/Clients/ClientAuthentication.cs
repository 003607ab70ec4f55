using System.Buffers;
using System.Text;

namespace Signet.OAuth.Clients;

/// <summary>How a secret reached us; a client may use the way it is registered for only (OIDC Core §9).</summary>
public enum SecretMethod
{
    /// <summary><c>client_secret_basic</c></summary>
    Basic,

    /// <summary><c>client_secret_post</c></summary>
    Post,
}

/// <summary>What a request offers as proof of its client: read, not yet verified, and never two proofs at once (RFC 6749 §2.3).</summary>
public abstract record ClientAuthentication
{
    private const int MaxHeaderLength = 8192;
    private const string BasicScheme = "Basic ";

    private ClientAuthentication() { }

    /// <summary>Only a client_id: right for public clients and no others.</summary>
    /// <param name="ClientId">The claimed client.</param>
    public sealed record None(string ClientId) : ClientAuthentication;

    /// <summary>A secret.</summary>
    /// <param name="ClientId">The claimed client.</param>
    /// <param name="Value">What to compare in constant time.</param>
    /// <param name="Method">How it came.</param>
    public sealed record Secret(string ClientId, string Value, SecretMethod Method) : ClientAuthentication
    {
        /// <summary>Without the secret, so that no log can have it.</summary>
        public override string ToString() => $"Secret {{ Method = {Method} }}";
    }

    /// <summary>RFC 7523 §2.2: a signed assertion, for <see cref="ClientAssertion.TryRead"/>.</summary>
    /// <param name="ClientId">The client_id beside it, which may be missing but must not contradict it.</param>
    /// <param name="Jwt">The assertion.</param>
    public sealed record Assertion(string? ClientId, string Jwt) : ClientAuthentication
    {
        /// <summary>Without the assertion, so that no log can have it.</summary>
        public override string ToString() => "Assertion";
    }

    /// <summary>Nothing to verify. Where <paramref name="ByHeader"/>, a 401 must name the Basic scheme (RFC 6749 §5.2).</summary>
    /// <param name="Error">The refusal.</param>
    /// <param name="ByHeader">Whether the Authorization header was used.</param>
    public sealed record Refused(OAuthError Error, bool ByHeader) : ClientAuthentication;

    /// <summary>Reads the proof from the Authorization header, if any, and the form.</summary>
    public static ClientAuthentication Read(string? authorization, OAuthParameters form)
    {
        var clientId = form[OAuthParameter.ClientId];
        var byHeader = !string.IsNullOrEmpty(authorization);
        var secret = form[OAuthParameter.ClientSecret];
        var assertion = form[OAuthParameter.ClientAssertion];
        var assertionType = form[OAuthParameter.ClientAssertionType];

        // RFC 6749 §2.3: no more than one method a request.
        if ((byHeader ? 1 : 0) + (secret is null ? 0 : 1) + (assertion is null && assertionType is null ? 0 : 1) > 1)
        {
            return new Refused(OAuthError.SeveralAuthenticationMethods, byHeader);
        }

        if (byHeader)
        {
            return ReadBasic(authorization!, clientId);
        }

        if (assertion is not null || assertionType is not null)
        {
            return assertion is not null && assertionType is ClientAssertion.AssertionType
                ? new Assertion(clientId, assertion)
                : new Refused(OAuthError.InvalidClient, ByHeader: false);
        }

        return clientId is null ? new Refused(OAuthError.InvalidClient, ByHeader: false)
            : secret is null ? new None(clientId)
            : new Secret(clientId, secret, SecretMethod.Post);
    }

    private static ClientAuthentication ReadBasic(string header, string? clientId)
    {
        if (header.Length > MaxHeaderLength || !header.StartsWith(BasicScheme, StringComparison.OrdinalIgnoreCase)
            || DecodeBasic(header[BasicScheme.Length..].Trim(' ')) is not { } pair)
        {
            return new Refused(OAuthError.InvalidClient, ByHeader: true);
        }

        // A client_id beside the header is no second method, but it must not name somebody else.
        return clientId is null || clientId == pair.Id
            ? new Secret(pair.Id, pair.Secret, SecretMethod.Basic)
            : new Refused(OAuthError.InvalidRequest, ByHeader: true);
    }

    // RFC 6749 §2.3.1: each half is form-encoded before the colon joins them.
    private static (string Id, string Secret)? DecodeBasic(string base64)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(base64.Length);
        try
        {
            return !base64.Contains(' ') && Convert.TryFromBase64String(base64, bytes, out var length) && Ascii.IsValid(bytes.AsSpan(..length))
                && Encoding.ASCII.GetString(bytes.AsSpan(..length)).Split(':', 2) is [var left, var right]
                && FormText.Decode(left) is { Length: > 0 } id && OAuthParameter.ClientId.Accepts(id)
                && FormText.Decode(right) is { Length: > 0 } secret && OAuthParameter.ClientSecret.Accepts(secret)
                ? (id, secret)
                : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
        }
    }
}
