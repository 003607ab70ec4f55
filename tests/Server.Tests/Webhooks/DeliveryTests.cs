using System.Net;
using System.Text.Json;
using Signet.Platform.Data;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Webhooks;

/// <summary>What a receiver gets of what happens, and what comes of it when it does not take it.</summary>
public sealed class DeliveryTests(TestSignet signet) : IClassFixture<TestSignet>, IAsyncLifetime
{
    private Receiver receiver = null!;
    private TenantId tenant;
    private string path = "";
    private string key = "";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        receiver = await Receiver.StartAsync();
        var made = await signet.CreateTenantAsync();
        tenant = made.Id;
        path = $"/t/{made.Slug}/api/v1/webhooks";
        key = await signet.CreateApiKeyAsync(Role.Admin, tenant);
    }

    public ValueTask DisposeAsync() => receiver.DisposeAsync();

    [Fact]
    public async Task An_event_arrives_whole_and_signed()
    {
        var hook = await signet.CreateWebhookAsync(receiver.Url, tenant, "tests.*");
        var at = signet.Clock.GetUtcNow();

        await signet.RaiseAsync(tenant, new Painted("blue", "Ada", Guid.CreateVersion7()));

        var received = Assert.Single(await receiver.WaitForAsync(1, Ct));
        Assert.Equal("application/json", received.Headers["Content-Type"]);
        Assert.Equal(("tests.painted", "tests.painted"), (received.Event, received.Body.GetProperty("type").GetString()));
        Assert.Equal(["id", "type", "tenant", "at", "actor", "target", "data"], received.Body.EnumerateObject().Select(member => member.Name));
        Assert.Equal(tenant.ToString(), received.Body.GetProperty("tenant").GetString());
        Assert.Equal(at, received.Body.GetProperty("at").GetDateTimeOffset());
        Assert.Equal(("operator", "test"), KindAndId(received.Body.GetProperty("actor")));
        Assert.Equal(("wall", "north"), KindAndId(received.Body.GetProperty("target")));
        Assert.Equal("blue", received.Body.GetProperty("data").GetProperty("colour").GetString());
        Assert.Equal(at.ToUnixTimeSeconds().ToString(), received.Time);
        Assert.True(received.IsSignedWith(hook.Secret));
        Assert.Single(received.Signatures);
        Assert.True(Guid.TryParse(received.Delivery, out _));
    }

    [Fact]
    public async Task The_id_is_that_of_the_audit_record()
    {
        await signet.CreateWebhookAsync(receiver.Url, tenant, "tests.painted");

        await signet.RaiseAsync(tenant, new Painted("blue", "Ada", Guid.CreateVersion7()));

        var received = Assert.Single(await receiver.WaitForAsync(1, Ct));
        var record = await signet.CallAsync(
            HttpMethod.Get, $"{path.Replace("/webhooks", "/audit")}/{received.Body.GetProperty("id").GetString()}", key);
        Assert.Equal("tests.painted", record.Json.GetProperty("content").GetProperty("action").GetString());
    }

    [Fact]
    public async Task What_is_about_a_person_stays_here()
    {
        await signet.CreateWebhookAsync(receiver.Url, tenant, "tests.painted");

        await signet.RaiseAsync(tenant, new Painted("blue", "Ada Lovelace", Guid.CreateVersion7()));

        var received = Assert.Single(await receiver.WaitForAsync(1, Ct));
        Assert.False(received.Body.GetProperty("data").TryGetProperty("name", out _));
        Assert.DoesNotContain("Lovelace", received.Text, StringComparison.Ordinal);
        Assert.Empty(await RowsAsync("select id::text from jobs where tenant_id = @tenant and payload::text like '%Lovelace%'"));
    }

    [Fact]
    public async Task Sixteen_events_at_once_arrive_once_each()
    {
        await signet.CreateWebhookAsync(receiver.Url, tenant, "tests.painted");

        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => signet.RaiseAsync(tenant, new Painted($"colour {i}", "Ada", Guid.CreateVersion7()))));

        await receiver.WaitForAsync(16, Ct);
        await StateAsync("delivered", 16);
        Assert.Equal(16, receiver.All.Count);
        Assert.Equal(16, receiver.All.Select(received => received.Delivery).Distinct().Count());
        Assert.Equal(
            Enumerable.Range(0, 16).Select(i => $"colour {i}").Order(),
            receiver.All.Select(received => received.Body.GetProperty("data").GetProperty("colour").GetString()).Order());
    }

    [Fact]
    public async Task Events_of_the_group_writer_arrive_too()
    {
        await signet.CreateWebhookAsync(receiver.Url, tenant, "tests.painted");

        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => signet.RecordAsync(tenant, new Painted($"colour {i}", "Ada", Guid.CreateVersion7()))));

        await receiver.WaitForAsync(16, Ct);
        await StateAsync("delivered", 16);
        Assert.Equal(16, receiver.All.Select(received => received.Body.GetProperty("id").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task A_token_that_is_issued_is_told_of()
    {
        var hook = await signet.CreateWebhookAsync(receiver.Url, null, "oauth.token_issued");

        await signet.ClientCredentialsAsync(await signet.CreateClientAsync());

        var received = (await receiver.WaitForAsync(1, Ct))[0];
        await signet.CallAsync(HttpMethod.Delete, $"/api/v1/webhooks/{hook.Id}", await signet.CreateApiKeyAsync(Role.Admin));
        Assert.Equal("oauth.token_issued", received.Event);
        Assert.True(received.IsSignedWith(hook.Secret));
    }

    [Fact]
    public async Task Nothing_is_written_where_nobody_wants_the_event()
    {
        await signet.CreateWebhookAsync(receiver.Url, tenant, "users.created", "keys.*");

        await signet.RaiseAsync(tenant, new Painted("blue", "Ada", Guid.CreateVersion7()));
        await signet.RecordAsync(tenant, new Painted("blue", "Ada", Guid.CreateVersion7()));

        Assert.Empty(await RowsAsync("select id::text from outbox where tenant_id = @tenant and action = 'tests.painted'"));
        Assert.Empty(await RowsAsync("select id::text from jobs where tenant_id = @tenant and kind = 'event:webhooks.make_deliveries'"));
        Assert.Empty(await RowsAsync("select delivery_id::text from webhook_deliveries where tenant_id = @tenant"));
    }

    [Fact]
    public async Task What_failed_is_tried_again_under_the_same_id()
    {
        receiver.Answer = request => request < 3 ? 500 : 200;
        await signet.CreateWebhookAsync(receiver.Url, tenant, "tests.painted");

        await signet.RaiseAsync(tenant, new Painted("blue", "Ada", Guid.CreateVersion7()));
        await receiver.WaitForAsync(1, Ct);
        await WrittenAsync(attempts: 1);
        await signet.AdvanceAsync(TimeSpan.FromMinutes(1));
        await receiver.WaitForAsync(2, Ct);
        await WrittenAsync(attempts: 2);
        await signet.AdvanceAsync(TimeSpan.FromMinutes(1));
        var all = await receiver.WaitForAsync(3, Ct);

        await StateAsync("delivered", 1);
        Assert.Single(all.Select(received => received.Delivery).Distinct());
        Assert.Single(all.Select(received => received.Text).Distinct());
        Assert.Equal(3, all.Select(received => received.Time).Distinct().Count());
    }

    [Fact]
    public async Task After_the_tenth_attempt_it_is_given_up_and_told_of_once()
    {
        receiver.Answer = _ => 503;
        var hook = await signet.CreateWebhookAsync(receiver.Url, tenant, "tests.*", "webhooks.delivery_failed");

        await signet.RaiseAsync(tenant, new Painted("blue", "Ada", Guid.CreateVersion7()));
        for (var attempt = 1; attempt <= 10; attempt++)
        {
            await Until.TrueAsync(() => receiver.All.Count(received => received.Event == "tests.painted") >= attempt, Ct);
            await WrittenAsync(attempt);
            if (attempt < 10)
            {
                await signet.AdvanceAsync(TimeSpan.FromHours(16));
            }
        }

        var dead = await OneDeliveryAsync(hook, "tests.painted");
        Assert.Equal(("dead", 10, 503, "status"), (Text(dead, "state"), dead.GetProperty("attempts").GetInt32(), dead.GetProperty("http_status").GetInt32(), Text(dead, "error")));
        Assert.Equal(["webhooks.created", "webhooks.delivery_failed"], await signet.ActionsAsync(hook.Id, tenant));

        // The failure is told as any event is; that telling of it fails is recorded, and told to nobody.
        for (var attempt = 1; attempt <= 10; attempt++)
        {
            await WrittenAsync(attempt, "webhooks.delivery_failed");
            if (attempt < 10)
            {
                await signet.AdvanceAsync(TimeSpan.FromHours(16));
            }
        }

        Assert.Equal(2, (await signet.ActionsAsync(hook.Id, tenant)).Count(action => action == "webhooks.delivery_failed"));
        Assert.Single(await RowsAsync("select delivery_id::text from webhook_deliveries where tenant_id = @tenant and event_type = 'webhooks.delivery_failed'"));
    }

    [Fact]
    public async Task What_is_delivered_again_is_so_once_of_sixteen_who_ask()
    {
        receiver.Answer = request => request == 1 ? 410 : 200;
        var hook = await signet.CreateWebhookAsync(receiver.Url, tenant, "tests.painted");
        await signet.RaiseAsync(tenant, new Painted("blue", "Ada", Guid.CreateVersion7()));
        await StateAsync("dead", 1);
        var dead = await OneDeliveryAsync(hook, "tests.painted");
        var again = $"{path}/{hook.Id}/deliveries/{Text(dead, "id")}/redeliver";
        var disabled = await signet.CallAsync(HttpMethod.Post, again, key);
        receiver.Answer = _ => 500;
        await signet.CallAsync(HttpMethod.Patch, $"{path}/{hook.Id}", key, new { state = "active" });

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => signet.CallAsync(HttpMethod.Post, again, key)));

        Assert.Equal("webhooks.disabled", disabled["code"]);
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Accepted);
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.Accepted), answer => Assert.Equal("webhooks.still_pending", answer["code"]));
        var all = await receiver.WaitForAsync(2, Ct);
        Assert.Equal(all[0].Delivery, all[1].Delivery);
        Assert.Equal(all[0].Text, all[1].Text);
        Assert.Equal(2, all.Count);
    }

    [Fact]
    public async Task A_receiver_that_is_gone_is_left_alone()
    {
        receiver.Answer = _ => 410;
        var hook = await signet.CreateWebhookAsync(receiver.Url, tenant, "tests.painted");

        await signet.RaiseAsync(tenant, new Painted("blue", "Ada", Guid.CreateVersion7()));
        await StateAsync("dead", 1);
        await signet.RaiseAsync(tenant, new Painted("red", "Ada", Guid.CreateVersion7()));

        var now = await signet.CallAsync(HttpMethod.Get, $"{path}/{hook.Id}", key);
        Assert.Equal("disabled", now["state"]);
        Assert.Equal("gone", Text(await OneDeliveryAsync(hook, "tests.painted"), "error"));
        Assert.Equal(["webhooks.created", "webhooks.disabled"], (await signet.ActionsAsync(hook.Id, tenant)).Order());
        Assert.Single(await RowsAsync("select id::text from jobs where tenant_id = @tenant and kind = 'event:webhooks.make_deliveries'"));
        Assert.Single(receiver.All);
    }

    [Fact]
    public async Task While_a_rotation_overlaps_both_secrets_sign()
    {
        var hook = await signet.CreateWebhookAsync(receiver.Url, tenant, "tests.painted");

        var rotated = await signet.CallAsync(HttpMethod.Post, $"{path}/{hook.Id}/rotate-secret", key, new { overlap_hours = 2 });
        await signet.RaiseAsync(tenant, new Painted("blue", "Ada", Guid.CreateVersion7()));
        var both = (await receiver.WaitForAsync(1, Ct))[0];
        await signet.AdvanceAsync(TimeSpan.FromHours(3));
        await signet.RaiseAsync(tenant, new Painted("red", "Ada", Guid.CreateVersion7()));
        var later = (await receiver.WaitForAsync(2, Ct))[1];

        Assert.Equal((2, true, true), (both.Signatures.Length, both.IsSignedWith(hook.Secret), both.IsSignedWith(rotated["secret"])));
        Assert.Equal((1, false, true), (later.Signatures.Length, later.IsSignedWith(hook.Secret), later.IsSignedWith(rotated["secret"])));
    }

    [Fact]
    public async Task A_rotation_without_overlap_and_a_second_one_leave_no_more_than_they_say()
    {
        var hook = await signet.CreateWebhookAsync(receiver.Url, tenant, "tests.painted");

        var second = await signet.CallAsync(HttpMethod.Post, $"{path}/{hook.Id}/rotate-secret", key, new { overlap_hours = 24 });
        var third = await signet.CallAsync(HttpMethod.Post, $"{path}/{hook.Id}/rotate-secret", key, new { overlap_hours = 24 });
        var shown = await signet.CallAsync(HttpMethod.Get, $"{path}/{hook.Id}", key);
        var fourth = await signet.CallAsync(HttpMethod.Post, $"{path}/{hook.Id}/rotate-secret", key, new { overlap_hours = 0 });
        await signet.RaiseAsync(tenant, new Painted("blue", "Ada", Guid.CreateVersion7()));

        var received = (await receiver.WaitForAsync(1, Ct))[0];
        Assert.Equal(2, shown.Json.GetProperty("secrets").GetArrayLength());
        Assert.DoesNotContain(third["secret"], shown.Text, StringComparison.Ordinal);
        Assert.True(received.IsSignedWith(fourth["secret"]));
        Assert.All((string[])[hook.Secret, second["secret"], third["secret"]], old => Assert.False(received.IsSignedWith(old)));
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        receiver.Answer = _ => 302;
        var hook = await signet.CreateWebhookAsync(receiver.Url, tenant, "tests.painted");

        await signet.RaiseAsync(tenant, new Painted("blue", "Ada", Guid.CreateVersion7()));
        await WrittenAsync(attempts: 1);

        var delivery = await OneDeliveryAsync(hook, "tests.painted");
        Assert.Equal(("pending", 302, "status"), (Text(delivery, "state"), delivery.GetProperty("http_status").GetInt32(), Text(delivery, "error")));
        Assert.DoesNotContain(receiver.All, received => received.Path == "/elsewhere");
    }

    [Fact]
    public async Task A_name_that_leads_inside_is_not_asked()
    {
        var hook = await signet.CreateWebhookAsync($"https://{TestSignet.InsideName}/hook", tenant, "tests.painted");

        await signet.RaiseAsync(tenant, new Painted("blue", "Ada", Guid.CreateVersion7()));
        await WrittenAsync(attempts: 1);

        var delivery = await OneDeliveryAsync(hook, "tests.painted");
        Assert.Equal(("pending", "address_refused"), (Text(delivery, "state"), Text(delivery, "error")));
        Assert.False(delivery.TryGetProperty("http_status", out var status) && status.ValueKind is not JsonValueKind.Null);
    }

    [Fact]
    public async Task A_receiver_that_hangs_keeps_nobody_else_waiting()
    {
        await signet.CreateWebhookAsync(receiver.HangingUrl, tenant, "tests.painted");
        await signet.RaiseAsync(tenant, new Painted("first", "Ada", Guid.CreateVersion7()));
        await receiver.WaitForAsync(1, Ct);
        await using var other = await Receiver.StartAsync();
        await signet.CreateWebhookAsync(other.Url, tenant, "tests.painted");

        for (var i = 0; i < 20; i++)
        {
            await signet.RaiseAsync(tenant, new Painted($"{i}", "Ada", Guid.CreateVersion7()));
        }

        await other.WaitForAsync(20, Ct);
        await StateAsync("delivered", 20);
        Assert.All(other.All, received => Assert.Equal("tests.painted", received.Event));
    }

    [Fact]
    public async Task Finished_deliveries_are_forgotten_after_thirty_days()
    {
        await signet.CreateWebhookAsync(receiver.Url, tenant, "tests.painted");
        await signet.RaiseAsync(tenant, new Painted("blue", "Ada", Guid.CreateVersion7()));
        await StateAsync("delivered", 1);

        await signet.AdvanceAsync(TimeSpan.FromDays(29));
        await signet.RunScheduledAsync("webhooks.purge");
        await StateAsync("delivered", 1);
        await signet.AdvanceAsync(TimeSpan.FromDays(2));
        await signet.RunScheduledAsync("webhooks.purge");

        Assert.Empty(await RowsAsync("select delivery_id::text from webhook_deliveries where tenant_id = @tenant"));
    }

    private static (string?, string?) KindAndId(JsonElement element) => (element.GetProperty("kind").GetString(), element.GetProperty("id").GetString());

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private async Task<JsonElement> OneDeliveryAsync(TestWebhookOf hook, string type)
    {
        var answer = await signet.CallAsync(HttpMethod.Get, $"{path}/{hook.Id}/deliveries", key);
        return Assert.Single(answer.Json.GetProperty("deliveries").EnumerateArray(), delivery => Text(delivery, "event_type") == type);
    }

    // The receiver has answered before the outcome is written.
    private Task WrittenAsync(int attempts, string type = "tests.painted") => Until.TrueAsync(async () =>
        (await RowsAsync($"select delivery_id::text from webhook_deliveries where tenant_id = @tenant and event_type = '{type}' and attempts = {attempts} and error is not null")).Count == 1, Ct);

    private Task StateAsync(string state, int count) => Until.TrueAsync(async () =>
        (await RowsAsync($"select delivery_id::text from webhook_deliveries where tenant_id = @tenant and state = '{state}'")).Count == count, Ct);

    private Task<List<string>> RowsAsync(string sql) => signet.Database.Db(signet.Clock).AsSystemAsync(
        tx => tx.ListAsync<string>(sql, new { tenant }, Ct), Ct);
}
