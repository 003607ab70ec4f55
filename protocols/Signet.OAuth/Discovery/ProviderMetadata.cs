using System.Text.Json;

namespace Signet.OAuth.Discovery;

/// <summary>What a provider says of itself: one document for OIDC Discovery §3 and RFC 8414 §2. What it does not support is left out or said to be false.</summary>
/// <param name="Issuer">Equal to the <c>iss</c> of its tokens, byte for byte (OIDC Discovery §4.3).</param>
public sealed record ProviderMetadata(string Issuer)
{
    /// <summary>RFC 8414 §2.</summary>
    public required string AuthorizationEndpoint { get; init; }

    /// <summary>RFC 8414 §2.</summary>
    public required string TokenEndpoint { get; init; }

    /// <summary>RFC 8414 §2.</summary>
    public required string JwksUri { get; init; }

    /// <summary>OIDC Discovery §3.</summary>
    public string? UserInfoEndpoint { get; init; }

    /// <summary>RFC 8414 §2.</summary>
    public string? RegistrationEndpoint { get; init; }

    /// <summary>RFC 8414 §2.</summary>
    public string? IntrospectionEndpoint { get; init; }

    /// <summary>RFC 8414 §2.</summary>
    public string? RevocationEndpoint { get; init; }

    /// <summary>OIDC RP-Initiated Logout §2.1.</summary>
    public string? EndSessionEndpoint { get; init; }

    /// <summary>RFC 9126 §5.</summary>
    public string? PushedAuthorizationRequestEndpoint { get; init; }

    /// <summary>RFC 8628 §4.</summary>
    public string? DeviceAuthorizationEndpoint { get; init; }

    /// <summary>CIBA Core §4: served in poll mode, without user codes and signed requests.</summary>
    public string? BackchannelAuthenticationEndpoint { get; init; }

    /// <summary>RFC 8414 §2.</summary>
    public IReadOnlyList<string> ScopesSupported { get; init; } = [];

    /// <summary>RFC 8414 §2.</summary>
    public IReadOnlyList<string> GrantTypesSupported { get; init; } = ["authorization_code", "refresh_token", "client_credentials"];

    /// <summary>RFC 8414 §2.</summary>
    public IReadOnlyList<string> TokenEndpointAuthMethodsSupported { get; init; } = ["client_secret_basic", "client_secret_post", "none"];

    /// <summary>RFC 8414 §2: empty while no assertion can authenticate a client.</summary>
    public IReadOnlyList<string> TokenEndpointAuthSigningAlgValuesSupported { get; init; } = [];

    /// <summary>OIDC Discovery §3: RS256 must be among them.</summary>
    public IReadOnlyList<string> IdTokenSigningAlgValuesSupported { get; init; } = ["RS256", "ES256"];

    /// <summary>OIDC Discovery §3.</summary>
    public IReadOnlyList<string> SubjectTypesSupported { get; init; } = ["public"];

    /// <summary>OIDC Discovery §3.</summary>
    public IReadOnlyList<string> ClaimsSupported { get; init; } = [];

    /// <summary>OIDC Discovery §3.</summary>
    public IReadOnlyList<string> AcrValuesSupported { get; init; } = [];

    /// <summary>OIDC Discovery §3.</summary>
    public IReadOnlyList<string> PromptValuesSupported { get; init; } = ["none", "login", "consent", "select_account"];

    /// <summary>OIDC Discovery §3.</summary>
    public IReadOnlyList<string> UiLocalesSupported { get; init; } = [];

    /// <summary>RFC 9449 §5.1: empty while DPoP is not offered.</summary>
    public IReadOnlyList<string> DPoPSigningAlgValuesSupported { get; init; } = [];

    /// <summary>RFC 8705 §3.3: whether tokens can be bound to a client's certificate.</summary>
    public bool TlsClientCertificateBoundAccessTokens { get; init; }

    /// <summary>RFC 8705 §5: where clients with certificates go instead, by the name of the endpoint's own member.</summary>
    public IReadOnlyList<(string Endpoint, string Address)> MtlsEndpointAliases { get; init; } = [];

    /// <summary>OIDC Front-Channel Logout §3 and Back-Channel Logout §2.1: whether sessions have ids and clients are told of their end by post.</summary>
    public bool BackChannelLogoutSupported { get; init; }

    /// <summary>Further members; must not repeat a name.</summary>
    public Action<Utf8JsonWriter>? Further { get; init; }

    /// <summary>The document, to be made once and served as bytes.</summary>
    public byte[] ToUtf8Json() => ClaimsJson.ToUtf8(writer =>
    {
        writer.WriteStartObject();
        WriteEndpoints(writer);
        WriteCapabilities(writer);
        Further?.Invoke(writer);
        writer.WriteEndObject();
    });

