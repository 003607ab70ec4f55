using System.Net;
using System.Text.Json;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Federation;

/// <summary>Types and marks that would not do.</summary>
public sealed class TrustMarkRefusalTests(TestSignet signet) : IClassFixture<TestSignet>, IAsyncLifetime
{
    private const string Types = "/api/v1/trustmarktypes";
    private const string Marks = "/api/v1/trustmarks";
    private const string Member = "https://federation.example/marks/member";

    private Anchor anchor = null!;

    public async ValueTask InitializeAsync() => anchor = await Anchor.StartAsync(signet);

    public ValueTask DisposeAsync() => default;

    [Theory]
    [InlineData("tmtype", "member")]
    [InlineData("tmtype", "http://federation.example/marks/member")]
    [InlineData("valid_for", 0)]
    [InlineData("renewal_time", 8760)]
    [InlineData("logo_uri", "javascript:alert(1)")]
    [InlineData("owner", "nobody")]
    [InlineData("owner_jwks", "{\"keys\":[]}")]
    [InlineData("delegation", "a.b.c")]
    [InlineData("issuers", "[\"not a url\"]")]
    [InlineData("claims", "{\"iss\":{\"kind\":\"string\"}}")]
    public async Task A_type_that_would_not_do_is_refused_by_name(string field, object value)
    {
        object given = value is string text && text[0] is '{' or '[' ? JsonElement.Parse((string)value) : value;
        var body = new Dictionary<string, object> { ["tmtype"] = Member, [field] = given };

        var answer = await anchor.CallAsync(HttpMethod.Post, Types, body);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_input"), (answer.Status, answer["code"]));
        Assert.Equal(field, Assert.Single(answer.Json.GetProperty("errors").EnumerateObject()).Name);
    }

    [Theory]
    [InlineData("domain", "op.campus.example")]
    [InlineData("domain", "https://op.campus.example?x=1")]
    [InlineData("valid_for", 8761)]
    [InlineData("valid_for", 0)]
    [InlineData("renewal_time", 0)]
    [InlineData("additional_claims", "{\"sub\":\"https://other.example\"}")]
    [InlineData("additional_claims", "[]")]
    public async Task A_mark_that_would_not_do_is_refused_by_name(string field, object value)
    {
        await anchor.CallAsync(HttpMethod.Post, Types, new Dictionary<string, object> { ["tmtype"] = Member });
        object given = value is string text && text[0] is '{' or '[' ? JsonElement.Parse((string)value) : value;

        var answer = await anchor.CallAsync(HttpMethod.Post, Marks, new Dictionary<string, object> { ["tmtype"] = Member, ["domain"] = "https://op.campus.example", [field] = given });

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(field, Assert.Single(answer.Json.GetProperty("errors").EnumerateObject()).Name);
    }
}
