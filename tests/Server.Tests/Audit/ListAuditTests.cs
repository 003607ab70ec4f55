using Signet.Platform.Outbox;
using Signet.Server.Audit;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Audit;

public sealed class ListAuditTests : IAsyncLifetime
{
    private readonly TestClock clock = new();
    private TestDatabase database = null!;
    private TestAudit audit = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CreateAsync();
        audit = new TestAudit(database, clock);
        for (var i = 0; i < 10; i++)
        {
            await audit.RecordAsync(new DoorOpened($"door-{i}", i));
            clock.Advance(TimeSpan.FromHours(1));
        }

        await audit.RecordAsync(new AuditVerified(audit.Tenant, 0, 1));
    }

    public async ValueTask DisposeAsync()
    {
        await audit.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task The_newest_come_first_and_pages_meet_without_gap_or_overlap()
    {
        var seen = new List<string>();
        Guid? before = null;
        do
        {
            var page = await ListAsync(new ListAudit.Filter(), before, 4);
            seen.AddRange(page.Entries.Select(entry => entry.TargetId));
            before = page.Next;
            await audit.RecordAsync(new DoorOpened("meanwhile", 1));
        }
        while (before is not null);

        Assert.Equal([audit.Tenant.ToString(), .. Enumerable.Range(0, 10).Reverse().Select(i => $"door-{i}")], seen);
    }

    [Fact]
    public async Task Each_filter_narrows()
    {
        var start = clock.GetUtcNow() - TimeSpan.FromHours(10);

        Assert.Equal(10, await CountAsync(new ListAudit.Filter(Action: "doors.opened")));
        Assert.Equal(10, await CountAsync(new ListAudit.Filter(Action: "doors.*")));
        Assert.Equal(0, await CountAsync(new ListAudit.Filter(Action: "doors.")));
        Assert.Equal(0, await CountAsync(new ListAudit.Filter(Action: "%*")));
        Assert.Equal(1, await CountAsync(new ListAudit.Filter(Outcome: Outcome.Failure)));
        Assert.Equal(11, await CountAsync(new ListAudit.Filter(Actor: TestAudit.Origin.ActorId)));
        Assert.Equal(0, await CountAsync(new ListAudit.Filter(Actor: "nobody")));
        Assert.Equal(1, await CountAsync(new ListAudit.Filter(TargetKind: "door", TargetId: "door-3")));
        Assert.Equal(1, await CountAsync(new ListAudit.Filter(TargetKind: "audit")));
        Assert.Equal(11, await CountAsync(new ListAudit.Filter(RequestId: "req-1")));
        Assert.Equal(3, await CountAsync(new ListAudit.Filter(From: start.AddHours(2), To: start.AddHours(5))));
        Assert.Equal(11, await CountAsync(new ListAudit.Filter(From: DateTimeOffset.MinValue, To: DateTimeOffset.MaxValue)));
        Assert.Equal(3, await CountAsync(new ListAudit.Filter(From: start.AddHours(2).ToOffset(TimeSpan.FromHours(5)), To: start.AddHours(5))));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(int.MinValue, 1)]
    [InlineData(int.MaxValue, 11)]
    public async Task A_limit_out_of_range_is_bent_into_it(int limit, int expected) =>
        Assert.Equal(expected, (await ListAsync(new ListAudit.Filter(), null, limit)).Entries.Count);

    [Fact]
    public async Task A_page_looks_at_so_many_records_and_says_where_to_look_on()
    {
        var seen = new List<string>();
        var pages = 0;
        Guid? before = null;
        do
        {
            var page = await ListAudit.RunAsync(audit.Db, audit.Tenant, new ListAudit.Filter(TargetKind: "audit"), before, 50, 4, TestContext.Current.CancellationToken);
            seen.AddRange(page.Entries.Select(entry => entry.TargetId));
            before = page.Next;
            pages++;
        }
        while (before is not null);

        Assert.Equal([audit.Tenant.ToString()], seen);
        Assert.Equal(3, pages);
    }

    private async Task<int> CountAsync(ListAudit.Filter filter) => (await ListAsync(filter, null, 200)).Entries.Count;

    private Task<ListAudit.Page> ListAsync(ListAudit.Filter filter, Guid? before, int limit) =>
        ListAudit.RunAsync(audit.Db, audit.Tenant, filter, before, limit, TestContext.Current.CancellationToken);
}
