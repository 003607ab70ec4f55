using System.Net;
using Signet.Platform.Data;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Permissions;

/// <summary>A tenant keeps an owner who can act, and nobody reaches above themselves. A server for each test: the last owner is the whole tenant's.</summary>
public sealed class RoleTests : IAsyncLifetime
{
    private TestSignet signet = null!;
    private TestUser owner = null!;
    private string key = null!;

    public async ValueTask InitializeAsync()
    {
        signet = await TestSignet.StartAsync();
        owner = await signet.CreateUserAsync(Role.Owner, withPassword: false);
        key = await signet.CreateApiKeyAsync(owner);
    }

    public ValueTask DisposeAsync() => signet.DisposeAsync();

    [Fact]
    public async Task Of_two_owners_demoted_sixteen_times_at_once_one_stays()
    {
        var second = await signet.CreateUserAsync(Role.Owner, withPassword: false);
        TestUser[] both = [owner, second];
        string[] keys = [key, await signet.CreateApiKeyAsync(second)];

        await Task.WhenAll(Enumerable.Range(0, 16).Select(n => AssignAsync(keys[n % 2], both[n / 2 % 2], "user")));

        Assert.Single(await OwnersAsync());
    }

    [Fact]
    public async Task The_last_owner_can_not_step_down()
    {
        var answer = await AssignAsync(key, owner, "admin");

        Assert.Equal(HttpStatusCode.Conflict, answer.Status);
        Assert.Equal("roles.last_owner", answer["code"]);
    }

    [Fact]
    public async Task A_deactivated_owner_does_not_count()
    {
        var away = await signet.CreateUserAsync(Role.Owner, withPassword: false);
        var deactivated = await signet.CallAsync(HttpMethod.Post, $"/api/v1/users/{away.Id}/deactivate", key);

        var answer = await AssignAsync(key, owner, "user");

        Assert.Equal(HttpStatusCode.NoContent, deactivated.Status);
        Assert.Equal("roles.last_owner", answer["code"]);
    }

    [Theory]
    [InlineData("POST", "/deactivate")]
    [InlineData("DELETE", "")]
    [InlineData("PATCH", "")]
    [InlineData("PUT", "/role")]
    public async Task An_administrator_does_not_reach_an_owner(string method, string path)
    {
        var admin = await signet.CreateApiKeyAsync(Role.Admin);
        object? body = method switch
        {
            "PATCH" => new { display_name = "Fool", email_verified = false },
            "PUT" => new { role = "user" },
            _ => null,
        };

        var answer = await signet.CallAsync(new HttpMethod(method), $"/api/v1/users/{owner.Id}{path}", admin, body);

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
    }

    [Fact]
    public async Task An_administrator_makes_no_owner()
    {
        var admin = await signet.CreateApiKeyAsync(Role.Admin);

        var answer = await signet.CallAsync(HttpMethod.Post, "/api/v1/users", admin, new { email = "new@example.test", role = "owner" });

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Single(await OwnersAsync());
    }

    private Task<TestAnswer> AssignAsync(string by, TestUser user, string role) =>
        signet.CallAsync(HttpMethod.Put, $"/api/v1/users/{user.Id}/role", by, new { role });

    private Task<List<Guid>> OwnersAsync() => signet.Database.Db().InTenantAsync(
        TenantId.Default,
        tx => tx.ListAsync<Guid>("select user_id from role_assignments where role = 'owner'", null, TestContext.Current.CancellationToken),
        TestContext.Current.CancellationToken);
}
