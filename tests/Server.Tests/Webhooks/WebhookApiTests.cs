using System.Net;
using Signet.Server.Permissions;
using Signet.Server.Webhooks;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Webhooks;

/// <summary>Registering receivers, changing them, and who may.</summary>
public sealed class WebhookApiTests(TestSignet signet) : IClassFixture<TestSignet>, IAsyncLifetime
{
    private Signet.Server.Tenants.Tenant tenant = null!;
    private string path = "";
    private string key = "";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        tenant = await signet.CreateTenantAsync();
        path = $"/t/{tenant.Slug}/api/v1/webhooks";
        key = await signet.CreateApiKeyAsync(Role.Admin, tenant.Id);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_webhook_lives_from_creation_to_deletion()
    {
        var created = await CreateAsync(new { name = " Ledger ", url = "https://receiver.example/hook?a=b", events = new[] { "users.*", "users.*", "keys.dropped" } });
        var id = created.Json.GetProperty("webhook").GetProperty("id").GetString()!;
        var shown = await CallAsync(HttpMethod.Get, $"/{id}");
        var listed = await CallAsync(HttpMethod.Get, "");
        var changed = await CallAsync(HttpMethod.Patch, $"/{id}", new { name = "Books", events = new[] { "*" } });
        var disabled = await CallAsync(HttpMethod.Patch, $"/{id}", new { state = "disabled" });
        var deleted = await CallAsync(HttpMethod.Delete, $"/{id}");
        var again = await CallAsync(HttpMethod.Delete, $"/{id}");

        Assert.Equal(HttpStatusCode.Created, created.Status);
        Assert.EndsWith($"/api/v1/webhooks/{id}", created.Location, StringComparison.Ordinal);
        Assert.Equal(("Ledger", "active"), (shown["name"], shown["state"]));
        Assert.Equal(["users.*", "keys.dropped"], shown.Json.GetProperty("events").EnumerateArray().Select(one => one.GetString()));
        Assert.Contains(id, listed.Text, StringComparison.Ordinal);
        Assert.Equal("Books", changed["name"]);
        Assert.Equal("disabled", disabled["state"]);
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (deleted.Status, again.Status));
        Assert.Equal(["webhooks.created", "webhooks.deleted", "webhooks.disabled", "webhooks.updated"], (await signet.ActionsAsync(id, tenant.Id)).Order());
    }

    [Fact]
    public async Task The_secret_is_shown_once_and_stored_encrypted()
    {
        var created = await CreateAsync(new { name = "Ledger", url = "https://receiver.example/" });
        var (id, secret) = (created.Json.GetProperty("webhook").GetProperty("id").GetString(), created["secret"]);

        var shown = await CallAsync(HttpMethod.Get, $"/{id}");
        var stored = await signet.Database.Db().AsSystemAsync(
            tx => tx.GetAsync<byte[]>("select secret from webhook_secrets where tenant_id = @tenant", new { tenant = tenant.Id }, Ct), Ct);

        Assert.StartsWith("sgt_wh_", secret, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, shown.Text, StringComparison.Ordinal);
        Assert.Equal(secret[..11], shown.Json.GetProperty("secrets")[0].GetProperty("hint").GetString());
        Assert.Equal(-1, stored.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(secret)));
    }

    [Theory]
    [InlineData("http://receiver.example/", "url")]
    [InlineData("ftp://receiver.example/", "url")]
    [InlineData("https://10.0.0.1/", "url")]
    [InlineData("https://[::ffff:10.0.0.1]/", "url")]
    [InlineData("https://169.254.169.254/latest", "url")]
    [InlineData("https://user:pass@receiver.example/", "url")]
    [InlineData("https://receiver.example\\@evil.example/", "url")]
    [InlineData("https://receiver.example/#x", "url")]
    [InlineData("receiver.example", "url")]
    [InlineData("", "url")]
    public async Task A_url_that_may_not_be_asked_is_refused_by_its_field(string url, string field)
    {
        var created = await CreateAsync(new { name = "Ledger", url });
        var hook = await signet.CreateWebhookAsync("https://receiver.example/", tenant.Id);
        var changed = await CallAsync(HttpMethod.Patch, $"/{hook.Id}", new { url });

        Assert.All((TestAnswer[])[created, changed], answer =>
        {
            Assert.Equal((HttpStatusCode.BadRequest, "invalid_input"), (answer.Status, answer["code"]));
            Assert.True(answer.Json.GetProperty("errors").TryGetProperty(field, out _), answer.Text);
        });
    }

    [Theory]
    [InlineData("users.*.x")]
    [InlineData("users*")]
    [InlineData("*.created")]
    [InlineData(".*")]
    [InlineData("users.")]
    [InlineData("users")]
    [InlineData("Users.created")]
    [InlineData("users.created\n")]
    [InlineData("")]
    public async Task A_pattern_of_another_form_is_refused(string pattern)
    {
        var answer = await CreateAsync(new { name = "Ledger", url = "https://receiver.example/", events = new[] { "keys.*", pattern } });

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty("events", out _), answer.Text);
    }

    [Theory]
    [InlineData("*", "users.created", true)]
    [InlineData("users.*", "users.created", true)]
    [InlineData("auth.*", "auth.login.failed", true)]
    [InlineData("auth.login.*", "auth.login.failed", true)]
    [InlineData("auth.login.*", "auth.login", false)]
    [InlineData("users.*", "users_and_more.created", false)]
    [InlineData("users.created", "users.created", true)]
    [InlineData("users.created", "users.created_again", false)]
    public void A_pattern_matches_whole_words(string pattern, string action, bool matches)
    {
        Assert.True(EventPattern.IsPattern(pattern));
        Assert.Equal(matches, EventPattern.Matches(pattern, action));
    }

    [Theory]
    [InlineData("""{"name":"","url":"https://receiver.example/"}""", "name")]
    [InlineData("""{"name":"x","url":"https://receiver.example/","events":[]}""", "events")]
    public async Task What_is_missing_is_named(string body, string field) =>
        Assert.True((await CreateAsync(body)).Json.GetProperty("errors").TryGetProperty(field, out _));

    [Theory]
    [InlineData(-1)]
    [InlineData(721)]
    public async Task An_overlap_beyond_a_month_is_refused(int hours)
    {
        var hook = await signet.CreateWebhookAsync("https://receiver.example/", tenant.Id);

        var answer = await CallAsync(HttpMethod.Post, $"/{hook.Id}/rotate-secret", new { overlap_hours = hours });

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
    }

    [Fact]
    public async Task The_fifty_first_is_refused()
    {
        for (var i = 0; i < 50; i++)
        {
            await signet.CreateWebhookAsync("https://receiver.example/", tenant.Id, "keys.dropped");
        }

        Assert.Equal("webhooks.too_many", (await CreateAsync(new { name = "one more", url = "https://receiver.example/" }))["code"]);
    }

    [Fact]
    public async Task An_auditor_reads_and_changes_nothing()
    {
        var hook = await signet.CreateWebhookAsync("https://receiver.example/", tenant.Id);
        var auditor = await signet.CreateApiKeyAsync(Role.Auditor, tenant.Id);
        var user = await signet.CreateApiKeyAsync(Role.User, tenant.Id);

        Assert.Equal(HttpStatusCode.OK, (await signet.CallAsync(HttpMethod.Get, $"{path}/{hook.Id}/deliveries", auditor)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await signet.CallAsync(HttpMethod.Post, $"{path}/{hook.Id}/test", auditor)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await signet.CallAsync(HttpMethod.Delete, $"{path}/{hook.Id}", auditor)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await signet.CallAsync(HttpMethod.Get, path, user)).Status);
    }

    [Fact]
    public async Task A_test_goes_to_the_one_webhook_whatever_it_subscribes_to()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var other = await Receiver.StartAsync();
        var hook = await signet.CreateWebhookAsync(receiver.Url, tenant.Id, "keys.dropped");
        await signet.CreateWebhookAsync(other.Url, tenant.Id, "keys.dropped");

        var accepted = await CallAsync(HttpMethod.Post, $"/{hook.Id}/test");

        var received = Assert.Single(await receiver.WaitForAsync(1, Ct));
        Assert.Equal(HttpStatusCode.Accepted, accepted.Status);
        Assert.Equal(("webhooks.tested", accepted["event_id"]), (received.Event, received.Body.GetProperty("id").GetString()));
        Assert.Empty(other.All);
    }

    [Fact]
    public async Task Deliveries_come_newest_first_a_page_at_a_time()
    {
        await using var receiver = await Receiver.StartAsync();
        var hook = await signet.CreateWebhookAsync(receiver.Url, tenant.Id, "tests.painted");
        for (var i = 0; i < 3; i++)
        {
            signet.Clock.Advance(TimeSpan.FromSeconds(1));
            await signet.RaiseAsync(tenant.Id, new Painted($"{i}", "Ada", Guid.CreateVersion7()));
            await receiver.WaitForAsync(i + 1, Ct);
        }

        var first = await CallAsync(HttpMethod.Get, $"/{hook.Id}/deliveries?limit=2");
        var second = await CallAsync(HttpMethod.Get, $"/{hook.Id}/deliveries?limit=2&before={first["next"]}");
        var none = await CallAsync(HttpMethod.Get, $"/{hook.Id}/deliveries?state=dead");
        var wrong = await CallAsync(HttpMethod.Get, $"/{hook.Id}/deliveries?state=lost");

        string[] Ids(TestAnswer answer) => [.. answer.Json.GetProperty("deliveries").EnumerateArray().Select(one => one.GetProperty("id").GetString()!)];
        Assert.Equal(receiver.All.Select(received => received.Delivery).Reverse(), Ids(first).Concat(Ids(second)));
        Assert.Empty(Ids(none));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
    }

    [Fact]
    public async Task A_delivery_belongs_to_its_webhook()
    {
        await using var receiver = await Receiver.StartAsync();
        await signet.CreateWebhookAsync(receiver.Url, tenant.Id, "tests.painted");
        var other = await signet.CreateWebhookAsync("https://receiver.example/", tenant.Id, "keys.dropped");
        await signet.RaiseAsync(tenant.Id, new Painted("blue", "Ada", Guid.CreateVersion7()));
        var received = (await receiver.WaitForAsync(1, Ct))[0];

        var answer = await CallAsync(HttpMethod.Post, $"/{other.Id}/deliveries/{received.Delivery}/redeliver");

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
    }

    private Task<TestAnswer> CreateAsync(object body) => CallAsync(HttpMethod.Post, "", body);

    private Task<TestAnswer> CallAsync(HttpMethod method, string rest, object? body = null) =>
        signet.CallAsync(method, path + rest, key, body);
}
