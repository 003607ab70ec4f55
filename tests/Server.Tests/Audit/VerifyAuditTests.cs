using Signet.Server.Audit;
using Signet.Testing;
using Signet.Transparency;
using Xunit;

namespace Server.Tests.Audit;

/// <summary>One sound log of ten records, and one act of tampering a test: the verifier names it, in the database and from an export made afterwards.</summary>
public sealed class VerifyAuditTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task A_sound_log_verifies()
    {
        await using var audit = await SoundLogAsync();

        var stored = await audit.VerifyAsync();
        var exported = await audit.VerifyExportAsync(await audit.ExportTextAsync());

        Assert.Empty(stored.Faults);
        Assert.Equal((10, 10), (stored.Signed, stored.Checked - stored.Unsealed));
        Assert.Empty(exported.Faults);
        Assert.Equal((10, 10), (exported.Signed, exported.Checked));
    }

    [Fact]
    public async Task An_empty_log_verifies()
    {
        await using var audit = new TestAudit(database);

        Assert.True((await audit.VerifyAsync()).Verified);
    }

    [Fact]
    public async Task Altered_content_is_named() => await AssertNamedAsync(
        """
        update audit_events set content = convert_to(replace(convert_from(content, 'utf8'), '"version":1', '"version":2'), 'utf8')
         where tenant_id = {tenant} and position = 3
        """,
        AuditFaultKind.Altered, 3);

    [Fact]
    public async Task Content_altered_with_its_hash_is_named() => await AssertNamedAsync("""
        update audit_events set content = convert_to('{}', 'utf8'), leaf_hash = sha256('\x007b7d'::bytea) where tenant_id = {tenant} and position = 3
        """, AuditFaultKind.Altered, 3);

    [Fact]
    public async Task Content_altered_with_hash_and_tile_is_named()
    {
        await using var audit = await SoundLogAsync();
        await audit.TamperAsync("""
            update audit_events set content = convert_to('{}', 'utf8'), leaf_hash = sha256('\x007b7d'::bytea) where tenant_id = {tenant} and position = 3;
            update audit_tiles set hashes = overlay(hashes placing sha256('\x007b7d'::bytea) from 97) where tenant_id = {tenant} and level = 0
            """);

        var stored = await audit.VerifyAsync();
        var exported = await audit.VerifyExportAsync(await audit.ExportTextAsync());

        Assert.Contains(stored.Faults, f => f is { Kind: AuditFaultKind.Altered, From: 3 });
        Assert.Contains(stored.Faults, f => f is { Kind: AuditFaultKind.Rewritten, From: <= 3, To: >= 3 });
        Assert.Contains(exported.Faults, f => f is { Kind: AuditFaultKind.Rewritten, From: <= 3, To: >= 3 });
    }

    [Theory]
    [InlineData("action", "'doors.closed'")]
    [InlineData("outcome", "'failure'")]
    [InlineData("actor_kind", "'client'")]
    [InlineData("actor_id", "null")]
    [InlineData("target_kind", "'window'")]
    [InlineData("target_id", "'door-9'")]
    [InlineData("request_id", "'req-2'")]
    [InlineData("recorded_at", "recorded_at + interval '1 second'")]
    [InlineData("leaf_hash", "repeat('x', 32)::bytea")]
    public async Task An_altered_column_is_named(string column, string value)
    {
        await using var audit = await SoundLogAsync();
        await audit.TamperAsync($"update audit_events set {column} = {value} where tenant_id = {{tenant}} and position = 3");

        var fault = Assert.Single((await audit.VerifyAsync()).Faults);

        Assert.Equal((AuditFaultKind.Altered, (long?)3), (fault.Kind, fault.From));
    }

    [Fact]
    public async Task A_deleted_record_is_named() => await AssertNamedAsync(
        "delete from audit_events where tenant_id = {tenant} and position = 3", AuditFaultKind.Deleted, 3);

    [Fact]
    public async Task A_truncated_log_is_named() => await AssertNamedAsync(
        "delete from audit_events where tenant_id = {tenant} and position >= 7", AuditFaultKind.Truncated, 7);

    [Fact]
    public async Task Two_swapped_records_are_named() => await AssertNamedAsync("""
        update audit_events set position = 100 where tenant_id = {tenant} and position = 3;
        update audit_events set position = 3 where tenant_id = {tenant} and position = 5;
        update audit_events set position = 5 where tenant_id = {tenant} and position = 100
        """, AuditFaultKind.Swapped, 3);

    [Fact]
    public async Task A_record_with_another_key_than_ours_is_named()
    {
        await using var audit = await SoundLogAsync();
        await audit.TamperAsync("update audit_events set mac = repeat('m', 32)::bytea where tenant_id = {tenant} and position = 3");

        var fault = Assert.Single((await audit.VerifyAsync()).Faults);

        Assert.Equal((AuditFaultKind.Forged, (long?)3), (fault.Kind, fault.From));
    }

    [Fact]
    public async Task A_forged_record_is_named_before_and_after_it_is_sealed()
    {
        await using var audit = await SoundLogAsync();
        await audit.TamperAsync("""
            insert into audit_events (tenant_id, id, recorded_at, action, outcome, actor_kind, actor_id, target_kind, target_id, request_id,
                                      content, leaf_hash, mac, mac_version)
            select tenant_id, gen_random_uuid(), recorded_at, action, outcome, actor_kind, actor_id, target_kind, target_id, request_id,
                   content, leaf_hash, mac, mac_version
              from audit_events where tenant_id = {tenant} and position = 3
            """);

        var before = Assert.Single((await audit.VerifyAsync()).Faults);
        await audit.SealAllAsync();
        var after = Assert.Single((await audit.VerifyAsync()).Faults);

        // The copy has a sound hash and a MAC that is another record's; that its content names another id is seen first.
        Assert.Equal((AuditFaultKind.Altered, (long?)null), (before.Kind, before.From));
        Assert.Equal((AuditFaultKind.Altered, (long?)10), (after.Kind, after.From));
    }

    [Fact]
    public async Task A_record_with_a_position_that_was_never_signed_is_named()
    {
        await using var audit = await SoundLogAsync();
        await audit.RecordAsync(new DoorOpened("after", 1));
        await audit.TamperAsync("update audit_events set position = 10 where tenant_id = {tenant} and position is null");

        var fault = Assert.Single((await audit.VerifyAsync()).Faults);

        Assert.Equal((AuditFaultKind.Unsigned, (long?)10), (fault.Kind, fault.From));
    }

    [Fact]
    public async Task A_lost_tile_is_named()
    {
        await using var audit = await SoundLogAsync();
        await audit.TamperAsync("delete from audit_tiles where tenant_id = {tenant}");

        Assert.All((await audit.VerifyAsync()).Faults, fault => Assert.Equal(AuditFaultKind.TreeDamaged, fault.Kind));
        Assert.NotEmpty((await audit.VerifyAsync()).Faults);
    }

    [Fact]
    public async Task Lost_checkpoints_are_named()
    {
        await using var audit = await SoundLogAsync();
        await audit.TamperAsync("delete from audit_checkpoints where tenant_id = {tenant}");

        Assert.Contains((await audit.VerifyAsync()).Faults, fault => fault.Kind is AuditFaultKind.Unsigned);
    }

    [Fact]
    public async Task A_false_signature_is_named()
    {
        await using var audit = await SoundLogAsync();
        var note = await audit.CheckpointAsync();
        var key = audit.Signer.KeyOf(audit.Tenant);
        var thief = new CheckpointSigner(TestAudit.SecretsWith(audit: 9)).Sign(audit.Tenant, 10, RootOf(note), audit.Time.GetUtcNow());
        // The thief's signature under our key's name and id.
        var line = Convert.FromBase64String(thief.TrimEnd().Split(' ')[^1]);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(line, key.Id);
        var forged = thief[..(thief.LastIndexOf(' ') + 1)] + Convert.ToBase64String(line) + "\n";
        await audit.TamperAsync($"update audit_checkpoints set note = '{forged}' where tenant_id = {{tenant}} and size = 10");

        Assert.Contains((await audit.VerifyAsync()).Faults, fault => fault.Kind is AuditFaultKind.BadSignature);
        Assert.Contains((await audit.VerifyExportAsync(await audit.ExportTextAsync())).Faults, fault => fault.Kind is AuditFaultKind.BadSignature);
    }

    [Fact]
    public async Task A_fork_by_a_thief_of_the_signing_key_is_named()
    {
        await using var audit = await SoundLogAsync();
        var forged = audit.Forge(10, MerkleTree.EmptyRoot);

        Assert.Contains((await audit.VerifyAsync(forged)).Faults, fault => fault is { Kind: AuditFaultKind.Forked, From: 10 });
        Assert.Contains((await audit.VerifyExportAsync(await audit.ExportTextAsync(), forged)).Faults, fault => fault is { Kind: AuditFaultKind.Forked, From: 10 });
    }

    [Fact]
    public async Task A_log_cut_back_with_everything_that_tells_of_it_is_shown_up_by_a_checkpoint_kept_elsewhere()
    {
        await using var audit = new TestAudit(database);
        await audit.SealDoorsAsync(3);
        var tiles = (await audit.ListAsync<byte[]>("select hashes from audit_tiles where level = 0"))[0];
        await audit.SealDoorsAsync(3);
        var kept = await audit.CheckpointAsync();
        await audit.TamperAsync($"""
            delete from audit_events where tenant_id = {"{tenant}"} and position >= 3;
            delete from audit_checkpoints where tenant_id = {"{tenant}"} and size > 3;
            update audit_tiles set hashes = '\x{Convert.ToHexString(tiles.AsSpan(0, 96))}' where tenant_id = {"{tenant}"} and level = 0
            """);

        Assert.Empty((await audit.VerifyAsync()).Faults);
        var fault = Assert.Single((await audit.VerifyAsync(kept)).Faults);
        Assert.Equal((AuditFaultKind.Truncated, (long?)3), (fault.Kind, fault.From));
    }

    private static TreeHash RootOf(string note) =>
        SignedNote.TryParse(note, out var parsed) && Checkpoint.TryParse(parsed!.Text, out var checkpoint) ? checkpoint!.Root : throw new FormatException();

    // Nine doors, and the introduction of the key among them.
    private async Task<TestAudit> SoundLogAsync()
    {
        var audit = new TestAudit(database);
        await audit.SealDoorsAsync(9);
        await audit.SealAllAsync();
        return audit;
    }

    private async Task AssertNamedAsync(string sql, AuditFaultKind kind, long position)
    {
        await using var audit = await SoundLogAsync();
        await audit.TamperAsync(sql);

        var stored = Assert.Single((await audit.VerifyAsync()).Faults);
        var exported = Assert.Single((await audit.VerifyExportAsync(await audit.ExportTextAsync())).Faults);

        Assert.Equal((kind, (long?)position), (stored.Kind, stored.From));
        Assert.Equal((kind, (long?)position), (exported.Kind, exported.From));
    }
}
