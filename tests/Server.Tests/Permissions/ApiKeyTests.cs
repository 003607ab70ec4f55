using System.Net;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Permissions;

/// <summary>An API key may do what its scopes and its owner's role both allow, while it lives.</summary>
public sealed class ApiKeyTests(TestSignet signet) : IClassFixture<TestSignet>
{
    [Theory]
    [InlineData(Permission.ReadUsers, HttpStatusCode.OK)]
    [InlineData(Permission.ReadKeys, HttpStatusCode.Forbidden)]
    public async Task It_does_what_its_scopes_name(Permission scope, HttpStatusCode expected)
    {
        var key = await signet.CreateApiKeyAsync(await signet.CreateUserAsync(Role.Owner, withPassword: false), [scope]);

        Assert.Equal(expected, (await ReadUsersAsync(key)).Status);
    }

    [Fact]
    public async Task Its_scopes_give_nothing_its_owner_has_not()
    {
        var key = await signet.CreateApiKeyAsync(Role.User);

        Assert.Equal(HttpStatusCode.Forbidden, (await ReadUsersAsync(key)).Status);
    }

    [Fact]
    public async Task A_demoted_owner_limits_the_key()
    {
        var admin = await signet.CreateUserAsync(Role.Admin, withPassword: false);
        var key = await signet.CreateApiKeyAsync(admin);
        Assert.Equal(HttpStatusCode.OK, (await ReadUsersAsync(key)).Status);

        await signet.CallAsync(HttpMethod.Put, $"/api/v1/users/{admin.Id}/role", await signet.CreateApiKeyAsync(Role.Owner), new { role = "user" });

        Assert.Equal(HttpStatusCode.Forbidden, (await ReadUsersAsync(key)).Status);
    }

    [Fact]
    public async Task A_deactivated_owner_ends_the_key()
    {
        var admin = await signet.CreateUserAsync(Role.Admin, withPassword: false);
        var key = await signet.CreateApiKeyAsync(admin);

        await signet.CallAsync(HttpMethod.Post, $"/api/v1/users/{admin.Id}/deactivate", await signet.CreateApiKeyAsync(Role.Owner));

        Assert.Equal(HttpStatusCode.Unauthorized, (await ReadUsersAsync(key)).Status);
    }

    [Fact]
    public async Task It_ends_on_its_day()
    {
        var key = await signet.CreateApiKeyAsync(await signet.CreateUserAsync(Role.Auditor, withPassword: false), days: 1);
        Assert.Equal(HttpStatusCode.OK, (await ReadUsersAsync(key)).Status);

        signet.Clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal(HttpStatusCode.Unauthorized, (await ReadUsersAsync(key)).Status);
    }

    [Theory]
    [InlineData("sgt_ak_")]
    [InlineData("sgt_ak_0000000000000000000000000000000000000000000000000")]
    [InlineData("nonsense")]
    public async Task What_is_no_key_opens_nothing(string key)
    {
        var answer = await ReadUsersAsync(key);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Equal("authentication_required", answer["code"]);
    }

    [Fact]
    public async Task A_key_makes_no_keys()
    {
        var key = await signet.CreateApiKeyAsync(Role.Owner);

        var answer = await signet.CallAsync(HttpMethod.Post, "/api/v1/api-keys", key, new { name = "more", scopes = new[] { "read_users" } });

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
    }

    [Fact]
    public async Task Nobody_makes_a_key_for_what_they_may_not_do()
    {
        var admin = await signet.SignInAsync(await signet.CreateUserAsync(Role.Admin));
        admin.Headers["X-CSRF-Token"] = TestBrowser.FormIn(await admin.GetAsync("/account")).Hidden.First(field => field.Name == "_token").Value;

        var more = await admin.PostJsonAsync("/api/v1/api-keys", new { name = "more", scopes = new[] { "manage_roles" } });
        var own = await admin.PostJsonAsync("/api/v1/api-keys", new { name = "own", scopes = new[] { "read_users" } });

        Assert.Equal(HttpStatusCode.Forbidden, more.Status);
        Assert.Equal(HttpStatusCode.Created, own.Status);
        Assert.Equal(HttpStatusCode.OK, (await ReadUsersAsync(own["secret"])).Status);
    }

    [Fact]
    public async Task A_page_is_not_opened_by_a_key()
    {
        var answer = await signet.CallAsync(HttpMethod.Get, "/account", await signet.CreateApiKeyAsync(Role.Owner));

        Assert.Equal(HttpStatusCode.Found, answer.Status);
        Assert.StartsWith("/sign-in", answer.Location);
    }

    private Task<TestAnswer> ReadUsersAsync(string key) => signet.CallAsync(HttpMethod.Get, "/api/v1/users", key);
}
