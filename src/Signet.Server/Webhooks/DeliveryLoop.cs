using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Signet.Platform.Data;
using Signet.Server.Webhooks.Storage;

namespace Signet.Server.Webhooks;

/// <summary>
/// Sends what is due, for as long as the process has the worker's role. Each webhook has a run of its own, beside the jobs and beside each other:
/// a receiver that hangs keeps nobody waiting but itself.
/// </summary>
internal sealed class DeliveryLoop(Db db, SendDeliveries send, Notifications notifications, TimeProvider time, ILogger<DeliveryLoop> log) : BackgroundService
{
    public const string Topic = "webhook_deliveries";

    // For retries whose time has come; a new delivery rings.
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly Channel<bool> bell = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ConcurrentDictionary<(TenantId Tenant, WebhookId Webhook), Task> runs = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        notifications.Subscribe(Topic, _ => Ring(), Ring);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await BeginRunsAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception failure)
            {
                log.LookFailed(failure);
            }

            await WaitAsync(stoppingToken);
        }

        await Task.WhenAll(runs.Values);
    }

    private async Task BeginRunsAsync(CancellationToken stopping)
    {
        foreach (var due in await db.AsSystemAsync(tx => DeliveryRows.ListDueAsync(tx, stopping), stopping))
        {
            // Only this loop adds.
            if (!runs.ContainsKey(due))
            {
                var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                runs[due] = RunAsync(due.Tenant, due.Webhook, begin.Task, stopping);
                begin.SetResult();
            }
        }
    }

    private async Task RunAsync(TenantId tenant, WebhookId webhook, Task begin, CancellationToken stopping)
    {
        await begin;
        var any = false;
        try
        {
            any = await send.DrainAsync(tenant, webhook, stopping);
        }
        catch (Exception failure)
        {
            // What it had claimed is due again when its lease ends.
            log.DrainFailed(failure, tenant, webhook);
        }

        runs.TryRemove((tenant, webhook), out _);
        if (any)
        {
            // Something may have become due between its last look and now, and found it still running.
            Ring();
        }
    }

    private void Ring() => bell.Writer.TryWrite(true);

    private async Task WaitAsync(CancellationToken stopping)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var rung = bell.Reader.WaitToReadAsync(both.Token).AsTask();
        await Task.WhenAny(rung, Task.Delay(LookEvery, time, both.Token));
        bell.Reader.TryRead(out _);
        await both.CancelAsync();
        await ((Task)rung).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
