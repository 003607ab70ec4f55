using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Signet.Jose;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Audit;
using Signet.Transparency;
using Xunit;
using Outcome = Signet.Platform.Outbox.Outcome;

namespace Server.Tests.Audit;

public sealed class AuditScribeTests
{
    private static readonly DateTimeOffset At = new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(1234567);
    private static readonly TenantId Tenant = new(new Guid("0197f7a0-0000-7000-8000-000000000001"));
    private static readonly Guid Id = new("0197f7a0-0000-7000-8000-000000000002");

    private readonly AuditMac mac = new(new(TestAudit.Secrets));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_content_is_what_it_is()
    {
        var record = await WriteAsync(new Everything
        {
            Word = "a\"b\\c\u0001\n/é😀",
            Number = -5,
            Big = (1L << 53) - 1,
            Yes = true,
            When = At.ToOffset(TimeSpan.FromHours(2)),
            Kind = ActorKind.ApiKey,
            Owner = Tenant,
            Other = Id,
            Words = ["x", "y"],
        });

        Assert.Equal(
            """
            {"action":"tests.everything","actor":{"id":"0197f7a0-0000-7000-8000-00000000000a","kind":"user"},"at":"2030-01-02T03:04:05.123456Z",
            "data":{"big":9007199254740991,"kind":"api_key","number":-5,"other":"0197f7a0-0000-7000-8000-000000000002","owner":"0197f7a0-0000-7000-8000-000000000001",
            "when":"2030-01-02T03:04:05.123456Z","word":"a\"b\\c\u0001\n/é😀","words":["x","y"],"yes":true},"id":"0197f7a0-0000-7000-8000-000000000002",
            "origin":{"ip":"192.0.2.7","user_agent":"Browser/1.0 (Test)"},"outcome":"failure","request_id":"req-1",
            "target":{"id":"t","kind":"test"},"tenant":"0197f7a0-0000-7000-8000-000000000001","version":1}
            """.ReplaceLineEndings(""),
            Encoding.UTF8.GetString(record.Content));
    }

    [Fact]
    public async Task The_same_event_gives_the_same_content_hash_and_mac()
    {
        var first = await WriteAsync(new DoorOpened("front", 1));
        var second = await WriteAsync(new DoorOpened("front", 1));

        Assert.Equal(first.Content, second.Content);
        Assert.Equal(first.LeafHash, second.LeafHash);
        Assert.Equal(first.Mac, second.Mac);
    }

    [Fact]
    public void Any_text_gives_canonical_json() => Prop.ForAll<string?, string?, int>((text, agent, number) =>
    {
        var content = WriteAsync(
            new Everything { Word = text, Number = number, Words = [text ?? "", agent ?? ""] },
            TestAudit.Origin with { UserAgent = agent }).Result.Content;

        return content.AsSpan().SequenceEqual(CanonicalJson.TryCanonicalize(content));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task The_leaf_hash_is_that_of_the_content_and_the_mac_that_of_the_record()
    {
        var record = await WriteAsync(new DoorOpened("front", 1));
        var leaf = MerkleTree.HashLeaf(record.Content);

        Assert.Equal(leaf.ToArray(), record.LeafHash);
        Assert.True(mac.Matches(Tenant, Id, leaf, record.MacVersion, record.Mac));
    }

    [Fact]
    public async Task A_mac_is_of_one_tenant_one_id_and_one_leaf()
    {
        var record = await WriteAsync(new DoorOpened("front", 1));
        var leaf = TreeHash.From(record.LeafHash);

        Assert.False(mac.Matches(TenantId.Default, Id, leaf, record.MacVersion, record.Mac));
        Assert.False(mac.Matches(Tenant, Tenant.Value, leaf, record.MacVersion, record.Mac));
        Assert.False(mac.Matches(Tenant, Id, MerkleTree.EmptyRoot, record.MacVersion, record.Mac));
        Assert.False(mac.Matches(Tenant, Id, leaf, 2, record.Mac));
        Assert.False(mac.Matches(Tenant, Id, leaf, record.MacVersion, record.Mac.AsSpan(1)));
    }

    [Fact]
    public async Task Long_text_is_capped_and_keeps_whole_characters()
    {
        var record = await WriteAsync(new Everything { Word = new string('a', RecordText.LongestText - 2) + "😀😀" });

        var word = JsonDocument.Parse(record.Content).RootElement.GetProperty("data").GetProperty("word").GetString()!;
        Assert.Equal(new string('a', RecordText.LongestText - 2) + "…", word);
    }

    [Fact]
    public async Task An_integer_that_json_can_not_hold_is_refused() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => WriteAsync(new Everything { Big = 1L << 53 }));

    [Fact]
    public async Task A_property_without_a_form_is_refused() =>
        await Assert.ThrowsAsync<NotSupportedException>(() => WriteAsync(new Shapeless(new object())));

    private async Task<AuditRecord> WriteAsync(DomainEvent happened, Origin? origin = null) =>
        await new AuditScribe(mac, TestAudit.NoSubjects).WriteAsync(new RaisedEvent(Id, Tenant, origin ?? TestAudit.Origin, happened, At), null, Ct);

    private sealed record Everything : DomainEvent
    {
        public override string Action => "tests.everything";

        public override Target Target => new("test", "t");

        public override Outcome Outcome => Outcome.Failure;

        public string? Word { get; init; }

        public int? Number { get; init; }

        public long? Big { get; init; }

        public bool? Yes { get; init; }

        public DateTimeOffset? When { get; init; }

        public ActorKind? Kind { get; init; }

        public TenantId? Owner { get; init; }

        public Guid? Other { get; init; }

        public IReadOnlyList<string>? Words { get; init; }
    }

    private sealed record Shapeless(object Thing) : DomainEvent
    {
        public override string Action => "tests.shapeless";

        public override Target Target => new("test", "t");
    }
}
