using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Signet.Platform.Data;
using Signet.Platform.Jobs;

namespace Server.Tests.Platform.Jobs;

/// <summary>A worker as a process would run it, with the handlers of one test.</summary>
internal sealed class TestWorker : IAsyncDisposable
{
    private readonly ServiceProvider services;
    private readonly JobWorker worker;

    private TestWorker(Db db, Notifications notifications, TimeProvider time, JobOptions options, Action<IServiceCollection> declare)
    {
        var collection = new ServiceCollection();
        declare(collection);
        services = collection.BuildServiceProvider();
        worker = new JobWorker(
            db, services.GetServices<JobHandler>(), services.GetRequiredService<IServiceScopeFactory>(), notifications, options, time, NullLogger<JobWorker>.Instance);
    }

    public static async Task<TestWorker> StartAsync(
        Db db, Notifications notifications, TimeProvider time, Action<IServiceCollection> declare, JobOptions? options = null)
    {
        var started = new TestWorker(db, notifications, time, options ?? new JobOptions { PollEvery = TimeSpan.FromMilliseconds(50) }, declare);
        await started.worker.StartAsync(CancellationToken.None);
        return started;
    }

    public Task StopAsync() => worker.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        worker.Dispose();
        await services.DisposeAsync();
    }
}
