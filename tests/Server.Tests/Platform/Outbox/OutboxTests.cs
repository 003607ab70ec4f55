using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Server.Tests.Platform.Jobs;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Platform.Outbox;

public sealed class OutboxTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly Origin Origin = new(ActorKind.User, "u1", "192.0.2.1", "agent", "request-1");
    private readonly TestClock clock = new();
    private readonly Notifications notifications = new();
    private readonly TenantId tenant = new(Guid.CreateVersion7());

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_subscriber_gets_the_event_as_it_was_emitted()
    {
        var got = new TaskCompletionSource<Delivered<Painted>>();
        Action<IServiceCollection> declare = s => s.OnEvent<Painted>("tests.one", (_, delivered, _) =>
        {
            got.SetResult(delivered);
            return Task.CompletedTask;
        });
        var db = MakeDb(declare);
        var painted = new Painted(tenant, Colour.DarkRed, ["a", "b"], null);
        await EmitAsync(db, painted);

        await RelayAsync(db);
        await using var worker = await TestWorker.StartAsync(db, notifications, clock, declare);

        var delivered = await got.Task.WaitAsync(Ct);
        Assert.Equal(painted with { Layers = [] }, delivered.Event with { Layers = [] });
        Assert.Equal(["a", "b"], delivered.Event.Layers);
        Assert.Equal((tenant, Origin, clock.GetUtcNow()), (delivered.Tenant, delivered.Origin, delivered.At));
    }

    [Fact]
    public async Task Every_subscriber_gets_one_job_however_many_relay_at_once()
    {
        var db = MakeDb(s =>
        {
            s.OnEvent<Painted>("tests.many.first", (_, _, _) => Task.CompletedTask);
            s.OnEvent<Painted>("tests.many.second", (_, _, _) => Task.CompletedTask);
        });
        for (var i = 0; i < 50; i++)
        {
            await EmitAsync(db, new Painted(tenant, Colour.Blue, [], $"{i}"));
        }

        var moved = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => RelayAsync(db)));

        Assert.Equal(50, moved.Sum());
        Assert.Equal(50, await CountAsync(db, "jobs where kind = 'event:tests.many.first'"));
        Assert.Equal(50, await CountAsync(db, "jobs where kind = 'event:tests.many.second'"));
        Assert.Equal(0, await CountAsync(db, "outbox"));
    }

    [Fact]
    public async Task What_is_rolled_back_is_not_told()
    {
        var db = MakeDb(s => s.OnEvent<Painted>("tests.undone", (_, _, _) => Task.CompletedTask));

        await Assert.ThrowsAsync<InvalidOperationException>(() => db.InTenantAsync(tenant, tx =>
        {
            tx.Emit(Origin, new Painted(tenant, Colour.Blue, [], null));
            throw new InvalidOperationException("The work failed.");
        }, Ct));

        Assert.Equal(0, await CountAsync(db, "outbox where 'tests.undone' = any(subscribers)"));
    }

    [Fact]
    public async Task What_nobody_subscribes_to_is_not_written()
    {
        var db = MakeDb(s => s.OnEvent<Painted>("tests.others", (_, _, _) => Task.CompletedTask));

        await EmitAsync(db, new Erased());

        Assert.Equal(0, await CountAsync(db, "outbox where action = 'tests.erased'"));
    }

    [Fact]
    public async Task Who_subscribes_to_every_event_hears_of_those_it_wants_and_no_others()
    {
        var heard = new TaskCompletionSource<EventHeard>();
        Action<IServiceCollection> declare = s => s.OnEveryEvent(
            "tests.every",
            _ => (raised, tx, _) => new(tx is not null && raised.Event is Painted),
            (_, told, _) =>
            {
                heard.SetResult(told);
                return Task.CompletedTask;
            });
        var db = MakeDb(declare);
        await EmitAsync(db, new Erased());
        await EmitAsync(db, new Painted(tenant, Colour.Blue, [], "Ada"));

        Assert.Equal(0, await CountAsync(db, "outbox where action = 'tests.erased'"));
        Assert.Equal(1, await CountAsync(db, "outbox where 'tests.every' = any(subscribers) and payload = '{}' and origin->>'ip_address' is null"));
        await RelayAsync(db);
        await using var worker = await TestWorker.StartAsync(db, notifications, clock, declare);

        var told = await heard.Task.WaitAsync(Ct);
        Assert.Equal((tenant, clock.GetUtcNow()), (told.Tenant, told.At));
        Assert.Equal(0, await CountAsync(db, "jobs where kind = 'event:tests.every' and payload::text like '%Ada%'"));
    }

    [Fact]
    public async Task An_event_that_is_wanted_by_its_type_too_has_one_row_with_its_content()
    {
        var db = MakeDb(s =>
        {
            s.OnEvent<Painted>("tests.both.typed", (_, _, _) => Task.CompletedTask);
            s.OnEveryEvent("tests.both.every", _ => (_, _, _) => new(true), (_, _, _) => Task.CompletedTask);
        });

        await EmitAsync(db, new Painted(tenant, Colour.Blue, [], "Ada"));

        Assert.Equal(1, await CountAsync(db, "outbox where subscribers = '{tests.both.typed,tests.both.every}' and payload->>'by' = 'Ada'"));
        await RelayAsync(db);
    }

    [Fact]
    public async Task A_group_that_is_sent_again_after_it_was_relayed_makes_no_second_job()
    {
        var subscriptions = new EventSubscriptions([new EventSubscription("tests.again", typeof(Erased))]);
        var db = database.Db(clock, notifications);
        var raised = new RaisedEvent(Guid.CreateVersion7(), tenant, Origin, new Erased(), clock.GetUtcNow());
        var letter = await subscriptions.AddressAsync(raised, null, Ct);

        for (var i = 0; i < 2; i++)
        {
            await using var connection = await database.Database.For(DatabaseRole.System).OpenConnectionAsync(Ct);
            await OutboxLetter.AddAllAsync(connection, database.Database.Channel, [letter!, letter!], Ct);
            await RelayAsync(db);
        }

        Assert.Equal(1, await CountAsync(db, "jobs where kind = 'event:tests.again'"));
        Assert.Equal(0, await CountAsync(db, "outbox where action = 'tests.erased'"));
    }

    [Fact]
    public async Task A_running_relay_is_woken_by_the_commit()
    {
        var db = MakeDb(s => s.OnEvent<Painted>("tests.woken", (_, _, _) => Task.CompletedTask));
        using var relay = new OutboxRelay(db, notifications, clock, NullLogger<OutboxRelay>.Instance);
        await relay.StartAsync(Ct);

        await EmitAsync(db, new Painted(tenant, Colour.Blue, [], null));

        await Until.TrueAsync(async () => await CountAsync(db, "jobs where kind = 'event:tests.woken'") == 1, Ct);
        await relay.StopAsync(Ct);
    }

    [Fact]
    public void The_text_of_an_event_is_its_own_properties_only()
    {
        var json = EventJson.Write(new Painted(TenantId.Default, Colour.DarkRed, ["a"], null));

        Assert.Equal("""{"canvas":"00000000-0000-7000-8000-000000000001","colour":"dark_red","layers":["a"]}""", json);
    }

    [Fact]
    public void Two_subscriptions_of_one_name_are_refused() => Assert.Throws<InvalidOperationException>(() =>
        new EventSubscriptions([new EventSubscription("same", typeof(Painted)), new EventSubscription("same", typeof(Erased))]));

    private Db MakeDb(Action<IServiceCollection> declare)
    {
        var services = new ServiceCollection();
        declare(services);
        using var built = services.BuildServiceProvider();
        var step = new OutboxStep(new EventSubscriptions(built.GetServices<EventSubscription>(), built.GetServices<EveryEventSubscription>()));
        return database.Db(clock, notifications, step.WriteAsync);
    }

    private Task EmitAsync(Db db, DomainEvent happened) => db.InTenantAsync(tenant, tx =>
    {
        tx.Emit(Origin, happened);
        return Task.CompletedTask;
    }, Ct);

    private async Task<int> RelayAsync(Db db)
    {
        using var relay = new OutboxRelay(db, notifications, clock, NullLogger<OutboxRelay>.Instance);
        return await relay.RelayAsync(Ct);
    }

    private static Task<long> CountAsync(Db db, string from) => db.AsSystemAsync(tx => tx.ScalarAsync<long>($"select count(*) from {from}", null, Ct), Ct);

    private enum Colour
    {
        Blue,
        DarkRed,
    }

    private sealed record Painted(TenantId Canvas, Colour Colour, IReadOnlyList<string> Layers, [property: Personal] string? By) : DomainEvent
    {
        public override string Action => "tests.painted";

        public override Target Target => new("canvas", Canvas.ToString());

        public override Guid? Subject => Canvas.Value;
    }

    private sealed record Erased : DomainEvent
    {
        public override string Action => "tests.erased";

        public override Target Target => new("canvas", "all");
    }
}
