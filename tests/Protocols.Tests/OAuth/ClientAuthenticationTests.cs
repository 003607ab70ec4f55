using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Signet.OAuth;
using Signet.OAuth.Clients;
using Xunit;

namespace Protocols.Tests.OAuth;

public sealed class ClientAuthenticationTests
{
    private const string JwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static readonly ClientAuthentication InvalidClientByHeader = new ClientAuthentication.Refused(OAuthError.InvalidClient, ByHeader: true);
    private static readonly ClientAuthentication InvalidClient = new ClientAuthentication.Refused(OAuthError.InvalidClient, ByHeader: false);

    [Fact]
    public void Reads_a_secret_from_the_header() =>
        Assert.Equal(new ClientAuthentication.Secret("app", "s3cret", SecretMethod.Basic), Read(Basic("app:s3cret")));

    [Theory]
    [InlineData("basic ")]
    [InlineData("BASIC  ")]
    public void The_scheme_is_read_in_any_case(string scheme) =>
        Assert.IsType<ClientAuthentication.Secret>(Read(scheme + Convert.ToBase64String("app:s3cret"u8)));

    [Fact]
    public void Both_halves_of_the_header_are_form_encoded() =>
        Assert.Equal(
            new ClientAuthentication.Secret("https://app.example/id", "a:b c%", SecretMethod.Basic),
            Read(Basic("https%3A%2F%2Fapp.example%2Fid:a%3Ab+c%25")));

    [Fact]
    public void Reads_a_secret_from_the_form() =>
        Assert.Equal(
            new ClientAuthentication.Secret("app", "s3cret", SecretMethod.Post), Read(null, ("client_id", "app"), ("client_secret", "s3cret")));

    [Fact]
    public void Reads_a_public_client() => Assert.Equal(new ClientAuthentication.None("app"), Read(null, ("client_id", "app")));

    [Fact]
    public void Reads_an_assertion() =>
        Assert.Equal(
            new ClientAuthentication.Assertion(null, "a.b.c"), Read(null, ("client_assertion_type", JwtBearer), ("client_assertion", "a.b.c")));

    [Fact]
    public void The_same_client_id_beside_the_header_is_no_second_method() =>
        Assert.IsType<ClientAuthentication.Secret>(Read(Basic("app:s3cret"), ("client_id", "app")));

    [Fact]
    public void Another_client_id_beside_the_header_is_refused() =>
        Assert.Equal(
            new ClientAuthentication.Refused(OAuthError.InvalidRequest, ByHeader: true), Read(Basic("app:s3cret"), ("client_id", "other")));

    [Theory]
    [InlineData(true, "s3cret", null)]
    [InlineData(true, null, "a.b.c")]
    [InlineData(false, "s3cret", "a.b.c")]
    public void Two_methods_are_refused(bool header, string? secret, string? assertion) =>
        Assert.Equal(
            new ClientAuthentication.Refused(OAuthError.SeveralAuthenticationMethods, header),
            Read(header ? Basic("app:s3cret") : null, ("client_id", "app"), ("client_secret", secret), ("client_assertion", assertion)));

    [Theory]
    [InlineData("Basic")]
    [InlineData("Basic ")]
    [InlineData("Basic !!!")]
    [InlineData("Basic YXBw")]
    [InlineData("Basic YXBwOnMzY3JldA")]
    [InlineData("Basic YXBw OnMzY3JldA==")]
    [InlineData("Basic YXBwOnMzY3JldA==, Basic YXBwOnMzY3JldA==")]
    [InlineData("Bearer YXBwOnMzY3JldA==")]
    [InlineData("YXBwOnMzY3JldA==")]
    public void A_malformed_header_is_refused(string header) => Assert.Equal(InvalidClientByHeader, Read(header));

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("app:")]
    [InlineData(":s3cret")]
    [InlineData("app:s%3")]
    [InlineData("app:s%00t")]
    [InlineData("app:%FF")]
    [InlineData("app:sécret")]
    public void A_malformed_pair_is_refused(string pair) => Assert.Equal(InvalidClientByHeader, Read(Basic(pair)));

    [Fact]
    public void No_client_at_all_is_refused() => Assert.Equal(InvalidClient, Read(null));

    [Fact]
    public void A_secret_without_client_is_refused() => Assert.Equal(InvalidClient, Read(null, ("client_secret", "s3cret")));

    [Theory]
    [InlineData("a.b.c", null)]
    [InlineData(null, JwtBearer)]
    [InlineData("a.b.c", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer")]
    public void Half_an_assertion_or_one_of_another_type_is_refused(string? assertion, string? type) =>
        Assert.Equal(InvalidClient, Read(null, ("client_id", "app"), ("client_assertion", assertion), ("client_assertion_type", type)));

    [Fact]
    public void A_secret_does_not_show_in_text() =>
        Assert.DoesNotContain("s3cret", Read(Basic("app:s3cret")).ToString(), StringComparison.Ordinal);

    [Fact]
    public void No_header_makes_it_throw() =>
        Prop.ForAll<string?, byte[]>((text, bytes) =>
        {
            _ = Read(text);
            _ = Read("Basic " + text);
            _ = Read("Basic " + Convert.ToBase64String(bytes));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    private static string Basic(string pair) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(pair));

    private static ClientAuthentication Read(string? header, params (string Name, string? Value)[] form)
    {
        var pairs = form.Where(pair => pair.Value is not null).Select(pair => KeyValuePair.Create(pair.Name, pair.Value!));
        Assert.True(OAuthParameters.TryRead(pairs, out var parameters, out _));
        return ClientAuthentication.Read(header, parameters);
    }
}
