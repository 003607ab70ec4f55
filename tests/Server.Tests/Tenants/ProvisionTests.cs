using System.Net;
using System.Text.RegularExpressions;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Tenants;

/// <summary>A tenant begins with somebody who can sign in and run it.</summary>
public sealed partial class ProvisionTests(TestSignet signet) : IClassFixture<TestSignet>
{
    private const string Password = "a long password of the owner";

    [Fact]
    public async Task The_first_owner_signs_in_with_the_password_that_was_made()
    {
        var slug = TestSignet.NewName("made");

        var made = await ProvisionAsync(new { slug, name = "Made", owner = new { email = "owner@made.test", first_name = "Ada", last_name = "Lovelace" } });

        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Equal("no-store", made.Headers["Cache-Control"]);
        var browser = await signet.SignInAsync(new TestUser(Guid.Parse(made["owner_id"]), "owner@made.test", made["owner_password"]), $"/t/{slug}");
        var console = await browser.GetAsync($"/t/{slug}/console/users");
        Assert.Equal(HttpStatusCode.OK, console.Status);
        Assert.Contains("Ada Lovelace", console.Text, StringComparison.Ordinal);
        Assert.Contains("Owner", console.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_that_was_given_is_not_told_back()
    {
        var slug = TestSignet.NewName("given");

        var made = await ProvisionAsync(new { slug, name = "Given", owner = new { email = "owner@given.test", password = Password } });

        Assert.False(made.Has("owner_password"));
        await signet.SignInAsync(new TestUser(Guid.Parse(made["owner_id"]), "owner@given.test", Password), $"/t/{slug}");
    }

    [Theory]
    [InlineData("""{"slug":"SLUG","name":"x"}""", "owner")]
    [InlineData("""{"slug":"Not A Label","name":"x","owner":{"email":"o@x.test"}}""", "slug")]
    [InlineData("""{"slug":"www","name":"x","owner":{"email":"o@x.test"}}""", "slug")]
    [InlineData("""{"slug":"SLUG","name":" ","owner":{"email":"o@x.test"}}""", "name")]
    [InlineData("""{"slug":"SLUG","name":"x","owner":{"email":"nobody"}}""", "owner.email")]
    [InlineData("""{"slug":"SLUG","name":"x","owner":{"email":"o@x.test","first_name":"a\u0007"}}""", "owner.first_name")]
    [InlineData("""{"slug":"SLUG","name":"x","owner":{"email":"o@x.test","password":"short"}}""", "owner.password")]
    public async Task What_cannot_be_is_refused_by_name_and_makes_nothing(string body, string named)
    {
        var slug = TestSignet.NewName("refused");

        var refused = await ProvisionAsync(body.Replace("SLUG", slug));

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains(named, refused.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await signet.CallAsync(HttpMethod.Get, $"/t/{slug}/oauth2/jwks")).Status);
    }

    [Fact]
    public async Task Of_sixteen_who_want_one_name_one_gets_it_with_one_owner()
    {
        var slug = TestSignet.NewName("race");

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(i =>
            ProvisionAsync(new { slug, name = "Race", owner = new { email = $"owner-{i}@race.test", password = $"{Password} {i}" } })));

        var won = Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.All(answers.Where(answer => answer != won), answer => Assert.Equal((HttpStatusCode.Conflict, "tenants.slug_taken"), (answer.Status, answer["code"])));
        var key = await signet.CreateApiKeyAsync(Role.Owner, new(Guid.Parse(won["id"])));
        var people = await signet.CallAsync(HttpMethod.Get, $"/t/{slug}/api/v1/users", key);
        Assert.Single(people.Json.GetProperty("users").EnumerateArray(), user => user.GetProperty("email").GetString()!.EndsWith("@race.test", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_page_makes_the_same_and_shows_the_password_once()
    {
        var slug = TestSignet.NewName("page");
        var browser = await signet.SignInAsync(await signet.CreateUserAsync(Role.Owner));
        var form = await browser.GetAsync("/console/tenants/new");

        var shown = await browser.PostFormAsync("/console/tenants/new", [.. TestBrowser.FormIn(form).Hidden, ("slug", slug), ("name", "Page"), ("email", "owner@page.test"), ("address", "path")]);

        Assert.Equal((HttpStatusCode.Created, "no-store"), (shown.Status, shown.Headers["Cache-Control"]));
        var password = Code().Matches(shown.Text)[^1].Groups["text"].Value;
        await signet.SignInAsync(new TestUser(Guid.Empty, "owner@page.test", password), $"/t/{slug}");
        Assert.DoesNotContain(password, (await browser.GetAsync("/console/tenants")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("email", "nobody", "email")]
    [InlineData("password", "short", "password")]
    [InlineData("slug", "Not A Label", "slug")]
    [InlineData("name", "", "name")]
    public async Task The_page_says_beside_which_field_what_is_wrong(string field, string value, string named)
    {
        var browser = await signet.SignInAsync(await signet.CreateUserAsync(Role.Owner));
        var form = await browser.GetAsync("/console/tenants/new");
        var filled = new Dictionary<string, string> { ["slug"] = TestSignet.NewName("form"), ["name"] = "Form", ["email"] = "owner@form.test", [field] = value };

        var again = await browser.PostFormAsync("/console/tenants/new", [.. TestBrowser.FormIn(form).Hidden, .. filled.Select(pair => (pair.Key, pair.Value))]);

        Assert.Equal(HttpStatusCode.BadRequest, again.Status);
        Assert.Contains($"id=\"{named}-error\"", again.Text, StringComparison.Ordinal);
    }

    private async Task<TestAnswer> ProvisionAsync(object body) =>
        await signet.CallAsync(HttpMethod.Post, "/api/v1/tenants", await signet.CreateApiKeyAsync(Role.Owner), body);

    [GeneratedRegex("<code>(?<text>[^<]+)</code>")]
    private static partial Regex Code();
}
