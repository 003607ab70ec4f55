using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Signet.Jose;
using Signet.OpenIdFederation;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Federation;

/// <summary>What is not enrolled, and in which words; each test states all the settings it is about.</summary>
public sealed class SubordinateRefusalTests(TestSignet server) : SubordinateEstate, IClassFixture<TestSignet>, IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await OpenAsync(server);

    [Theory]
    [InlineData("hint", "authority_hints")]
    [InlineData("contacts", "contacts")]
    [InlineData("type", "entity_types")]
    [InlineData("host", "host")]
    [InlineData("mark", "trust_marks")]
    [InlineData("weak", "jwks")]
    [InlineData("policy", "metadata_policy")]
    public async Task What_does_not_meet_a_check_is_refused_by_its_name(string what, string field)
    {
        await Superior.PutAsync(
            ("enrolment", new { contacts = true, entity_types = new[] { "openid_relying_party" }, hosts = what == "host" ? ["campus.example"] : new[] { "localhost" } }),
            ("metadata_policy", new { openid_relying_party = new { subject_type = new { one_of = new[] { "pairwise" } } } }));
        var entity = Entities.Add(Superior.Id);
        var party = (Dictionary<string, object>)entity.Metadata["openid_relying_party"];
        switch (what)
        {
            case "hint":
                entity.Hints[0] = EntityId.Parse("https://other.example");
                break;
            case "contacts":
                party.Remove("contacts");
                break;
            case "type":
                entity.Metadata["openid_provider"] = new { issuer = "https://op.example" };
                break;
            case "policy":
                party["subject_type"] = "public";
                break;
            case "weak":
                var jwks = JsonNode.Parse(KeysOf(entity))!;
                jwks["keys"]!.AsArray().Add(new JsonObject { ["kty"] = "RSA", ["kid"] = "small", ["e"] = "AQAB", ["n"] = "AQAB" });
                entity.Instead = context => WriteAsync(context, Resigned(entity, claims => claims["jwks"] = jwks.DeepClone()));
                break;
        }

        var answer = await Superior.CallAsync(HttpMethod.Post, Path, Body(entity, what == "mark" ? [("required_trustmarks", "https://federation.example/marks/member")] : []));

        Assert.Equal((HttpStatusCode.BadRequest, "subordinates.refused"), (answer.Status, answer["code"]));
        Assert.Equal(field, Assert.Single(answer.Json.GetProperty("errors").EnumerateObject()).Name);
        Assert.Empty(await ListAsync());
    }

    [Theory]
    [InlineData("missing", "subordinates.unreachable")]
    [InlineData("slow", "subordinates.unreachable")]
    [InlineData("redirect", "subordinates.unreachable")]
    [InlineData("html", "subordinates.unreachable")]
    [InlineData("huge", "subordinates.unreachable")]
    [InlineData("signature", "subordinates.configuration_invalid")]
    [InlineData("subject", "subordinates.configuration_invalid")]
    [InlineData("typ", "subordinates.configuration_invalid")]
    [InlineData("expired", "subordinates.configuration_invalid")]
    [InlineData("kid", "subordinates.configuration_invalid")]
    [InlineData("crit", "subordinates.configuration_invalid")]
    [InlineData("noise", "subordinates.configuration_invalid")]
    [InlineData("policy", "subordinates.configuration_invalid")]
    [InlineData("null", "subordinates.configuration_invalid")]
    public async Task A_configuration_that_is_wrong_is_refused_and_never_an_error_of_ours(string what, string code)
    {
        var entity = Entities.Add(Superior.Id);
        var other = Entities.Add(Superior.Id);
        entity.Instead = what switch
        {
            "missing" => context => StatusAsync(context, 404),
            "slow" => context => StatusAsync(context, 503),
            "redirect" => context => RedirectAsync(context, $"http://{other.Id.Value["https://".Length..]}/.well-known/openid-federation"),
            "html" => context => context.Response.WriteAsync("<html>"),
            "huge" => context => WriteAsync(context, new string('a', 300_000)),
            "signature" => context => WriteAsync(context, entity.Configuration()[..^8] + "AAAAAAAA"),
            "subject" => context => WriteAsync(context, other.Configuration()),
            "typ" => context => WriteAsync(context, Jws.SignCompact(entity.Key, "JWT", Encoding.UTF8.GetBytes(ClaimsOf(entity).ToJsonString()))),
            "expired" => context => WriteAsync(context, Resigned(entity, claims => claims["exp"] = claims["iat"]!.GetValue<long>() - 600)),
            "kid" => context => WriteAsync(context, Resigned(entity, claims => claims["jwks"]!["keys"]!.AsArray().Add(claims["jwks"]!["keys"]![0]!.DeepClone()))),
            "crit" => context => WriteAsync(context, Resigned(entity, claims => (claims["crit"], claims["level"]) = (new JsonArray("level"), 3))),
            "noise" => context => WriteAsync(context, "a.b.c"),
            "policy" => context => WriteAsync(context, Resigned(entity, claims => claims["metadata_policy"] = new JsonObject())),
            _ => context => WriteAsync(context, Resigned(entity, claims => claims["metadata"]!["openid_relying_party"]!["client_name"] = null)),
        };

        var answer = await Superior.CallAsync(HttpMethod.Post, Path, Body(entity));

        Assert.Equal((HttpStatusCode.BadRequest, code), (answer.Status, answer["code"]));
        Assert.NotEmpty(answer["detail"]);
    }

    [Theory]
    [InlineData("entityid", "op.campus.example")]
    [InlineData("entityid", "http://op.campus.example")]
    [InlineData("entityid", "https://op.campus.example?x=1")]
    [InlineData("forced_metadata", "[]")]
    [InlineData("forced_metadata", "{\"openid_relying_party\":null}")]
    [InlineData("jwks", "{\"keys\":[]}")]
    [InlineData("valid_for", 169)]
    [InlineData("additional_claims", "{\"sub\":\"https://other.example\"}")]
    [InlineData("crit", "[\"level\"]")]
    [InlineData("metadata_policy", "{\"openid_relying_party\":{\"contacts\":{\"add\":[\"a\"],\"one_of\":[\"b\"]}}}")]
    [InlineData("metadata_policy_crit", "[\"value\"]")]
    [InlineData("constraints", "{\"max_path_length\":-1}")]
    public async Task What_would_not_do_is_refused_by_name(string field, object value)
    {
        object given = value is string text && text[0] is '{' or '[' ? JsonElement.Parse((string)value) : value;
        var body = new Dictionary<string, object> { ["entityid"] = "https://op.campus.example", [field] = given };

        var answer = await Superior.CallAsync(HttpMethod.Post, Path, body);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_input"), (answer.Status, answer["code"]));
        Assert.Equal(field, Assert.Single(answer.Json.GetProperty("errors").EnumerateObject()).Name);
    }

    [Fact]
    public async Task An_entity_inside_our_network_is_not_asked()
    {
        var answer = await Superior.CallAsync(HttpMethod.Post, Path, new Dictionary<string, object> { ["entityid"] = $"https://{TestSignet.InsideName}" });

        Assert.Equal("subordinates.unreachable", answer["code"]);
        Assert.Contains("not the public Internet", answer["detail"], StringComparison.Ordinal);
    }
}
