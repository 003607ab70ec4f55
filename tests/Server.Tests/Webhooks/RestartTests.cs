using Signet.Platform.Data;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Webhooks;

/// <summary>Deliveries go on whichever process is there to make them.</summary>
public sealed class RestartTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_one_process_began_another_ends()
    {
        await using var first = await TestSignet.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = request => request == 1 ? 500 : 200;
        var hook = await first.CreateWebhookAsync(receiver.Url, null, "tests.painted");
        await first.RaiseAsync(TenantId.Default, new Painted("blue", "Ada", Guid.CreateVersion7()));
        await receiver.WaitForAsync(1, Ct);

        // The stop lets the attempt end.
        await first.StopAsync();
        await using var second = await first.StartNodeAsync();
        await second.AdvanceAsync(TimeSpan.FromMinutes(1));

        var all = await receiver.WaitForAsync(2, Ct);
        Assert.Equal(all[0].Delivery, all[1].Delivery);
        Assert.True(all[1].IsSignedWith(hook.Secret));
    }

    [Fact]
    public async Task An_attempt_whose_process_died_is_made_again()
    {
        await using var signet = await TestSignet.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = request => request == 1 ? 500 : 200;
        await signet.CreateWebhookAsync(receiver.Url, null, "tests.painted");
        await signet.RaiseAsync(TenantId.Default, new Painted("blue", "Ada", Guid.CreateVersion7()));
        await receiver.WaitForAsync(1, Ct);
        await Until.TrueAsync(async () => await CountAsync(signet, "error is not null") == 1, Ct);
        // As it is left by a process that was killed between request and outcome.
        await signet.Database.Db(signet.Clock).AsSystemAsync(tx => tx.ExecuteAsync(
            "update webhook_deliveries set error = null, http_status = null, attempts = 2, last_attempt_at = @now, next_attempt_at = @until",
            new { now = tx.Now, until = tx.Now.AddSeconds(90) }, Ct), Ct);

        await signet.AdvanceAsync(TimeSpan.FromSeconds(91));

        await receiver.WaitForAsync(2, Ct);
        await Until.TrueAsync(async () => await CountAsync(signet, "state = 'delivered' and attempts = 3") == 1, Ct);
    }

    [Fact]
    public async Task Two_processes_send_each_event_once()
    {
        await using var first = await TestSignet.StartAsync();
        await using var second = await first.StartNodeAsync();
        await using var receiver = await Receiver.StartAsync();
        await first.CreateWebhookAsync(receiver.Url, null, "tests.painted");
        // The other node hears of the webhook by the news of its commit.
        await Until.TrueAsync(async () =>
        {
            await second.RecordAsync(TenantId.Default, new Painted("warm", "Ada", Guid.CreateVersion7()));
            return receiver.All.Count > 0;
        }, Ct);
        await Until.TrueAsync(async () => await WaitingAsync(first) == 0, Ct);
        var before = receiver.All.Count;

        await Task.WhenAll(Enumerable.Range(0, 32).Select(i =>
            (i % 2 == 0 ? first : second).RaiseAsync(TenantId.Default, new Painted($"{i}", "Ada", Guid.CreateVersion7()))));

        await receiver.WaitForAsync(before + 32, Ct);
        await Until.TrueAsync(async () => await WaitingAsync(first) == 0, Ct);
        Assert.Equal(before + 32, await CountAsync(first, "state = 'delivered'"));
        Assert.Equal(before + 32, receiver.All.Count);
        Assert.Equal(before + 32, receiver.All.Select(received => received.Delivery).Distinct().Count());
    }

    private static Task<long> CountAsync(TestSignet signet, string condition) => signet.Database.Db(signet.Clock).AsSystemAsync(
        tx => tx.ScalarAsync<long>($"select count(*) from webhook_deliveries where {condition}", null, Ct), Ct);

    // In one look: what is counted in two may go from the one to the other between them, and be in neither.
    private static Task<long> WaitingAsync(TestSignet signet) => signet.Database.Db(signet.Clock).AsSystemAsync(tx => tx.ScalarAsync<long>("""
        select (select count(*) from outbox) + (select count(*) from jobs where kind = 'event:webhooks.make_deliveries' and state <> 'done')
             + (select count(*) from webhook_deliveries where state = 'pending')
        """, null, Ct), Ct);
}
