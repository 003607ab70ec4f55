using System.Net;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Clients;

public sealed class UpdateClientTests(TestSignet signet) : IClassFixture<TestSignet>
{
    [Fact]
    public async Task The_answer_to_a_change_is_what_is_read_afterwards()
    {
        var client = await signet.CreateClientAsync();
        var key = await signet.CreateApiKeyAsync(Role.Admin);

        var changed = await signet.CallAsync(HttpMethod.Patch, $"/api/v1/clients/{client.Id}", key, new { name = "Ledger" });

        Assert.Equal((HttpStatusCode.OK, "Ledger"), (changed.Status, changed["name"]));
        Assert.Equal((await signet.CallAsync(HttpMethod.Get, $"/api/v1/clients/{client.Id}", key)).Text, changed.Text);
        Assert.Equal(1, changed.Json.GetProperty("secrets").GetArrayLength());
    }
}
