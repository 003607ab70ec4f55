using System.Net;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Permissions;

/// <summary>The table of roles, asked of the endpoints.</summary>
public sealed class RoleTableTests(TestSignet signet) : IClassFixture<TestSignet>
{
    [Theory]
    [InlineData("GET", "/api/v1/users", Permission.ReadUsers)]
    [InlineData("GET", "/api/v1/clients", Permission.ReadClients)]
    [InlineData("GET", "/api/v1/keys", Permission.ReadKeys)]
    [InlineData("GET", "/api/v1/roles", Permission.ReadRoles)]
    [InlineData("GET", "/api/v1/api-keys", Permission.ManageApiKeys)]
    [InlineData("POST", "/api/v1/users", Permission.ManageUsers)]
    [InlineData("POST", "/api/v1/clients", Permission.ManageClients)]
    [InlineData("POST", "/api/v1/keys/rotate", Permission.ManageKeys)]
    public async Task Each_endpoint_lets_in_the_roles_of_the_table_and_no_other(string method, string path, Permission permission)
    {
        foreach (var role in Enum.GetValues<Role>())
        {
            var answer = await signet.CallAsync(new HttpMethod(method), path, await signet.CreateApiKeyAsync(role), method == "GET" ? null : "{}");

            Assert.Equal(!RolePermissions.Allows(role, permission, inDefaultTenant: true), answer.Status == HttpStatusCode.Forbidden);
        }
    }
}
