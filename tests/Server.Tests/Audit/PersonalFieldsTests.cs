using System.Text;
using Signet.Server.Audit;
using Signet.Server.Secrets;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Audit;

public sealed class PersonalFieldsTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_about_a_person_is_not_in_the_clear()
    {
        await using var audit = new TestAudit(database);
        var id = await MoveAsync(audit, Guid.CreateVersion7());

        var content = Encoding.UTF8.GetString((await audit.ListAsync<byte[]>($"select content from audit_events where id = '{id}'"))[0]);

        Assert.Contains("Springfield", content, StringComparison.Ordinal);
        Assert.DoesNotContain("Elm Street", content, StringComparison.Ordinal);
        Assert.DoesNotContain(TestAudit.Origin.IpAddress!, content, StringComparison.Ordinal);
        Assert.DoesNotContain(TestAudit.Origin.UserAgent!, content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_read_the_record_reads_it_all()
    {
        await using var audit = new TestAudit(database);
        var id = await MoveAsync(audit, Guid.CreateVersion7());

        var detail = await audit.Find.RunAsync(audit.Tenant, id, Ct);

        Assert.Equal(PersonalState.Open, detail!.Personal);
        Assert.Equal("Elm Street", detail.PersonalFields!.Value.GetProperty("data").GetProperty("street").GetString());
        Assert.Equal(TestAudit.Origin.IpAddress, detail.PersonalFields.Value.GetProperty("origin").GetProperty("ip").GetString());
        Assert.True(detail.Verification.Verified);
    }

    [Fact]
    public async Task The_group_writer_seals_them_too()
    {
        await using var audit = new TestAudit(database);
        await audit.Writer.RecordAsync(audit.Tenant, TestAudit.Origin, new PersonMoved(Guid.CreateVersion7(), "Elm Street", "Springfield"), Ct);
        var id = (await audit.ListAsync<Guid>("select id from audit_events"))[0];

        var detail = await audit.Find.RunAsync(audit.Tenant, id, Ct);

        Assert.Equal("Elm Street", detail!.PersonalFields!.Value.GetProperty("data").GetProperty("street").GetString());
    }

    [Fact]
    public async Task When_the_person_is_erased_it_is_gone_and_the_log_still_verifies()
    {
        await using var audit = new TestAudit(database);
        var person = Guid.CreateVersion7();
        var id = await MoveAsync(audit, person);
        await audit.SealAllAsync();
        var before = await audit.ExportTextAsync();

        await audit.Db.InTenantAsync(audit.Tenant, tx => EraseSubject.InAsync(tx, TestAudit.Origin, person, Ct), Ct);

        var detail = await audit.Find.RunAsync(audit.Tenant, id, Ct);
        Assert.Equal(PersonalState.Erased, detail!.Personal);
        Assert.Null(detail.PersonalFields);
        Assert.True(detail.Verification is { Verified: true, Included: true });
        await audit.SealAllAsync();
        Assert.Empty((await audit.VerifyAsync()).Faults);
        Assert.Empty((await audit.VerifyExportAsync(await audit.ExportTextAsync())).Faults);
        Assert.Empty((await audit.VerifyExportAsync(before)).Faults);
    }

    [Fact]
    public async Task What_happens_to_an_erased_person_is_recorded_without_what_is_about_them()
    {
        await using var audit = new TestAudit(database);
        var person = Guid.CreateVersion7();
        await MoveAsync(audit, person);
        await audit.Db.InTenantAsync(audit.Tenant, tx => EraseSubject.InAsync(tx, TestAudit.Origin, person, Ct), Ct);

        var id = await MoveAsync(audit, person);

        var detail = await audit.Find.RunAsync(audit.Tenant, id, Ct);
        Assert.Equal(PersonalState.None, detail!.Personal);
        Assert.DoesNotContain(TestAudit.Origin.IpAddress!, detail.Content!.Value.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sealed_part_moved_to_another_record_does_not_open()
    {
        await using var audit = new TestAudit(database);
        var person = Guid.CreateVersion7();
        var first = await MoveAsync(audit, person);
        var second = await MoveAsync(audit, person);
        await audit.TamperAsync($"update audit_events e set content = o.content from audit_events o where e.tenant_id = {{tenant}} and o.tenant_id = {{tenant}} and e.id = '{second}' and o.id = '{first}'");

        var detail = await audit.Find.RunAsync(audit.Tenant, second, Ct);

        Assert.Equal(PersonalState.Damaged, detail!.Personal);
        Assert.False(detail.Verification.Verified);
    }

    private static async Task<Guid> MoveAsync(TestAudit audit, Guid person)
    {
        var before = await audit.ListAsync<Guid>("select id from audit_events");
        await audit.RecordAsync(new PersonMoved(person, "Elm Street", "Springfield"));
        return (await audit.ListAsync<Guid>("select id from audit_events")).Except(before).Single();
    }
}
