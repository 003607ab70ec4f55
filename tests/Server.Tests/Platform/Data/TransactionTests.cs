using Npgsql;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Platform.Data;

public sealed class TransactionTests(DataFixture fixture) : IClassFixture<DataFixture>
{
    private static readonly Origin Nobody = Origin.OfWorker("tests", "request-1");
    private readonly Db db = fixture.Test.Db();
    private readonly TenantId tenant = DataFixture.NewTenant();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_written_is_there_after_the_commit()
    {
        var touched = await db.InTenantAsync(tenant, tx => tx.ExecuteAsync(
            "insert into notes values (@tenant, @id, 'one'), (@tenant, @other, 'two')",
            new { tenant, id = tx.NewId<NoteId>(), other = tx.NewId<NoteId>() }, Ct), Ct);

        Assert.Equal(2, touched);
        Assert.Equal(2, (await db.InTenantAsync(tenant, tx => DataFixture.ListNotesAsync(tx, Ct), Ct)).Count);
    }

    [Fact]
    public async Task An_exception_rolls_back_and_is_the_one_thrown()
    {
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => db.InTenantAsync(tenant, async tx =>
        {
            await DataFixture.AddNoteAsync(tx, "lost", Ct);
            throw new InvalidTimeZoneException();
        }, Ct));

