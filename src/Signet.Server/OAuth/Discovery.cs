using System.Collections.Concurrent;
using Signet.OAuth.Clients;
using Signet.OAuth.Discovery;
using Signet.OAuth.Dpop;
using Signet.OAuth.Tokens;
using Signet.Platform.Http;
using Signet.Server.Clients;
using Signet.Server.Keys;
using Signet.Server.Settings;
using Signet.Server.Tenants;

namespace Signet.Server.OAuth;

/// <summary>Both discovery documents (OIDC Discovery §4, RFC 8414 §3), the same bytes, made once an issuer.</summary>
public static class Discovery
{
    private static readonly string CacheControl = $"public, max-age={(int)TimeSpan.FromHours(1).TotalSeconds}";
    private const int MostIssuers = 10_000;
    private static readonly ConcurrentDictionary<(string Issuer, string? Mtls, bool ByCertificate), byte[]> Documents = new();

    public static void Map(RouteGroupBuilder protocol)
    {
        foreach (var path in (string[])["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"])
        {
            protocol.MapGet(path, (HttpContext context, Tenant tenant) => WriteAsync(context, tenant));
            // RFC 8414 §3.1: of an issuer with a path, the well-known part goes between its host and that path; so clients ask for either document.
            protocol.MapGet($"{path}/t/{{slug}}", async (string slug, HttpContext context, TenantDirectory directory, CancellationToken ct) =>
                await (await directory.FindByPathAsync(slug, ct) is { } tenant ? WriteAsync(context, tenant) : HttpProblems.NotFound.ExecuteAsync(context)));
        }
    }

    private static async Task WriteAsync(HttpContext context, Tenant tenant)
    {
        var settings = context.RequestServices.GetRequiredService<HostSettings>();
        if (Documents.Count > MostIssuers)
        {
            Documents.Clear();
        }

        var document = Documents.GetOrAdd((tenant.Origin, MtlsAddress.Of(settings, tenant), settings.SeesCertificates), static key => Make(key.Issuer, key.Mtls, key.ByCertificate));
        context.Response.Headers.CacheControl = CacheControl;
        // Applications in pages read it too.
        context.Response.Headers.AccessControlAllowOrigin = "*";
        context.Response.ContentType = OAuthAnswer.Json;
        context.Response.ContentLength = document.Length;
        await context.Response.BodyWriter.WriteAsync(document, context.RequestAborted);
    }

    private static byte[] Make(string issuer, string? mtls, bool byCertificate) => new ProviderMetadata(issuer)
    {
        AuthorizationEndpoint = $"{issuer}/oauth2/authorize",
        TokenEndpoint = $"{issuer}/oauth2/token",
        JwksUri = $"{issuer}/oauth2/jwks",
        UserInfoEndpoint = $"{issuer}/oauth2/userinfo",
        IntrospectionEndpoint = $"{issuer}/oauth2/introspect",
        RevocationEndpoint = $"{issuer}/oauth2/revoke",
        BackchannelAuthenticationEndpoint = $"{issuer}{AuthenticateBackchannel.Path}",
        EndSessionEndpoint = $"{issuer}/oauth2/logout",
        ScopesSupported = ClientMetadata.UsualScopes,
        TokenEndpointAuthMethodsSupported =
        [
            "client_secret_basic", "client_secret_post", "private_key_jwt", .. byCertificate ? (string[])["tls_client_auth", "self_signed_tls_client_auth"] : [], "none",
        ],
        TlsClientCertificateBoundAccessTokens = byCertificate,
        MtlsEndpointAliases = mtls is null ? [] :
        [
            ("token_endpoint", $"{mtls}/oauth2/token"), ("introspection_endpoint", $"{mtls}/oauth2/introspect"), ("revocation_endpoint", $"{mtls}/oauth2/revoke"),
            ("userinfo_endpoint", $"{mtls}/oauth2/userinfo"), ("backchannel_authentication_endpoint", $"{mtls}{AuthenticateBackchannel.Path}"),
        ],
        TokenEndpointAuthSigningAlgValuesSupported = [.. ClientAssertion.Algorithms.Select(algorithm => algorithm.Name)],
        DPoPSigningAlgValuesSupported = [.. DpopProof.Algorithms.Select(algorithm => algorithm.Name)],
        GrantTypesSupported = ["authorization_code", "refresh_token", "client_credentials", TokenRequest.TokenExchangeGrant, TokenRequest.CibaGrant],
        IdTokenSigningAlgValuesSupported = SigningAlgorithms.All,
        ClaimsSupported =
        [
            "sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "at_hash", "sid", "acr", "amr",
            "name", "preferred_username", "updated_at", "email", "email_verified",
        ],
        AcrValuesSupported = ["aal1", "aal2"],
        Further = writer =>
        {
            // RFC 9728 §4.
            writer.WriteStartArray("protected_resources"u8);
            writer.WriteStringValue(issuer + ApiResource.Management);
            writer.WriteEndArray();
        },
    }.ToUtf8Json();
}
