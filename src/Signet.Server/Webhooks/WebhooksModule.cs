using Signet.Platform.Data;
using Signet.Platform.Jobs;
using Signet.Platform.Outbox;
using Signet.Server.Secrets;

namespace Signet.Server.Webhooks;

public static class WebhooksModule
{
    private const string PurgeJob = "webhooks.purge";

    public static void AddWebhooks(this IServiceCollection services)
    {
        RowTypes.AddId<WebhookId>();
        RowTypes.AddId<DeliveryId>();
        services.AddEncryptedColumn(WebhookSeal.Secret);
        services.AddSingleton<WebhookMetrics>();
        services.AddSingleton<WebhookSeal>();
        services.AddSingleton<WebhookDirectory>();
        services.AddSingleton<MakeDeliveries>();
        services.AddSingleton<SendDeliveries>();
        services.OnEveryEvent(
            "webhooks.make_deliveries",
            provider => provider.GetRequiredService<WebhookDirectory>().WantsAsync,
            (scope, heard, ct) => scope.GetRequiredService<MakeDeliveries>().RunAsync(heard, ct));
        services.AddSingleton(new Schedule(PurgeJob, "29 * * * *", PurgeJob));
        services.OnJob<ScheduledRun>(PurgeJob, (scope, _, _, ct) =>
            PurgeDeliveries.RunAsync(scope.GetRequiredService<Db>(), Origin.OfWorker("webhooks", PurgeJob), ct));
    }

    /// <summary>For the worker's role.</summary>
    public static void AddWebhookDeliveries(this IServiceCollection services) => services.AddHostedService<DeliveryLoop>();

    public static void MapWebhooks(RouteGroups groups)
    {
        var webhooks = groups.Management.MapGroup("/webhooks").WithTags("Webhooks");
        ListWebhooks.Map(webhooks);
        CreateWebhook.Map(webhooks);
        UpdateWebhook.Map(webhooks);
        DeleteWebhook.Map(webhooks);
        RotateWebhookSecret.Map(webhooks);
        TestWebhook.Map(webhooks);
        ListDeliveries.Map(webhooks);
        Redeliver.Map(webhooks);
    }
}
