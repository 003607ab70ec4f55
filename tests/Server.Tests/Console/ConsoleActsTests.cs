using System.Net;
using System.Text.RegularExpressions;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Console;

/// <summary>What is done in the console is done.</summary>
public sealed class ConsoleActsTests(TestSignet signet) : IClassFixture<TestSignet>
{
    [Fact]
    public async Task An_application_is_registered_and_its_secret_works()
    {
        var browser = await signet.SignInAsync(await signet.CreateUserAsync(Role.Owner));

        var shown = await PostAsync(
            browser, "/console/clients/new", "/console/clients/new",
            ("name", "Ledger"), ("kind", "confidential"), ("client_credentials", "true"), ("scopes", "api:read"),
            ("access_token_seconds", "900"), ("access_token_algorithm", "ES256"), ("id_token_algorithm", "RS256"));
        var codes = Regex.Matches(shown.Text, "<code>([^<]+)</code>");
        var client = new TestClient(codes[0].Groups[1].Value, codes[1].Groups[1].Value, "");
        var tokens = await signet.ClientCredentialsAsync(client, ("scope", "api:read"));

        Assert.Equal(HttpStatusCode.Created, shown.Status);
        Assert.Equal("no-store", shown.Headers["Cache-Control"]);
        Assert.Equal(HttpStatusCode.OK, tokens.Status);
    }

    [Fact]
    public async Task A_form_with_a_fault_comes_back_with_what_was_typed_and_says_where()
    {
        var browser = await signet.SignInAsync(await signet.CreateUserAsync(Role.Owner));

        var again = await PostAsync(
            browser, "/console/clients/new", "/console/clients/new",
            ("name", "Ledger"), ("authorization_code", "true"), ("redirect_uris", "http://elsewhere.example/cb"), ("scopes", "openid"),
            ("access_token_seconds", "900"), ("access_token_algorithm", "ES256"), ("id_token_algorithm", "RS256"));

        Assert.Equal(HttpStatusCode.BadRequest, again.Status);
        Assert.Contains("id=\"redirect_uris-error\"", again.Text, StringComparison.Ordinal);
        Assert.Contains("http://elsewhere.example/cb", again.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deactivated_person_is_signed_out()
    {
        var user = await signet.CreateUserAsync();
        var theirs = await signet.SignInAsync(user);
        var browser = await signet.SignInAsync(await signet.CreateUserAsync(Role.Owner));

        await PostAsync(browser, $"/console/users/{user.Id}", $"/console/users/{user.Id}/deactivate");

        Assert.Equal(HttpStatusCode.Found, (await theirs.GetAsync("/account")).Status);
    }

    [Fact]
    public async Task A_deletion_that_was_not_confirmed_deletes_nothing()
    {
        var user = await signet.CreateUserAsync();
        var browser = await signet.SignInAsync(await signet.CreateUserAsync(Role.Owner));

        var refused = await PostAsync(browser, $"/console/users/{user.Id}", $"/console/users/{user.Id}/delete", ("confirm", "somebody else"));

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync($"/console/users/{user.Id}")).Status);
    }

    [Fact]
    public async Task A_confirmed_deletion_deletes()
    {
        var user = await signet.CreateUserAsync();
        var browser = await signet.SignInAsync(await signet.CreateUserAsync(Role.Owner));

        await PostAsync(browser, $"/console/users/{user.Id}", $"/console/users/{user.Id}/delete", ("confirm", user.Email));

        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/console/users/{user.Id}")).Status);
    }

    [Fact]
    public async Task An_administrator_gives_nobody_a_role()
    {
        var user = await signet.CreateUserAsync();
        var browser = await signet.SignInAsync(await signet.CreateUserAsync(Role.Admin));

        var refused = await PostAsync(browser, $"/console/users/{user.Id}", $"/console/users/{user.Id}/role", ("role", "owner"));

        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
    }

    [Fact]
    public async Task The_record_verifies_from_its_page()
    {
        var browser = await signet.SignInAsync(await signet.CreateUserAsync(Role.Owner));

        var page = await PostAsync(browser, "/console/audit/verify", "/console/audit/verify", ("checkpoint", ""));

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("The record is whole", page.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/v1/users", "users:read", "Allowed")]
    [InlineData("/api/v1/users", "", "insufficient_scope: users:read")]
    [InlineData("/api/v1/users/../tenants", "users:read", "invalid_input: path")]
    [InlineData("/api/v1/unknown", "users:read", "No rule names this method and path.")]
    public async Task A_question_to_the_policy_is_answered(string path, string scopes, string expected)
    {
        var browser = await signet.SignInAsync(await signet.CreateUserAsync(Role.Auditor));

        var page = await PostAsync(browser, "/console/policy", "/console/policy", ("method", "GET"), ("path", path), ("scopes", scopes), ("agent", ""));

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains(expected, page.Text, StringComparison.Ordinal);
        Assert.Contains($"value=\"{path}\"", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_palette_finds_people_and_applications_by_the_beginning_of_a_word()
    {
        var user = await signet.CreateUserAsync();
        var browser = await signet.SignInAsync(await signet.CreateUserAsync(Role.Owner));

        var found = await browser.GetAsync($"/api/v1/search?q={user.Email}");

        Assert.Contains($"/console/users/{user.Id}", found.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_palette_finds_nobody_for_a_plain_user()
    {
        var user = await signet.CreateUserAsync();
        var browser = await signet.SignInAsync(await signet.CreateUserAsync());

        var found = await browser.GetAsync($"/api/v1/search?q={user.Email}");

        Assert.Equal("[]", found.Text);
    }

    [Fact]
    public async Task The_management_api_describes_itself()
    {
        var description = await signet.CallAsync(HttpMethod.Get, "/api/openapi.json");

        Assert.Equal(HttpStatusCode.OK, description.Status);
        Assert.Equal("bearer", description.Json.GetProperty("components").GetProperty("securitySchemes").GetProperty("api_key").GetProperty("scheme").GetString());
        Assert.All(
            description.Json.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()),
            call => Assert.True(call.Value.TryGetProperty("summary", out _), call.Value.ToString()));
    }

    // The page's first form carries this browser's token, which is good for every form of the tenant.
    private static async Task<TestAnswer> PostAsync(TestBrowser browser, string page, string action, params (string Name, string Value)[] fields)
    {
        var (_, hidden) = TestBrowser.FormIn(await browser.GetAsync(page));
        return await browser.PostFormAsync(action, [.. hidden.Where(field => field.Name == "_token"), .. fields]);
    }
}
