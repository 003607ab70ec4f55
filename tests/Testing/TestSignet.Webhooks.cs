using Microsoft.Extensions.DependencyInjection;
using Signet.Platform.Data;
using Signet.Platform.Jobs;
using Signet.Platform.Outbound;
using Signet.Platform.Outbox;
using Signet.Server.Audit;
using Signet.Server.Webhooks;

namespace Signet.Testing;

/// <summary>A webhook with the secret its deliveries are signed with.</summary>
public sealed record TestWebhookOf(string Id, string Name, string Secret);

public sealed partial class TestSignet
{
    public async Task<TestWebhookOf> CreateWebhookAsync(string url, TenantId? tenant = null, params string[] events)
    {
        var services = App.Services;
        var metadata = new CreateWebhook.Request(NewName("hook"), url, events.Length > 0 ? events : null).ToMetadata();
        if (metadata.Refuse(services.GetRequiredService<OutboundHttp>()) is { } refusal)
        {
            throw new InvalidOperationException(string.Join(", ", refusal.Errors!.Select(error => $"{error.Key} {error.Value[0]}")));
        }

        var made = await services.GetRequiredService<Db>().InTenantAsync(
            tenant ?? TenantId.Default,
            tx => CreateWebhook.RunAsync(tx, Tester, services.GetRequiredService<WebhookSeal>(), metadata, CancellationToken.None),
            CancellationToken.None);
        return new TestWebhookOf(made!.Webhook.Id.ToString(), made.Webhook.Name, made.Secret);
    }

    /// <summary>Raises an event in a transaction of its own.</summary>
    public Task RaiseAsync(TenantId tenant, DomainEvent happened) => App.Services.GetRequiredService<Db>().InTenantAsync(tenant, tx =>
    {
        tx.Emit(Tester, happened);
        return Task.CompletedTask;
    }, CancellationToken.None);

    /// <summary>Raises an event by the group writer, as a request that writes nothing else.</summary>
    public Task RecordAsync(TenantId tenant, DomainEvent happened) =>
        App.Services.GetRequiredService<AuditWriter>().RecordAsync(tenant, Tester, happened, CancellationToken.None);

    /// <summary>Moves the clock, and wakes those who wait for its time.</summary>
    public Task AdvanceAsync(TimeSpan by)
    {
        Clock.Advance(by);
        return App.Services.GetRequiredService<Db>().InTenantAsync(TenantId.Default, tx =>
        {
            tx.Notify("webhook_deliveries", "");
            return Task.CompletedTask;
        }, CancellationToken.None);
    }

    /// <summary>Runs the job of a schedule now.</summary>
    public async Task RunScheduledAsync(string kind)
    {
        var handler = App.Services.GetServices<JobHandler>().Single(handler => handler.Kind == kind);
        var job = new Job(new JobId(Guid.CreateVersion7(Clock.GetUtcNow())), TenantId.Default, kind, """{"due":"2030-01-01T00:00:00Z"}""", 1, 1, null, null, Clock.GetUtcNow());
        await using var scope = App.Services.CreateAsyncScope();
        await handler.RunAsync(scope.ServiceProvider, job, CancellationToken.None);
    }
}
