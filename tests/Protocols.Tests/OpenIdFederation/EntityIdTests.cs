using Signet.OpenIdFederation;
using Signet.OpenIdFederation.Chains;
using Xunit;

namespace Protocols.Tests.OpenIdFederation;

public sealed class EntityIdTests
{
    [Theory]
    [InlineData("https://entity.example", "https://entity.example/.well-known/openid-federation")]
    [InlineData("https://entity.example/", "https://entity.example/.well-known/openid-federation")]
    [InlineData("https://entity.example:8443/a/b", "https://entity.example:8443/a/b/.well-known/openid-federation")]
    [InlineData("https://entity.example/a/", "https://entity.example/a/.well-known/openid-federation")]
    [InlineData("https://entity.example/a//", "https://entity.example/a//.well-known/openid-federation")]
    [InlineData("https://tm_owner.example.org", "https://tm_owner.example.org/.well-known/openid-federation")]
    [InlineData("https://[2001:db8::1]:444/x", "https://[2001:db8::1]:444/x/.well-known/openid-federation")]
    [InlineData("https://192.0.2.7", "https://192.0.2.7/.well-known/openid-federation")]
    [InlineData("https://entity.example/%C3%A9~(x)", "https://entity.example/%C3%A9~(x)/.well-known/openid-federation")]
    public void An_identifier_leads_to_its_configuration(string text, string url) => Assert.Equal(url, EntityId.Parse(text).ConfigurationUrl);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("https://")]
    [InlineData("https:///a")]
    [InlineData("http://entity.example")]
    [InlineData("HTTPS://entity.example")]
    [InlineData("entity.example")]
    [InlineData("https://entity.example?x=1")]
    [InlineData("https://entity.example/a?x=1")]
    [InlineData("https://entity.example#f")]
    [InlineData("https://entity.example/#")]
    [InlineData("https://user@entity.example")]
    [InlineData("https://user:pass@entity.example")]
    [InlineData("https://entity.example:")]
    [InlineData("https://entity.example:0")]
    [InlineData("https://entity.example:65536")]
    [InlineData("https://entity.example:8x")]
    [InlineData("https://entity..example")]
    [InlineData("https://.example")]
    [InlineData("https://ent ity.example")]
    [InlineData("https://entity.example/a b")]
    [InlineData("https://entity.example\\a")]
    [InlineData("https://entity.example/\n")]
    [InlineData("https://entity.example/../a")]
    [InlineData("https://entity.example/a/.")]
    [InlineData("https://entity.example/%zz")]
    [InlineData("https://entity.example/%a")]
    [InlineData("https://ent%69ty.example")]
    [InlineData("https://münchen.example")]
    [InlineData("https://[::1")]
    [InlineData("https://[1.2.3.4]")]
    [InlineData("https://0x7f.1")]
    [InlineData("https://2130706433")]
    [InlineData("https://127.1")]
    public void What_is_no_identifier_is_refused(string? text) => Assert.Null(EntityId.TryParse(text));

    [Fact]
    public void An_identifier_is_at_most_2048_characters()
    {
        Assert.NotNull(EntityId.TryParse("https://a.example/" + new string('x', 2030)));
        Assert.Null(EntityId.TryParse("https://a.example/" + new string('x', 2031)));
    }

    [Fact]
    public void Identifiers_are_compared_as_text()
    {
        Assert.Equal(EntityId.Parse("https://a.example"), EntityId.Parse("https://a.example"));
        Assert.NotEqual(EntityId.Parse("https://a.example"), EntityId.Parse("https://a.example/"));
        Assert.NotEqual(EntityId.Parse("https://a.example"), EntityId.Parse("https://A.example"));
    }

    [Theory]
    [InlineData("https://a.example/fetch", "https://b.example/x", "https://a.example/fetch?sub=https%3A%2F%2Fb.example%2Fx")]
    [InlineData("https://a.example/fetch?tenant=1", "https://b.example/a&b=c", "https://a.example/fetch?tenant=1&sub=https%3A%2F%2Fb.example%2Fa%26b%3Dc")]
    public void The_subject_is_encoded_into_the_address_of_the_fetch_endpoint(string endpoint, string subject, string expected) =>
        Assert.Equal(expected, FetchUrl.For(endpoint, EntityId.Parse(subject)));
}
