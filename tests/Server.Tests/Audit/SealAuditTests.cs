using Signet.Jose;
using Signet.Server.Audit;
using Signet.Server.Audit.Storage;
using Signet.Testing;
using Signet.Transparency;
using Xunit;

namespace Server.Tests.Audit;

public sealed class SealAuditTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Positions_have_no_gaps_when_two_sealers_run_at_once()
    {
        await using var audit = new TestAudit(database);
        await using var second = new TestAudit(database);
        using var enough = new CancellationTokenSource();

        var sealers = new[] { audit.Seal, second.Seal }.Select(seal => Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                await seal.RunAsync(Ct);
            }
        }, Ct)).ToList();
        await Task.WhenAll(Enumerable.Range(0, 600).Select(i =>
            audit.Writer.RecordAsync(audit.Tenant, TestAudit.Origin, new DoorOpened($"door-{i}", i), Ct)));
        await enough.CancelAsync();
        await Task.WhenAll(sealers);
        await audit.SealAllAsync();

        var positions = await audit.ListAsync<long>("select position from audit_events order by position");
        // The introduction of the key is a record of its own.
        Assert.Equal(Enumerable.Range(0, 601).Select(i => (long)i), positions);
        Assert.True((await audit.VerifyAsync()).Verified);
    }

    [Fact]
    public async Task A_log_longer_than_a_batch_and_many_tiles_verifies()
    {
        await using var audit = new TestAudit(database);
        await audit.RecordAsync([.. Enumerable.Range(0, SealAudit.LargestBatch + 777).Select(i => new DoorOpened($"door-{i}", i))]);

        await audit.SealAllAsync();

        var result = await audit.VerifyAsync();
        Assert.Empty(result.Faults);
        Assert.Equal(SealAudit.LargestBatch + 778, result.Signed);
        Assert.Equal(SealAudit.LargestBatch + 778, result.Checked);
    }

    [Fact]
    public async Task A_record_that_commits_late_gets_a_later_position()
    {
        await using var audit = new TestAudit(database);
        var late = audit.Db.InTenantAsync(audit.Tenant, async tx =>
        {
            tx.Emit(TestAudit.Origin, new DoorOpened("late", 1));
            await tx.ExecuteAsync("select 1", null, Ct);
            await audit.SealDoorsAsync(3);
        }, Ct);

        await late;
        await audit.SealAllAsync();

        Assert.Equal("late", (await audit.ListAsync<string>("select target_id from audit_events order by position"))[^1]);
        Assert.True((await audit.VerifyAsync()).Verified);
    }

    [Fact]
    public async Task A_checkpoint_is_a_signed_note_with_a_time()
    {
        await using var audit = new TestAudit(database, new TestClock());
        await audit.SealDoorsAsync(1);

        Assert.True(SignedNote.TryParse(await audit.CheckpointAsync(), out var note));
        Assert.IsType<NoteOpening.Signed>(note!.Open([audit.Signer.KeyOf(audit.Tenant)], Ed25519.Verify));
        Assert.True(Checkpoint.TryParse(note.Text, out var checkpoint));
        Assert.Equal($"signet/{audit.Tenant}", checkpoint!.Origin);
        Assert.Equal(2, checkpoint.Size);
        Assert.Equal([$"time {audit.Time.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}"], checkpoint.Extensions);
    }

    [Fact]
    public async Task Nothing_is_signed_over_a_tree_that_was_tampered_with()
    {
        await using var audit = new TestAudit(database);
        await audit.SealDoorsAsync(5);
        await audit.TamperAsync("update audit_tiles set hashes = overlay(hashes placing 'x'::bytea from 1) where tenant_id = {tenant}");

        await audit.RecordAsync(new DoorOpened("after", 1));
        await audit.SealAllAsync();

        Assert.Single(await audit.ListAsync<Guid>("select id from audit_events where position is null"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(699)]
    public async Task An_inclusion_proof_verifies_with_nothing_but_the_public_key(long position)
    {
        await using var audit = new TestAudit(database);
        await audit.RecordAsync([.. Enumerable.Range(0, 699).Select(i => new DoorOpened($"door-{i}", i))]);
        await audit.SealAllAsync();
        var row = (await audit.ListAsync<LogRow>($"select {LogRow.Columns} from audit_events where position = {position}"))[0];

        var proof = await ProveInclusion.RunAsync(audit.Db, audit.Tenant, row, Ct);

        Assert.True(SignedNote.TryParse(proof!.Checkpoint, out var note));
        Assert.IsType<NoteOpening.Signed>(note!.Open([audit.Signer.KeyOf(audit.Tenant)], Ed25519.Verify));
        Assert.True(Checkpoint.TryParse(note.Text, out var checkpoint));
        Assert.True(MerkleProof.VerifyInclusion(
            MerkleTree.HashLeaf(row.Content), position, checkpoint!.Size, Hashes(proof.Hashes), checkpoint.Root));
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(3, 700)]
    [InlineData(512, 700)]
    public async Task A_consistency_proof_verifies(long from, long to)
    {
        await using var audit = new TestAudit(database);
        await audit.RecordAsync([.. Enumerable.Range(0, 699).Select(i => new DoorOpened($"door-{i}", i))]);
        await audit.SealAllAsync();

        var proof = await ProveConsistency.RunAsync(audit.Db, audit.Tenant, from, to, Ct);

        Assert.True(MerkleProof.VerifyConsistency(from, to, Hashes(proof!.Hashes), Hashes([proof.FromRoot])[0], Hashes([proof.ToRoot])[0]));
        Assert.Null(await ProveConsistency.RunAsync(audit.Db, audit.Tenant, from, 701, Ct));
        Assert.Null(await ProveConsistency.RunAsync(audit.Db, audit.Tenant, to + 1, to, Ct));
    }

    [Fact]
    public async Task When_the_audit_key_is_replaced_the_log_says_so_and_old_checkpoints_stay_proven()
    {
        await using var before = new TestAudit(database);
        await before.SealDoorsAsync(3);
        await using var after = new TestAudit(database, secrets: TestAudit.SecretsWith(audit: 5), tenant: before.Tenant);

        await after.SealDoorsAsync(3);

        var result = await after.VerifyAsync();
        Assert.Empty(result.Faults);
        Assert.Equal(8, result.Signed);
        Assert.Equal(2, (await after.ListAsync<string>("select action from audit_events where action = 'audit.key_introduced'")).Count);
        Assert.Equal(2, (await new GetCheckpoint(after.Db, after.Trusted).ListKeysAsync(after.Tenant, Ct)).Count);
    }

    [Fact]
    public async Task A_key_that_somebody_put_into_the_table_is_not_trusted()
    {
        await using var audit = new TestAudit(database);
        await audit.SealDoorsAsync(1);
        var thiefs = new CheckpointSigner(TestAudit.SecretsWith(audit: 9)).KeyOf(audit.Tenant);
        await audit.TamperAsync($"insert into audit_keys (tenant_id, key, mac, introduced_at) values ({{tenant}}, '{thiefs}', repeat('m', 32)::bytea, now())");

        var keys = await new GetCheckpoint(audit.Db, audit.Trusted).ListKeysAsync(audit.Tenant, Ct);

        Assert.Equal([audit.Signer.KeyOf(audit.Tenant).ToString()], keys);
    }

    private static TreeHash[] Hashes(IEnumerable<string> texts) =>
        [.. texts.Select(text => TreeHash.TryParse(text, out var hash) ? hash : throw new FormatException())];
}
