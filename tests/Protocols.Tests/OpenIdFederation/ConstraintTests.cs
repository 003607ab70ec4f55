using System.Text.Json;
using Signet.OpenIdFederation;
using Signet.OpenIdFederation.Statements;
using Xunit;

namespace Protocols.Tests.OpenIdFederation;

public sealed class ConstraintTests
{
    /// <summary>OIDFed §6.2.2, RFC 5280 §4.2.1.10.</summary>
    [Theory]
    [InlineData("host.example.com", null, "https://host.example.com/path", true)]
    [InlineData("host.example.com", null, "https://host.example.com:8443", true)]
    [InlineData("host.example.com", null, "https://HOST.Example.com", true)]
    [InlineData("HOST.example.COM", null, "https://host.example.com", true)]
    [InlineData("host.example.com", null, "https://host.example.com.", true)]
    [InlineData("host.example.com", null, "https://my.host.example.com", false)]
    [InlineData(".example.com", null, "https://host.example.com", true)]
    [InlineData(".example.com", null, "https://my.host.example.com", true)]
    [InlineData(".example.com", null, "https://example.com", false)]
    [InlineData(".example.com", null, "https://badexample.com", false)]
    [InlineData(".example.com", null, "https://example.com.evil.org", false)]
    [InlineData(".example.com", null, "https://evil.org/host.example.com", false)]
    [InlineData(".example.com", "east.example.com", "https://east.example.com", false)]
    [InlineData(".example.com", "east.example.com", "https://EAST.example.com.", false)]
    [InlineData(".example.com", "east.example.com", "https://north.east.example.com", true)]
    [InlineData(".example.com", ".east.example.com", "https://north.east.example.com", false)]
    [InlineData(null, ".example.com", "https://other.org", true)]
    [InlineData(null, ".example.com", "https://a.example.com", false)]
    [InlineData(null, ".example.com", "https://192.0.2.1", false)]
    [InlineData(".example.com", null, "https://[2001:db8::1]", false)]
    public void Names_are_permitted_and_excluded_by_host(string? permitted, string? excluded, string entity, bool expected)
    {
        var lists = new[] { ("permitted", permitted), ("excluded", excluded) }.Where(pair => pair.Item2 is not null).Select(pair => $"\"{pair.Item1}\":[\"{pair.Item2}\"]");
        var constraints = Parse("{\"naming_constraints\":{" + string.Join(',', lists) + "}}");

        Assert.Equal(expected, constraints.AllowsName(EntityId.Parse(entity)));
    }

    [Fact]
    public void An_empty_list_of_permitted_names_permits_nothing() =>
        Assert.False(Parse("""{"naming_constraints":{"permitted":[]}}""").AllowsName(EntityId.Parse("https://a.example")));

    [Fact]
    public void Without_naming_constraints_any_name_may_be()
    {
        Assert.True(Parse("{}").AllowsName(EntityId.Parse("https://192.0.2.1")));
        Assert.True(Parse("""{"naming_constraints":{}}""").AllowsName(EntityId.Parse("https://a.example")));
    }

    [Theory]
    [InlineData("{}", "openid_provider", true)]
    [InlineData("""{"allowed_entity_types":["openid_provider"]}""", "openid_provider", true)]
    [InlineData("""{"allowed_entity_types":["openid_provider"]}""", "openid_relying_party", false)]
    [InlineData("""{"allowed_entity_types":["openid_provider"]}""", "federation_entity", true)]
    [InlineData("""{"allowed_entity_types":[]}""", "federation_entity", true)]
    [InlineData("""{"allowed_entity_types":[]}""", "openid_provider", false)]
    public void Types_are_kept_or_taken_out(string constraints, string type, bool expected) => Assert.Equal(expected, Parse(constraints).AllowsType(type));

    /// <summary>Names of others' making are ignored, as every constraint that is not understood.</summary>
    [Fact]
    public void Constraints_nobody_understands_are_ignored() =>
        Assert.True(Parse("""{"permitted_subtrees":["https://x.example"],"allowed_leaf_entity_types":[]}""").AllowsName(EntityId.Parse("https://a.example")));

    private static ConstraintSet Parse(string json)
    {
        var constraints = ConstraintSet.TryParse(JsonElement.Parse(json), out var fault);
        return constraints ?? throw new Xunit.Sdk.XunitException(fault!.Detail);
    }
}
