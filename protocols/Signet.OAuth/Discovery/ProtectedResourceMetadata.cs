using System.Text.Json;

namespace Signet.OAuth.Discovery;

/// <summary>
/// What a resource says of itself, so that a client that was refused learns where to get a token. What it does not say is left out.
/// <see href="https://www.rfc-editor.org/rfc/rfc9728"/>
/// </summary>
/// <param name="Resource">The resource identifier: an https URL without fragment, byte for byte what the client used (RFC 9728 §3.3).</param>
/// <param name="AuthorizationServers">The issuers whose tokens it takes.</param>
public sealed record ProtectedResourceMetadata(string Resource, IReadOnlyList<string> AuthorizationServers)
{
    private const string WellKnown = "/.well-known/oauth-protected-resource";

    /// <summary>RFC 9728 §2: where keys of the resource itself are, if it signs answers.</summary>
    public string? JwksUri { get; init; }

    /// <summary>RFC 9728 §2.</summary>
    public IReadOnlyList<string> ScopesSupported { get; init; } = [];

    /// <summary>RFC 9728 §2: in the header alone (RFC 9700 §4.3.2); tokens in bodies and queries end up in logs.</summary>
    public IReadOnlyList<string> BearerMethodsSupported { get; init; } = ["header"];

    /// <summary>RFC 9728 §2.</summary>
    public IReadOnlyList<string> ResourceSigningAlgValuesSupported { get; init; } = [];

    /// <summary>RFC 9728 §2: a name for people.</summary>
    public string? ResourceName { get; init; }

    /// <summary>RFC 9728 §2: a page for developers.</summary>
    public string? ResourceDocumentation { get; init; }

    /// <summary>RFC 9728 §2.</summary>
    public string? ResourcePolicyUri { get; init; }

    /// <summary>RFC 9728 §2.</summary>
    public string? ResourceTosUri { get; init; }

    /// <summary>RFC 9728 §2: false when left out.</summary>
    public bool TlsClientCertificateBoundAccessTokens { get; init; }

    /// <summary>RFC 9728 §2.</summary>
    public IReadOnlyList<string> AuthorizationDetailsTypesSupported { get; init; } = [];

    /// <summary>RFC 9728 §2.</summary>
    public IReadOnlyList<string> DPoPSigningAlgValuesSupported { get; init; } = [];

    /// <summary>RFC 9728 §2: false when left out.</summary>
    public bool DPoPBoundAccessTokensRequired { get; init; }

    /// <summary>Further members; must not repeat a name.</summary>
    public Action<Utf8JsonWriter>? Further { get; init; }

    /// <summary>RFC 9728 §3.1: where the document of a resource is, between its host and its path; null where the identifier is no https URL. Plain http to
    /// this machine, which no network carries, is for development.</summary>
    /// <param name="resource">The resource identifier.</param>
    public static string? AddressOf(string resource)
    {
        // RFC 9728 §1.2: https, no fragment.
        if (!Uri.TryCreate(resource, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttps && !IsOfThisMachine(uri)) || uri.UserInfo.Length > 0
            || resource.AsSpan().ContainsAny('#', '\\', ' '))
        {
            return null;
        }

        var path = uri.PathAndQuery;
        // A lone slash after the host goes before the well-known path is put in; a query comes after it.
        return $"{uri.GetLeftPart(UriPartial.Authority)}{WellKnown}{(path.StartsWith("/?", StringComparison.Ordinal) || path is "/" ? path[1..] : path)}";
    }

    // RFC 6761 §6.3: names below localhost lead here, too.
    private static bool IsOfThisMachine(Uri uri) =>
        uri.Scheme == Uri.UriSchemeHttp && (uri.IsLoopback || uri.Host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase));

    /// <summary>The document, to be made once and served as bytes.</summary>
    public byte[] ToUtf8Json() => ClaimsJson.ToUtf8(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("resource"u8, Resource);
        writer.Optional("authorization_servers"u8, AuthorizationServers);
        writer.Optional("jwks_uri"u8, JwksUri);
        writer.Optional("scopes_supported"u8, ScopesSupported);
        writer.Optional("bearer_methods_supported"u8, BearerMethodsSupported);
        writer.Optional("resource_signing_alg_values_supported"u8, ResourceSigningAlgValuesSupported);
        writer.Optional("resource_name"u8, ResourceName);
        writer.Optional("resource_documentation"u8, ResourceDocumentation);
        writer.Optional("resource_policy_uri"u8, ResourcePolicyUri);
        writer.Optional("resource_tos_uri"u8, ResourceTosUri);
        WriteTrue(writer, "tls_client_certificate_bound_access_tokens"u8, TlsClientCertificateBoundAccessTokens);
        writer.Optional("authorization_details_types_supported"u8, AuthorizationDetailsTypesSupported);
        writer.Optional("dpop_signing_alg_values_supported"u8, DPoPSigningAlgValuesSupported);
        WriteTrue(writer, "dpop_bound_access_tokens_required"u8, DPoPBoundAccessTokensRequired);
        Further?.Invoke(writer);
        writer.WriteEndObject();
    });

    private static void WriteTrue(Utf8JsonWriter writer, ReadOnlySpan<byte> name, bool value)
    {
        if (value)
        {
            writer.WriteBoolean(name, true);
        }
    }
}
