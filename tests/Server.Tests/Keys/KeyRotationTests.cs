using System.Net;
using System.Text.Json;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Keys;

/// <summary>The life of a signing key, as relying parties see it.</summary>
public sealed class KeyRotationTests : IAsyncLifetime
{
    private TestSignet signet = null!;
    private TestClient client = null!;
    private string key = null!;

    public async ValueTask InitializeAsync()
    {
        signet = await TestSignet.StartAsync();
        client = await signet.CreateClientAsync(wish => wish with { AccessTokenSeconds = 86_400 });
        key = await signet.CreateApiKeyAsync(Role.Admin);
    }

    public ValueTask DisposeAsync() => signet.DisposeAsync();

    [Fact]
    public async Task A_successor_is_published_before_it_signs_and_the_old_one_after()
    {
        var old = await TokenAsync();
        var announced = await RotateAsync(atOnce: false);

        Assert.Contains(announced, await KidsAsync());
        Assert.Equal(KidOf(old), KidOf(await TokenAsync()));

        signet.Clock.Advance(TimeSpan.FromHours(23));
        var last = await TokenAsync();
        signet.Clock.Advance(TimeSpan.FromHours(2));
        await Until.TrueAsync(async () => KidOf(await TokenAsync()) == announced, TestContext.Current.CancellationToken);

        Assert.Contains(KidOf(last), await KidsAsync());
        Assert.True(await signet.IsActiveAsync(client, last));

        signet.Clock.Advance(TimeSpan.FromHours(27));
        await Until.TrueAsync(async () => !(await KidsAsync()).Contains(KidOf(old)), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_key_rotated_at_once_signs_at_once_and_old_tokens_hold()
    {
        var old = await TokenAsync();

        var successor = await RotateAsync(atOnce: true);

        Assert.Equal(successor, KidOf(await TokenAsync()));
        Assert.True(await signet.IsActiveAsync(client, old));
    }

    [Fact]
    public async Task A_dropped_key_takes_its_tokens_with_it_at_once()
    {
        var old = await TokenAsync();

        var dropped = await signet.CallAsync(HttpMethod.Post, $"/api/v1/keys/{KidOf(old)}/drop", key, new { reason = "leaked" });

        Assert.Equal(HttpStatusCode.OK, dropped.Status);
        Assert.False(await signet.IsActiveAsync(client, old));
        Assert.DoesNotContain(KidOf(old), await KidsAsync());
        var next = await TokenAsync();
        Assert.Equal(dropped["kid"], KidOf(next));
        Assert.True(await signet.IsActiveAsync(client, next));
    }

    [Theory]
    [InlineData("HS256")]
    [InlineData("none")]
    [InlineData("")]
    public async Task What_does_not_sign_can_not_be_rotated(string algorithm)
    {
        var answer = await signet.CallAsync(HttpMethod.Post, "/api/v1/keys/rotate", key, new { algorithm });

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
    }

    private async Task<string> TokenAsync() => (await signet.ClientCredentialsAsync(client))["access_token"];

    private async Task<string> RotateAsync(bool atOnce) =>
        (await signet.CallAsync(HttpMethod.Post, "/api/v1/keys/rotate", key, new { algorithm = "ES256", at_once = atOnce }))["kid"];

    private async Task<List<string>> KidsAsync() =>
        [.. (await signet.CallAsync(HttpMethod.Get, "/oauth2/jwks")).Json.GetProperty("keys").EnumerateArray().Select(item => item.GetProperty("kid").GetString()!)];

    private static string KidOf(string token)
    {
        var header = System.Buffers.Text.Base64Url.DecodeFromChars(token.AsSpan(0, token.IndexOf('.', StringComparison.Ordinal)));
        return JsonDocument.Parse(header).RootElement.GetProperty("kid").GetString()!;
    }
}