    private void WriteEndpoints(Utf8JsonWriter writer)
    {
        writer.WriteString("issuer"u8, Issuer);
        writer.WriteString("authorization_endpoint"u8, AuthorizationEndpoint);
        writer.WriteString("token_endpoint"u8, TokenEndpoint);
        writer.WriteString("jwks_uri"u8, JwksUri);
        writer.Optional("userinfo_endpoint"u8, UserInfoEndpoint);
        writer.Optional("registration_endpoint"u8, RegistrationEndpoint);
        writer.Optional("introspection_endpoint"u8, IntrospectionEndpoint);
        writer.Optional("revocation_endpoint"u8, RevocationEndpoint);
        writer.Optional("end_session_endpoint"u8, EndSessionEndpoint);
        writer.Optional("pushed_authorization_request_endpoint"u8, PushedAuthorizationRequestEndpoint);
        writer.Optional("device_authorization_endpoint"u8, DeviceAuthorizationEndpoint);
        writer.Optional("backchannel_authentication_endpoint"u8, BackchannelAuthenticationEndpoint);
    }

    private void WriteCapabilities(Utf8JsonWriter writer)
    {
        writer.Optional("scopes_supported"u8, ScopesSupported);
        // RFC 9700 §2.1.2: the code flow and nothing else.
        writer.Optional("response_types_supported"u8, ["code"]);
        writer.Optional("response_modes_supported"u8, ["query", "form_post"]);
        writer.Optional("grant_types_supported"u8, GrantTypesSupported);
        writer.Optional("subject_types_supported"u8, SubjectTypesSupported);
        writer.Optional("id_token_signing_alg_values_supported"u8, IdTokenSigningAlgValuesSupported);
        writer.Optional("token_endpoint_auth_methods_supported"u8, TokenEndpointAuthMethodsSupported);
        writer.Optional("token_endpoint_auth_signing_alg_values_supported"u8, TokenEndpointAuthSigningAlgValuesSupported);
        WriteEndpointMethods(writer);
        // RFC 8414 §2: S256 alone (RFC 9700 §2.1.1).
        writer.Optional("code_challenge_methods_supported"u8, [Pkce.Method]);
        writer.Optional("prompt_values_supported"u8, PromptValuesSupported);
        writer.Optional("claim_types_supported"u8, ["normal"]);
        writer.Optional("claims_supported"u8, ClaimsSupported);
        writer.Optional("acr_values_supported"u8, AcrValuesSupported);
        writer.Optional("ui_locales_supported"u8, UiLocalesSupported);
        writer.Optional("dpop_signing_alg_values_supported"u8, DPoPSigningAlgValuesSupported);
        WriteMutualTls(writer);
        writer.WriteBoolean("claims_parameter_supported"u8, false);
        writer.WriteBoolean("request_parameter_supported"u8, false);
        // OIDC Discovery §3: absent would mean true.
        writer.WriteBoolean("request_uri_parameter_supported"u8, false);
        // RFC 9207 §3.
        writer.WriteBoolean("authorization_response_iss_parameter_supported"u8, true);
        if (BackchannelAuthenticationEndpoint is not null)
        {
            // CIBA Core §4: without signing algorithms no request is to be signed.
            writer.Optional("backchannel_token_delivery_modes_supported"u8, ["poll"]);
            writer.WriteBoolean("backchannel_user_code_parameter_supported"u8, false);
        }

        if (BackChannelLogoutSupported)
        {
            writer.WriteBoolean("backchannel_logout_supported"u8, true);
            writer.WriteBoolean("backchannel_logout_session_supported"u8, true);
        }
    }

    private void WriteMutualTls(Utf8JsonWriter writer)
    {
        if (TlsClientCertificateBoundAccessTokens)
        {
            writer.WriteBoolean("tls_client_certificate_bound_access_tokens"u8, true);
        }

        if (MtlsEndpointAliases.Count > 0)
        {
            writer.WriteStartObject("mtls_endpoint_aliases"u8);
            foreach (var (endpoint, address) in MtlsEndpointAliases)
            {
                writer.WriteString(endpoint, address);
            }

            writer.WriteEndObject();
        }
    }

    // RFC 8414 §2: without these the endpoints would have the default client_secret_basic alone.
    private void WriteEndpointMethods(Utf8JsonWriter writer)
    {
        if (IntrospectionEndpoint is not null)
        {
            writer.Optional("introspection_endpoint_auth_methods_supported"u8, [.. TokenEndpointAuthMethodsSupported.Where(method => method != "none")]);
            writer.Optional("introspection_endpoint_auth_signing_alg_values_supported"u8, TokenEndpointAuthSigningAlgValuesSupported);
        }

        if (RevocationEndpoint is not null)
        {
            writer.Optional("revocation_endpoint_auth_methods_supported"u8, TokenEndpointAuthMethodsSupported);
            writer.Optional("revocation_endpoint_auth_signing_alg_values_supported"u8, TokenEndpointAuthSigningAlgValuesSupported);
        }
    }
}
