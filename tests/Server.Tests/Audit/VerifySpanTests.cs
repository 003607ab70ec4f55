using Microsoft.Extensions.Logging.Abstractions;
using Signet.Server.Audit;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Audit;

/// <summary>What the verification tells software for agents: whether all is well, of how many events, and where it is not. A door an hour.</summary>
public sealed class VerifySpanTests : IAsyncLifetime
{
    private readonly TestClock clock = new();
    private TestDatabase database = null!;
    private TestAudit audit = null!;
    private DateTimeOffset start;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CreateAsync();
        audit = new TestAudit(database, clock);
        start = clock.GetUtcNow();
        for (var i = 0; i < 10; i++)
        {
            await audit.RecordAsync(new DoorOpened($"door-{i}", i));
            clock.Advance(TimeSpan.FromHours(1));
        }

        await audit.SealAllAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await audit.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task A15_An_intact_record_verifies_whole_and_in_part()
    {
        var whole = await VerifyAsync(null, null);
        var part = await VerifyAsync(2, 5);

        Assert.Equal((true, (Guid?)null), (whole.Verified, whole.BrokenAtEventId));
        Assert.True(whole.CheckedCount >= 10);
        Assert.Equal((true, 3L, (Guid?)null), (part.Verified, part.CheckedCount, part.BrokenAtEventId));
    }

    [Theory]
    [InlineData("update audit_events set content = convert_to('{}', 'utf8') where tenant_id = {tenant} and position = 3", 3)]
    [InlineData("update audit_events set outcome = 'failure' where tenant_id = {tenant} and position = 3", 3)]
    [InlineData("delete from audit_events where tenant_id = {tenant} and position = 3", 4)]
    [InlineData(
        """
        update audit_events set position = 100 where tenant_id = {tenant} and position = 3;
        update audit_events set position = 3 where tenant_id = {tenant} and position = 4;
        update audit_events set position = 4 where tenant_id = {tenant} and position = 100
        """, 4)]
    public async Task A15_What_was_altered_deleted_or_reordered_is_named_where_its_time_is_asked_for(string sql, int named)
    {
        var id = (await audit.ListAsync<Guid>($"select id from audit_events where tenant_id = @tenant and position = {named}"))[0];
        await audit.TamperAsync(sql);

        var (whole, around, elsewhere) = (await VerifyAsync(null, null), await VerifyAsync(2, 5), await VerifyAsync(7, 9));

        Assert.Equal((false, (Guid?)id), (whole.Verified, whole.BrokenAtEventId));
        Assert.Equal((false, (Guid?)id), (around.Verified, around.BrokenAtEventId));
        Assert.Equal((true, (Guid?)null), (elsewhere.Verified, elsewhere.BrokenAtEventId));
    }

    [Fact]
    public async Task A15_It_verifies_while_events_come_in_and_are_sealed()
    {
        var writing = Task.Run(
            async () =>
            {
                for (var i = 0; i < 60; i++)
                {
                    await audit.RecordAsync(new DoorOpened($"meanwhile-{i}", i));
                    await audit.Seal.RunAsync(Ct);
                }
            }, Ct);
        List<VerifySpan.Answer> answers = [];
        do
        {
            answers.Add(await VerifyAsync(null, null));
            answers.Add(await VerifyAsync(2, 5));
        }
        while (!writing.IsCompleted);
        await writing;

        Assert.All(answers, answer => Assert.Empty(answer.Faults));
    }

    [Fact]
    public async Task The_hourly_check_finds_what_was_tampered_with_and_puts_it_on_record()
    {
        var check = new CheckIntegrity(audit.Db, audit.Verify, audit.Writer, NullLogger<CheckIntegrity>.Instance);
        Assert.True(await check.RunAsync(Ct));
        await audit.TamperAsync("delete from audit_events where tenant_id = {tenant} and position = 3");

        Assert.False(await check.RunAsync(Ct));

        Assert.Equal(["failure"], await audit.ListAsync<string>("select outcome from audit_events where tenant_id = @tenant and action = 'audit.verified'"));
    }

    private async Task<VerifySpan.Answer> VerifyAsync(int? from, int? to) => await VerifySpan.RunAsync(
        audit.Db, audit.Tenant, await audit.VerifyAsync(), new AuditWindow(from is { } first ? start.AddHours(first) : null, to is { } last ? start.AddHours(last) : null), Ct);
}
