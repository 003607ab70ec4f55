using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Signet.Platform.Cache;
using Signet.Platform.Data;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Platform.Cache;

/// <summary>Two nodes on one database: one writes, the other keeps copies.</summary>
public sealed class NotificationListenerTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly Notifications notifications = new();
    private NotificationListener listener = null!;
    private string truth = "first";
    private int losses;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private Db Writer => field ??= database.Db();

    public async ValueTask InitializeAsync()
    {
        listener = new NotificationListener(
            database.Database, database.Db(notifications: notifications), notifications, TimeProvider.System, NullLogger<NotificationListener>.Instance);
        await listener.StartAsync(Ct);
        await Until.TrueAsync(() => notifications.Connected, Ct);
    }

    [Fact]
    public async Task News_of_another_node_makes_a_copy_old()
    {
        var cache = Make();
        await GetAsync(cache);

        await WriteAsync("second");

        await Until.TrueAsync(async () => await GetAsync(cache) == "second", Ct);
    }

    [Fact]
    public async Task A_key_with_colons_and_quotes_arrives_whole()
    {
        var heard = new TaskCompletionSource<string>();
        notifications.Subscribe("odd", heard.SetResult, () => { });

        await Writer.InTenantAsync(TenantId.Default, tx => { tx.Notify("odd", "a:b':\"c"); return Task.CompletedTask; }, Ct);

        Assert.Equal("a:b':\"c", await heard.Task.WaitAsync(Ct));
    }

    [Fact]
    public async Task After_a_lost_connection_nothing_kept_before_is_answered_and_news_is_heard_again()
    {
        var cache = Make();
        notifications.Subscribe("things", _ => { }, () => Interlocked.Increment(ref losses));
        await Until.TrueAsync(async () => await GetAsync(cache) == "first" && notifications.Connected, Ct);

        await CutAsync();
        truth = "changed without news";
        // Lost, and found again.
        await Until.TrueAsync(() => Volatile.Read(ref losses) >= 2 && notifications.Connected, Ct);

        Assert.Equal("changed without news", await GetAsync(cache));
        await WriteAsync("second");
        await Until.TrueAsync(async () => await GetAsync(cache) == "second", Ct);
    }

    [Fact]
    public async Task Without_a_listener_no_copy_is_used()
    {
        var cache = Make();
        await GetAsync(cache);

        await listener.StopAsync(Ct);
        truth = "changed without news";

        Assert.False(notifications.Connected);
        Assert.Equal("changed without news", await GetAsync(cache));
    }

    [Fact]
    public async Task A_connection_that_dies_without_a_word_is_not_trusted_for_long()
    {
        var backend = await Writer.AsSystemAsync(tx => tx.ScalarAsync<int>("""
            select pid from pg_stat_activity where datname = current_database() and application_name = @name
            """, new { name = NotificationListener.ApplicationName }, Ct), Ct);

        await SignalAsync("STOP", backend);
        try
        {
            await Until.TrueAsync(() => !notifications.Connected, Ct);
        }
        finally
        {
            await SignalAsync("CONT", backend);
        }

        await Until.TrueAsync(() => notifications.Connected, Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await listener.StopAsync(CancellationToken.None);
        listener.Dispose();
    }

    private NodeCache<string, string> Make() => new("things", key => key, new NodeCacheOptions(10), notifications, TimeProvider.System);

    private ValueTask<string> GetAsync(NodeCache<string, string> cache) => cache.GetAsync("thing", (_, _) => Task.FromResult(truth), Ct);

    private async Task WriteAsync(string value)
    {
        truth = value;
        await Writer.InTenantAsync(TenantId.Default, tx => { tx.Notify("things", "thing"); return Task.CompletedTask; }, Ct);
    }

    private static async Task SignalAsync(string signal, int pid)
    {
        using var kill = Process.Start("kill", ["-s", signal, $"{pid}"]);
        await kill.WaitForExitAsync(Ct);
        Assert.Equal(0, kill.ExitCode);
    }

    private Task CutAsync() => TestCluster.AdministerAsync($"""
        select pg_terminate_backend(pid) from pg_stat_activity
         where datname = '{database.Name}' and application_name = '{NotificationListener.ApplicationName}'
        """, database);
}
