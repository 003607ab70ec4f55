using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.SignIn;

/// <summary>The accounts API: <c>/v1/auth/register</c>, <c>login</c>, <c>logout</c>, <c>session</c>.</summary>
public sealed class AuthApiTests(TestSignet signet) : IClassFixture<TestSignet>
{
    private const string Password = "smoke-test-password";

    [Fact]
    public async Task Registering_makes_the_account_its_organization_and_a_session()
    {
        var browser = signet.NewBrowser();

        var answer = await browser.PostJsonAsync("/v1/auth/register", Wish("one@example.test"));

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Equal("one@example.test", answer.Json.GetProperty("user").GetProperty("email").GetString());
        Assert.Equal("owner", answer.Json.GetProperty("organization").GetProperty("role").GetString());
        Assert.Contains("HttpOnly", answer.Headers["Set-Cookie"], StringComparison.OrdinalIgnoreCase);
        Assert.Contains("SameSite=Lax", answer.Headers["Set-Cookie"], StringComparison.OrdinalIgnoreCase);
        var session = await browser.GetAsync("/v1/auth/session");
        Assert.Equal(HttpStatusCode.OK, session.Status);
        Assert.Equal("owner", session.Json.GetProperty("capabilities").GetProperty("role").GetString());
        Assert.Equal(["manage_own_account"], session.Json.GetProperty("capabilities").GetProperty("permissions").EnumerateArray().Select(p => p.GetString()));
    }

    [Theory]
    [InlineData("taken@example.test")]
    [InlineData("TAKEN@Example.test")]
    public async Task An_address_that_has_an_account_is_a_conflict(string again)
    {
        await signet.NewBrowser().PostJsonAsync("/v1/auth/register", Wish("taken@example.test"));

        var answer = await signet.NewBrowser().PostJsonAsync("/v1/auth/register", Wish(again));

        Assert.Equal(HttpStatusCode.Conflict, answer.Status);
        Assert.Equal("conflict", answer["code"]);
    }

