using System.Buffers;
using System.Text.Json;

namespace Signet.OpenIdFederation;

/// <summary>An answer of a federation endpoint that refuses (OIDFed §8.9).</summary>
/// <param name="Code">The registered <c>error</c> value.</param>
/// <param name="Status">The HTTP status the specification recommends.</param>
/// <param name="Description">The <c>error_description</c>, which is required: one sentence for the developer who asked.</param>
public sealed record FederationError(string Code, int Status, string Description)
{
    /// <summary>400: the request is incomplete or malformed.</summary>
    public static FederationError InvalidRequest(string description) => new("invalid_request", 400, description);

    /// <summary>401: the client could not be authenticated, or is no participant.</summary>
    public static FederationError InvalidClient(string description) => new("invalid_client", 401, description);

    /// <summary>404: the endpoint does not serve this issuer.</summary>
    public static FederationError InvalidIssuer(string description) => new("invalid_issuer", 404, description);

    /// <summary>404: the endpoint does not serve this subject.</summary>
    public static FederationError InvalidSubject(string description) => new("invalid_subject", 404, description);

    /// <summary>404: the trust anchor is not known or can't be used.</summary>
    public static FederationError InvalidTrustAnchor(string description) => new("invalid_trust_anchor", 404, description);

    /// <summary>400: no valid trust chain.</summary>
    public static FederationError InvalidTrustChain(string description) => new("invalid_trust_chain", 400, description);

    /// <summary>400: metadata or metadata policy are invalid or in conflict.</summary>
    public static FederationError InvalidMetadata(string description) => new("invalid_metadata", 400, description);

    /// <summary>404: the entity is not known.</summary>
    public static FederationError NotFound(string description) => new("not_found", 404, description);

    /// <summary>500: a fault of our own.</summary>
    public static FederationError ServerError(string description) => new("server_error", 500, description);

    /// <summary>503: ask again later.</summary>
    public static FederationError TemporarilyUnavailable(string description) => new("temporarily_unavailable", 503, description);

    /// <summary>400: a parameter that is understood, and not served.</summary>
    public static FederationError UnsupportedParameter(string description) => new("unsupported_parameter", 400, description);

    /// <summary>The JSON body, for <c>application/json</c>.</summary>
    public byte[] ToUtf8Json()
    {
        var output = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            writer.WriteString("error"u8, Code);
            writer.WriteString("error_description"u8, Description);
            writer.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }
}
