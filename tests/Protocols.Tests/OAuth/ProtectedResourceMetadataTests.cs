using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Signet.OAuth;
using Signet.OAuth.Discovery;
using Signet.OAuth.Tokens;
using Xunit;

namespace Protocols.Tests.OAuth;

public sealed class ProtectedResourceMetadataTests
{
    // RFC 9728 §3.2. Its bearer methods include the body, which a resource may choose to say.
    [Fact]
    public void Writes_the_example_of_RFC_9728_section_3_2()
    {
        var metadata = new ProtectedResourceMetadata("https://resource.example.com", ["https://as1.example.com", "https://as2.example.net"])
        {
            BearerMethodsSupported = ["header", "body"],
            ScopesSupported = ["profile", "email", "phone"],
            ResourceDocumentation = "https://resource.example.com/resource_documentation.html",
        };

        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""
                {"resource":"https://resource.example.com",
                 "authorization_servers":["https://as1.example.com","https://as2.example.net"],
                 "bearer_methods_supported":["header","body"],
                 "scopes_supported":["profile","email","phone"],
                 "resource_documentation":"https://resource.example.com/resource_documentation.html"}
                """),
            JsonNode.Parse(metadata.ToUtf8Json())));
    }

    [Fact]
    public void Every_member_has_its_registered_name()
    {
        var metadata = new ProtectedResourceMetadata("https://r.example", ["https://id.example"])
        {
            JwksUri = "j",
            ScopesSupported = ["s"],
            ResourceSigningAlgValuesSupported = ["ES256"],
            ResourceName = "n",
            ResourceDocumentation = "d",
            ResourcePolicyUri = "p",
            ResourceTosUri = "t",
            TlsClientCertificateBoundAccessTokens = true,
            AuthorizationDetailsTypesSupported = ["a"],
            DPoPSigningAlgValuesSupported = ["ES256"],
            DPoPBoundAccessTokensRequired = true,
            Further = writer => writer.WriteString("x", "y"),
        };

        Assert.Equal(
            """{"resource":"https://r.example","authorization_servers":["https://id.example"],"jwks_uri":"j","scopes_supported":["s"],"bearer_methods_supported":["header"],"resource_signing_alg_values_supported":["ES256"],"resource_name":"n","resource_documentation":"d","resource_policy_uri":"p","resource_tos_uri":"t","tls_client_certificate_bound_access_tokens":true,"authorization_details_types_supported":["a"],"dpop_signing_alg_values_supported":["ES256"],"dpop_bound_access_tokens_required":true,"x":"y"}""",
            Encoding.UTF8.GetString(metadata.ToUtf8Json()));
    }

    // The first three are those of RFC 9728 §3.1.
    [Theory]
    [InlineData("https://resource.example.com", "https://resource.example.com/.well-known/oauth-protected-resource")]
    [InlineData("https://resource.example.com/", "https://resource.example.com/.well-known/oauth-protected-resource")]
    [InlineData("https://resource.example.com/resource1", "https://resource.example.com/.well-known/oauth-protected-resource/resource1")]
    [InlineData("https://r.example:8443/a/b/", "https://r.example:8443/.well-known/oauth-protected-resource/a/b/")]
    [InlineData("https://r.example/a?k=v", "https://r.example/.well-known/oauth-protected-resource/a?k=v")]
    [InlineData("https://r.example?k=v", "https://r.example/.well-known/oauth-protected-resource?k=v")]
    [InlineData("http://localhost:8080/api/v1", "http://localhost:8080/.well-known/oauth-protected-resource/api/v1")]
    [InlineData("http://acme.localhost:8080", "http://acme.localhost:8080/.well-known/oauth-protected-resource")]
    [InlineData("http://127.0.0.1/a", "http://127.0.0.1/.well-known/oauth-protected-resource/a")]
    [InlineData("http://r.example/", null)]
    [InlineData("http://localhost.example/", null)]
    [InlineData("http://notlocalhost/", null)]
    [InlineData("https://r.example/#a", null)]
    [InlineData("https://u@r.example/", null)]
    [InlineData("urn:r", null)]
    [InlineData("/r", null)]
    [InlineData("", null)]
    public void The_address_lies_between_host_and_path(string resource, string? expected) =>
        Assert.Equal(expected, ProtectedResourceMetadata.AddressOf(resource));

    [Fact]
    public void A_challenge_names_the_metadata()
    {
        const string Address = "https://resource.example.com/.well-known/oauth-protected-resource";

        // RFC 9728 §5.1.
        Assert.Equal($"Bearer resource_metadata=\"{Address}\"", BearerToken.Challenge(resourceMetadata: Address));
        Assert.Equal(
            $"Bearer error=\"invalid_token\", error_description=\"The access token is not valid.\", resource_metadata=\"{Address}\"",
            BearerToken.Challenge(OAuthError.InvalidToken, resourceMetadata: Address));
        Assert.Equal($"Bearer scope=\"a b\", resource_metadata=\"{Address}\"", BearerToken.Challenge(null, ScopeSet.Of("a", "b"), Address));
    }

    [Fact]
    public void Any_text_has_an_address_or_not() =>
        Prop.ForAll<string>(text =>
        {
            _ = ProtectedResourceMetadata.AddressOf(text ?? "");
            _ = ProtectedResourceMetadata.AddressOf($"https://r.example/{text}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
}