    [Theory]
    [InlineData("email", """{"password":"smoke-test-password","organization_name":"S"}""")]
    [InlineData("password", """{"email":"a@example.test","organization_name":"S"}""")]
    [InlineData("organization_name", """{"email":"a@example.test","password":"smoke-test-password"}""")]
    [InlineData("email", """{"email":"a@example.test","email":"b@example.test","password":"smoke-test-password","organization_name":"S"}""")]
    [InlineData("email", """{"email":"a\u0000@example.test","password":"smoke-test-password","organization_name":"S"}""")]
    [InlineData("organization_name", """{"email":"a@example.test","password":"smoke-test-password","organization_name":"a\u0000b"}""")]
    [InlineData("email", """{"email":7,"password":"smoke-test-password","organization_name":"S"}""")]
    [InlineData("password", """{"email":"a@example.test","password":["x"],"organization_name":"S"}""")]
    [InlineData("password", """{"email":"a@example.test","password":null,"organization_name":"S"}""")]
    [InlineData("email", """{"email":"nobody","password":"smoke-test-password","organization_name":"S"}""")]
    [InlineData("password", """{"email":"a@example.test","password":"short","organization_name":"S"}""")]
    [InlineData("organization_name", """{"email":"a@example.test","password":"smoke-test-password","organization_name":""}""")]
    [InlineData("organization_slug", """{"email":"a@example.test","password":"smoke-test-password","organization_name":"S","organization_slug":"Not A Slug"}""")]
    public async Task A_fault_is_named_by_its_field(string field, string body)
    {
        var answer = await signet.NewBrowser().PostJsonAsync("/v1/auth/register", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("invalid_input", answer["code"]);
        Assert.Contains(field, answer.Text);
    }

    [Theory]
    [InlineData("email", 400)]
    [InlineData("password", 257)]
    [InlineData("organization_name", 201)]
    [InlineData("display_name", 201)]
    public async Task What_is_too_long_is_named_by_its_field(string field, int length)
    {
        var wish = new Dictionary<string, string>
        {
            ["email"] = "long@example.test", ["password"] = Password, ["organization_name"] = "S", ["display_name"] = "L",
        };
        wish[field] = field == "email" ? new string('a', length) + "@example.test" : new string('a', length);

        var answer = await signet.NewBrowser().PostJsonAsync("/v1/auth/register", JsonSerializer.Serialize(wish));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("invalid_input", answer["code"]);
        Assert.Contains(field, answer.Text);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("\"text\"")]
    public async Task What_is_no_object_is_not_valid(string body)
    {
        var answer = await signet.NewBrowser().PostJsonAsync("/v1/auth/login", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("invalid_input", answer["code"]);
    }

    [Fact]
    public async Task Another_content_type_is_refused()
    {
        var answer = await signet.NewBrowser().PostFormAsync("/v1/auth/login", ("email", "a@example.test"), ("password", Password));

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.Status);
    }

    [Fact]
    public async Task The_right_password_signs_in()
    {
        var user = await signet.CreateUserAsync();
        var browser = signet.NewBrowser();

        var answer = await browser.PostJsonAsync("/v1/auth/login", new { email = user.Email, password = user.Password });

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("success", answer["status"]);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/v1/auth/session")).Status);
    }

    [Fact]
    public async Task Wrong_unknown_and_deactivated_are_one_answer()
    {
        var user = await signet.CreateUserAsync();
        var gone = await signet.CreateUserAsync();
        var key = await signet.CreateApiKeyAsync(Role.Admin);
        await signet.CallAsync(HttpMethod.Post, $"/api/v1/users/{gone.Id}/deactivate", key);

        var wrong = await signet.NewBrowser().PostJsonAsync("/v1/auth/login", new { email = user.Email, password = "not the password" });
        var unknown = await signet.NewBrowser().PostJsonAsync("/v1/auth/login", new { email = "nobody@example.test", password = "not the password" });
        var deactivated = await signet.NewBrowser().PostJsonAsync("/v1/auth/login", new { email = gone.Email, password = gone.Password });
        var noAddress = await signet.NewBrowser().PostJsonAsync("/v1/auth/login", new { email = "nonsense", password = "not the password" });

        Assert.Equal(HttpStatusCode.Unauthorized, wrong.Status);
        Assert.Equal("authentication_required", wrong["code"]);
        Assert.All([unknown, deactivated, noAddress], other =>
        {
            Assert.Equal(wrong.Status, other.Status);
            Assert.Equal(Comparable(wrong), Comparable(other));
            Assert.Equal(wrong.Headers.Keys.Order(), other.Headers.Keys.Order());
        });
    }

    [Fact]
    public async Task Without_a_session_there_is_none()
    {
        var answer = await signet.NewBrowser().GetAsync("/v1/auth/session");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Equal("authentication_required", answer["code"]);
    }

    [Fact]
    public async Task Signing_out_needs_no_token_and_clears_the_cookie()
    {
        var browser = await signet.SignInAsync(await signet.CreateUserAsync());
        var thief = browser.Copy();

        var answer = await browser.SendAsync(new HttpRequestMessage(HttpMethod.Post, signet.At("/v1/auth/logout")));

        Assert.Equal(HttpStatusCode.NoContent, answer.Status);
        Assert.DoesNotContain("signet_session", browser.Cookies);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/v1/auth/session")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await thief.GetAsync("/v1/auth/session")).Status);
    }

    [Fact]
    public async Task Each_sign_in_is_a_new_session()
    {
        var user = await signet.CreateUserAsync();
        var browser = signet.NewBrowser();
        await browser.PostJsonAsync("/v1/auth/login", new { email = user.Email, password = user.Password });
        var before = browser.Cookies;

        await browser.PostJsonAsync("/v1/auth/login", new { email = user.Email, password = user.Password });

        Assert.NotEqual(before, browser.Cookies);
    }

    [Theory]
    [InlineData("/v1/auth/register", "Origin", "https://evil.example")]
    [InlineData("/v1/auth/login", "Origin", "https://evil.example")]
    [InlineData("/v1/auth/logout", "Origin", "https://evil.example")]
    [InlineData("/v1/auth/logout", "Origin", "null")]
    [InlineData("/v1/auth/register", "Sec-Fetch-Site", "cross-site")]
    [InlineData("/v1/auth/login", "Sec-Fetch-Site", "cross-site")]
    [InlineData("/v1/auth/logout", "Sec-Fetch-Site", "cross-site")]
    [InlineData("/v1/auth/logout", "Sec-Fetch-Site", "same-site")]
    [InlineData("/sign-in", "Origin", "https://evil.example")]
    [InlineData("/sign-up", "Sec-Fetch-Site", "cross-site")]
    [InlineData("/sign-out", "Sec-Fetch-Site", "cross-site")]
    [InlineData("/account/sessions/end", "Sec-Fetch-Site", "cross-site")]
    public async Task What_another_site_sends_is_refused(string path, string header, string value)
    {
        var browser = await signet.SignInAsync(await signet.CreateUserAsync());
        browser.Headers[header] = value;

        var answer = await browser.PostJsonAsync(path, Wish("csrf@example.test"));

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        browser.Headers.Clear();
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/v1/auth/session")).Status);
    }

    [Theory]
    [InlineData("/api/v1/clients")]
    [InlineData("/api/v1/api-keys")]
    public async Task A_change_by_cookie_needs_the_browser_token(string path)
    {
        var browser = await signet.SignInAsync(await signet.CreateUserAsync(Role.Owner));

        var answer = await browser.PostJsonAsync(path, new { name = "x" });

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("browser_token_missing", answer["code"]);
    }

    [Fact]
    public async Task Signing_out_everywhere_ends_every_browser()
    {
        var user = await signet.CreateUserAsync();
        var one = await signet.SignInAsync(user);
        var other = await signet.SignInAsync(user);
        one.Headers["X-CSRF-Token"] = TestBrowser.FormIn(await one.GetAsync("/account")).Hidden.First(field => field.Name == "_token").Value;

        var answer = await one.DeleteAsync("/v1/auth/sessions");

        Assert.Equal("2", answer["count"]);
        Assert.Equal(HttpStatusCode.Unauthorized, (await one.GetAsync("/v1/auth/session")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await other.GetAsync("/v1/auth/session")).Status);
    }

    [Fact]
    public async Task One_ends_ones_own_sessions_only()
    {
        var victim = await signet.SignInAsync(await signet.CreateUserAsync());
        var id = (await victim.GetAsync("/v1/auth/session")).Json.GetProperty("session").GetProperty("id").GetString();
        var attacker = await signet.SignInAsync(await signet.CreateUserAsync());
        attacker.Headers["X-CSRF-Token"] = TestBrowser.FormIn(await attacker.GetAsync("/account")).Hidden.First(field => field.Name == "_token").Value;

        var answer = await attacker.DeleteAsync($"/v1/auth/sessions/{id}");

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Equal(HttpStatusCode.OK, (await victim.GetAsync("/v1/auth/session")).Status);
    }

    [Fact]
    public async Task A_session_nobody_used_for_a_week_has_ended()
    {
        var browser = await signet.SignInAsync(await signet.CreateUserAsync());
        signet.Clock.Advance(TimeSpan.FromDays(8));

        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/v1/auth/session")).Status);
    }

    [Fact]
    public async Task Guessing_at_one_account_from_many_addresses_is_slowed_down()
    {
        TestAnswer answer = null!;
        for (var guess = 0; guess < 25 && answer?.Status != HttpStatusCode.TooManyRequests; guess++)
        {
            answer = await signet.NewBrowser().PostJsonAsync("/v1/auth/login", new { email = "one-account@example.test", password = $"guess {guess}" });
        }

        AssertTooMany(answer);
    }

    [Fact]
    public async Task Registering_over_and_over_is_slowed_down()
    {
        var browser = signet.NewBrowser();
        TestAnswer answer = null!;
        for (var count = 0; count < 25 && answer?.Status != HttpStatusCode.TooManyRequests; count++)
        {
            answer = await browser.PostJsonAsync("/v1/auth/register", Wish("no address"));
        }

        AssertTooMany(answer);
    }

    [Fact]
    public async Task The_smoke_script_passes_with_curl()
    {
        var jar = Path.Combine(Repository.NewFolder("smoke"), "c.txt");

        var register = await CurlAsync("-X", "POST", $"{signet.Address}/v1/auth/register", "-H", "Content-Type: application/json",
            "-d", """{"email":"smoke@example.com","password":"smoke-test-password","organization_name":"Smoke"}""", "-c", jar);
        var session = await CurlAsync($"{signet.Address}/v1/auth/session", "-b", jar);
        var logout = await CurlAsync("-X", "POST", $"{signet.Address}/v1/auth/logout", "-b", jar, "-c", jar);
        var after = await CurlAsync($"{signet.Address}/v1/auth/session", "-b", jar);

        Assert.Equal(["201", "200", "204", "401"], [register, session, logout, after]);
    }

    private static object Wish(string email) => new { email, password = Password, organization_name = "Smoke" };

    // All but the reference, which no two answers share.
    private static string Comparable(TestAnswer answer) =>
        string.Join('\n', answer.Json.EnumerateObject().Where(member => member.Name is not ("reference" or "instance")).Select(member => member.ToString()));

    private static void AssertTooMany(TestAnswer answer)
    {
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.Status);
        Assert.Equal("rate_limited", answer["code"]);
        Assert.True(int.Parse(answer.Headers["Retry-After"]) > 0);
    }

    private static async Task<string> CurlAsync(params string[] arguments)
    {
        using var curl = Process.Start(new ProcessStartInfo("curl", ["-s", "-o", "/dev/null", "-w", "%{http_code}", .. arguments])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        var status = await curl.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await curl.WaitForExitAsync(TestContext.Current.CancellationToken);
        return status;
    }
}