        Assert.Empty(await db.InTenantAsync(tenant, tx => DataFixture.ListNotesAsync(tx, Ct), Ct));
    }

    [Fact]
    public async Task A_swallowed_error_is_not_taken_for_a_commit()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => db.InTenantAsync(tenant, async tx =>
        {
            await DataFixture.AddNoteAsync(tx, "lost", Ct);
            await Assert.ThrowsAsync<PostgresException>(() => tx.ExecuteAsync("select 1 / 0", null, Ct));
        }, Ct));

        Assert.Empty(await db.InTenantAsync(tenant, tx => DataFixture.ListNotesAsync(tx, Ct), Ct));
    }

    [Fact]
    public async Task A_deferred_statement_runs_with_the_commit_even_if_it_is_the_only_one()
    {
        await db.InTenantAsync(tenant, tx =>
        {
            tx.Defer("insert into notes values (@tenant, @id, 'deferred')", new { tenant, id = tx.NewId<NoteId>() });
            return Task.CompletedTask;
        }, Ct);

        Assert.Equal(["deferred"], await db.InTenantAsync(tenant, tx => DataFixture.ListNotesAsync(tx, Ct), Ct));
    }

    [Fact]
    public async Task A_deferred_statement_that_fails_takes_the_transaction_with_it()
    {
        await Assert.ThrowsAsync<PostgresException>(() => db.InTenantAsync(tenant, async tx =>
        {
            await DataFixture.AddNoteAsync(tx, "lost", Ct);
            tx.Defer("select 1 / 0", null);
        }, Ct));

        Assert.Empty(await db.InTenantAsync(tenant, tx => DataFixture.ListNotesAsync(tx, Ct), Ct));
    }

    [Fact]
    public async Task Commit_steps_see_the_events_and_write_in_the_same_transaction()
    {
        var clock = new TestClock();
        var stepped = fixture.Test.Db(clock, null, async (tx, ct) =>
        {
            foreach (var raised in tx.Events)
            {
                await DataFixture.AddNoteAsync(tx, $"{raised.Event.Action} by {raised.Origin.ActorId} at {raised.At:O}", ct);
            }
        });

        await stepped.InTenantAsync(tenant, tx =>
        {
            tx.Emit(Nobody, new TenantsCrossed("test"));
            return Task.CompletedTask;
        }, Ct);

        Assert.Equal(
            [$"platform.tenants_crossed by tests at {clock.GetUtcNow():O}"], await db.InTenantAsync(tenant, tx => DataFixture.ListNotesAsync(tx, Ct), Ct));
    }

    [Fact]
    public async Task Crossing_tenants_leaves_an_event_that_says_why()
    {
        List<RaisedEvent> seen = [];
        var stepped = fixture.Test.Db(null, null, (tx, _) =>
        {
            seen.AddRange(tx.Events);
            return ValueTask.CompletedTask;
        });

        await stepped.AcrossTenantsAsync(Nobody, "count all", tx => tx.ScalarAsync<int>("select count(*) from notes", null, Ct), Ct);

        var raised = Assert.Single(seen);
        Assert.Equal((new TenantsCrossed("count all"), TenantId.Default), ((TenantsCrossed)raised.Event, raised.Tenant));
    }

    [Fact]
    public async Task News_is_heard_at_home_and_by_listeners_after_the_commit()
    {
        List<string> heard = [];
        var notifications = new Notifications();
        notifications.Subscribe("clients", heard.Add, () => { });
        await using var listener = new NpgsqlConnection(fixture.Test.ConnectionString);
        await listener.OpenAsync(Ct);
        TaskCompletionSource<string> abroad = new();
        listener.Notification += (_, news) => abroad.TrySetResult(news.Payload);
        await using var listen = new NpgsqlCommand($"listen \"{db.Channel}\"", listener);
        await listen.ExecuteNonQueryAsync(Ct);

        await fixture.Test.Db(null, notifications).InTenantAsync(tenant, tx =>
        {
            tx.Notify("clients", "c:1");
            return Task.CompletedTask;
        }, Ct);
        await listener.WaitAsync(Ct);

        Assert.Equal(["c:1"], heard);
        Assert.Equal("clients:c:1", await abroad.Task.WaitAsync(Ct));
    }

    [Fact]
    public async Task News_of_a_transaction_that_failed_is_no_news()
    {
        List<string> heard = [];
        var notifications = new Notifications();
        notifications.Subscribe("clients", heard.Add, () => { });

        await Assert.ThrowsAsync<PostgresException>(() => fixture.Test.Db(null, notifications).InTenantAsync(tenant, async tx =>
        {
            tx.Notify("clients", "c1");
            await tx.ExecuteAsync("select 1 / 0", null, Ct);
        }, Ct));

        Assert.Empty(heard);
    }

    [Fact]
    public async Task The_time_is_the_clocks_and_the_same_at_every_statement()
    {
        var clock = new TestClock();

        var (first, second) = await fixture.Test.Db(clock).InTenantAsync(tenant, async tx =>
        {
            var before = tx.Now;
            await tx.ExecuteAsync("select 1", null, Ct);
            clock.Advance(TimeSpan.FromHours(1));
            return (before, tx.Now);
        }, Ct);

        Assert.Equal(first, second);
    }

    [Fact]
    public async Task Reads_find_nothing_one_or_many()
    {
        await db.InTenantAsync(tenant, async tx =>
        {
            Assert.Null(await tx.FindAsync<string>("select text from notes", null, Ct));
            Assert.Equal(0, await tx.ScalarAsync<int>("select 1 where false", null, Ct));
            Assert.Null(await tx.ScalarAsync<int?>("select null::int", null, Ct));
            Assert.Equal(7, await tx.GetAsync<int>("select 7", null, Ct));
            Assert.Equal([1, 2, 3], await tx.ListAsync<int>("select generate_series(1, 3)", null, Ct));
        }, Ct);

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => db.InTenantAsync(tenant, tx => tx.GetAsync<int>("select generate_series(1, 2)", null, Ct), Ct));
    }

    [Fact]
    public async Task A_cancelled_statement_writes_nothing_and_leaves_a_connection_that_works()
    {
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(Ct);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => db.InTenantAsync(tenant, async tx =>
        {
            await DataFixture.AddNoteAsync(tx, "lost", Ct);
            soon.CancelAfter(TimeSpan.FromMilliseconds(50));
            await tx.ExecuteAsync("select pg_sleep(60)", null, soon.Token);
        }, Ct));

        Assert.Empty(await db.InTenantAsync(tenant, tx => DataFixture.ListNotesAsync(tx, Ct), Ct));
    }

    [Fact]
    public async Task A_caller_who_has_gone_before_the_commit_has_written_nothing()
    {
        using var gone = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => db.InTenantAsync(tenant, async tx =>
        {
            await DataFixture.AddNoteAsync(tx, "lost", Ct);
            await gone.CancelAsync();
        }, gone.Token));

        Assert.Empty(await db.InTenantAsync(tenant, tx => DataFixture.ListNotesAsync(tx, Ct), Ct));
    }
}
