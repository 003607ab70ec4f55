using Signet.Server.Audit;
using Signet.Testing;
using Signet.Transparency;
using Xunit;

namespace Server.Tests.Audit;

/// <summary>A sound export of ten records in three checkpoints, and one change to the file a test.</summary>
public sealed class VerifyExportTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly TestAudit audit = new(database);
    private List<string> lines = [];

    public async ValueTask InitializeAsync()
    {
        await audit.SealDoorsAsync(4);
        await audit.SealDoorsAsync(5);
        lines = [.. (await audit.ExportTextAsync()).TrimEnd().Split('\n')];
    }

    public ValueTask DisposeAsync() => audit.DisposeAsync();

    [Fact]
    public async Task A_sound_export_verifies()
    {
        var result = await VerifyAsync();

        Assert.Empty(result.Faults);
        Assert.Equal(10, result.Signed);
    }

    [Fact]
    public async Task Spacing_and_the_order_of_members_do_not_matter()
    {
        var at = LineOf(4);
        var line = System.Text.Json.Nodes.JsonNode.Parse(lines[at])!.AsObject();
        var content = line["content"]!.AsObject();
        var action = content["action"]!.GetValue<string>();
        content.Remove("action");
        content.Add("action", action);
        lines[at] = line.ToJsonString().Replace("\",\"", "\" ,  \"");

        Assert.True((await VerifyAsync()).Verified);
    }

    [Fact]
    public async Task An_edit_is_named()
    {
        lines[LineOf(6)] = lines[LineOf(6)].Replace("\"times\":", "\"times\":1");

        await AssertOneAsync(AuditFaultKind.Altered, 6);
    }

    [Fact]
    public async Task An_edit_with_its_hash_is_named_within_what_was_signed_together()
    {
        var line = System.Text.Json.Nodes.JsonNode.Parse(lines[LineOf(7)])!;
        line["content"]!["outcome"] = "failure";
        line["leaf_hash"] = MerkleTree.HashLeaf(Signet.Jose.CanonicalJson.TryCanonicalize(System.Text.Encoding.UTF8.GetBytes(line["content"]!.ToJsonString()))).ToString();
        lines[LineOf(7)] = line.ToJsonString();

        var fault = Assert.Single((await VerifyAsync()).Faults);

        Assert.Equal(AuditFaultKind.Rewritten, fault.Kind);
        Assert.True(fault is { From: <= 7, To: >= 7 });
    }

    [Fact]
    public async Task Another_id_beside_the_content_is_named()
    {
        var line = System.Text.Json.Nodes.JsonNode.Parse(lines[LineOf(4)])!;
        line["id"] = Guid.Empty.ToString();
        lines[LineOf(4)] = line.ToJsonString();

        await AssertOneAsync(AuditFaultKind.Altered, 4);
    }

    [Fact]
    public async Task A_deletion_is_named()
    {
        lines.RemoveAt(LineOf(4));

        await AssertOneAsync(AuditFaultKind.Deleted, 4);
    }

    [Fact]
    public async Task A_reordering_is_named()
    {
        var at = LineOf(4);
        (lines[at], lines[at + 1]) = (lines[at + 1], lines[at]);

        await AssertOneAsync(AuditFaultKind.Reordered, 4);
    }

    [Fact]
    public async Task A_repetition_is_named()
    {
        lines.Insert(LineOf(4), lines[LineOf(4)]);

        await AssertOneAsync(AuditFaultKind.Repeated, 4);
    }

    [Fact]
    public async Task A_truncation_is_named()
    {
        lines.RemoveRange(LineOf(8), 2);

        await AssertOneAsync(AuditFaultKind.Truncated, 8);
    }

    [Fact]
    public async Task A_truncation_that_takes_its_checkpoints_along_is_named_by_one_kept_elsewhere()
    {
        var kept = await audit.CheckpointAsync();
        lines.RemoveRange(LineOf(4), 6);
        lines.RemoveAll(line => line.StartsWith("{\"checkpoint\"", StringComparison.Ordinal) && !line.Contains("\\n4\\n", StringComparison.Ordinal));

        Assert.True((await VerifyAsync()).Verified);
        var fault = Assert.Single((await audit.VerifyExportAsync(string.Join('\n', lines), kept)).Faults);
        Assert.Equal((AuditFaultKind.Truncated, (long?)4), (fault.Kind, fault.From));
    }

    [Fact]
    public async Task A_fork_is_named()
    {
        lines.Add(System.Text.Json.JsonSerializer.Serialize(new { checkpoint = audit.Forge(10, MerkleTree.EmptyRoot) }));

        await AssertOneAsync(AuditFaultKind.Forked, 10);
    }

    [Fact]
    public async Task The_keys_in_the_export_count_for_nothing()
    {
        var thief = new CheckpointSigner(TestAudit.SecretsWith(audit: 9)).KeyOf(audit.Tenant);

        var result = await VerifyExport.RunAsync(
            () => new MemoryStream(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines))), [thief], [], TestContext.Current.CancellationToken);

        Assert.Contains(result.Faults, fault => fault.Kind is AuditFaultKind.UnknownKey);
        Assert.Contains(result.Faults, fault => fault.Kind is AuditFaultKind.Unsigned);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{\"position\":-1}")]
    [InlineData("{\"position\":1e99,\"leaf_hash\":1}")]
    [InlineData("{\"position\":4,\"leaf_hash\":\"\",\"id\":\"\",\"content\":null}")]
    public async Task A_line_of_nonsense_is_named(string line)
    {
        lines.Insert(3, line);

        Assert.Equal(AuditFaultKind.Unreadable, Assert.Single((await VerifyAsync()).Faults).Kind);
    }

    [Fact]
    public async Task A_file_that_is_no_export_is_named()
    {
        lines.RemoveAt(0);

        Assert.Contains((await VerifyAsync()).Faults, fault => fault.Kind is AuditFaultKind.Unreadable);
    }

    private int LineOf(long position) => lines.FindIndex(line => line.StartsWith($"{{\"position\":{position},", StringComparison.Ordinal));

    private Task<AuditVerification> VerifyAsync() => audit.VerifyExportAsync(string.Join('\n', lines));

    private async Task AssertOneAsync(AuditFaultKind kind, long from)
    {
        var fault = Assert.Single((await VerifyAsync()).Faults);

        Assert.Equal((kind, (long?)from), (fault.Kind, fault.From));
    }
}
