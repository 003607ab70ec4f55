using FsCheck;
using FsCheck.Fluent;
using Signet.Transparency;
using Xunit;

namespace Protocols.Tests.Transparency;

public sealed class LogVerifierTests
{
    private const string Origin = "log.example/t/acme";
    private static readonly TestSigner Signer = new(Origin);
    private static readonly TreeHash[] Leaves = NaiveTree.Leaves(1000);

    private readonly List<LogEntry> entries = [.. Leaves.Select((leaf, i) => new LogEntry(i, leaf, NaiveTree.Content(i)))];
    private readonly List<string> checkpoints = [.. new[] { 0, 1, 300, 512, 1000 }.Select(size => SignedAt(size))];

    [Fact]
    public void Accepts_an_untouched_log()
    {
        var intact = Assert.IsType<LogVerification.Intact>(Verify());

        Assert.Equal(new LogCoverage(1000, 0, 1000), intact.Coverage);
    }

    [Fact]
    public void Accepts_entries_pruned_to_their_hashes()
    {
        entries[..400].ForEach(entry => entries[(int)entry.Position] = entry with { Content = null });

        var intact = Assert.IsType<LogVerification.Intact>(Verify());

        Assert.Equal(new LogCoverage(1000, 400, 1000), intact.Coverage);
    }

    [Fact]
    public void Accepts_entries_that_no_checkpoint_covers_yet_and_says_so()
    {
        checkpoints.RemoveAt(4);

        var intact = Assert.IsType<LogVerification.Intact>(Verify());

        Assert.Equal(512, intact.Coverage.Signed);
    }

    [Fact]
    public void Accepts_an_empty_log()
    {
        entries.Clear();
        checkpoints.RemoveRange(1, 4);

        Assert.IsType<LogVerification.Intact>(Verify());
    }

    [Fact]
    public void Names_an_altered_entry()
    {
        entries[417] = entries[417] with { Content = "{\"entry\":\"forged\"}"u8.ToArray() };

        Assert.Equal([new LogFault.Altered(417)], Faults());
    }

    [Fact]
    public void Names_the_stretch_in_which_an_entry_was_altered_along_with_its_hash()
    {
        var forged = "{\"entry\":\"forged\"}"u8.ToArray();
        entries[417] = new(417, MerkleTree.HashLeaf(forged), forged);

        Assert.Equal([new LogFault.Rewritten(300, 512)], Faults());
    }

    [Fact]
    public void Names_a_deleted_entry()
    {
        entries.RemoveAt(417);

        Assert.Equal([new LogFault.Missing(417, 417)], Faults());
    }

    [Fact]
    public void Names_a_deleted_beginning()
    {
        entries.RemoveRange(0, 100);

        Assert.Equal([new LogFault.Missing(0, 99)], Faults());
    }

    [Fact]
    public void Names_the_stretch_in_which_an_entry_was_deleted_and_the_rest_renumbered()
    {
        entries.RemoveAt(417);
        for (var i = 417; i < entries.Count; i++)
        {
            entries[i] = entries[i] with { Position = i };
        }

        Assert.Equal([new LogFault.Rewritten(300, 512), new LogFault.Truncated(999, 1000)], Faults());
    }

    [Fact]
    public void Names_two_entries_with_swapped_contents()
    {
        (entries[10], entries[20]) = (entries[10] with { Content = entries[20].Content }, entries[20] with { Content = entries[10].Content });

        Assert.Equal([new LogFault.Swapped(10, 20)], Faults());
    }

    [Fact]
    public void Names_entries_that_changed_places()
    {
        (entries[10], entries[12]) = (entries[12], entries[10]);

        Assert.Equal([new LogFault.Reordered(11), new LogFault.Reordered(10)], Faults());
    }

    [Fact]
    public void Names_an_entry_that_occurs_twice()
    {
        entries.Insert(20, entries[10]);

        Assert.Equal([new LogFault.Repeated(10)], Faults());
    }

    [Fact]
    public void Names_a_truncated_log()
    {
        entries.RemoveRange(990, 10);

        Assert.Equal([new LogFault.Truncated(990, 1000)], Faults());
    }

    [Fact]
    public void Names_a_log_of_which_nothing_is_left()
    {
        entries.Clear();

        Assert.Equal([new LogFault.Truncated(0, 1000)], Faults());
    }

    [Fact]
    public void Names_a_fork_at_one_size()
    {
        checkpoints.Add(new Checkpoint(Origin, 512, MerkleTree.HashLeaf("fork"u8)).Sign(Signer.Signer));

        Assert.Equal([new LogFault.Forked(512, 512)], Faults());
    }

    [Fact]
    public void Names_a_fork_between_two_sizes()
    {
        checkpoints.Add(new Checkpoint(Origin, 600, MerkleTree.HashLeaf("fork"u8)).Sign(Signer.Signer));

        Assert.Equal([new LogFault.Forked(600, 1000)], Faults());
    }

    [Fact]
    public void Names_a_fork_that_was_made_the_last_checkpoint()
    {
        checkpoints[4] = new Checkpoint(Origin, 1000, MerkleTree.HashLeaf("fork"u8)).Sign(Signer.Signer);

        Assert.Equal([new LogFault.Rewritten(512, 1000)], Faults());
    }

    [Fact]
    public void Names_a_forged_signature()
    {
        checkpoints[2] = checkpoints[2].Replace("\n300\n", "\n301\n", StringComparison.Ordinal);

        Assert.Equal([new LogFault.BadSignature(2, Origin)], Faults());
    }

    [Fact]
    public void Names_an_unknown_key()
    {
        checkpoints[2] = SignedAt(300, new TestSigner("mallory.example"));

        Assert.Equal([new LogFault.UnknownKey(2)], Faults());
    }

    [Fact]
    public void Names_a_key_of_the_right_name_that_is_not_trusted()
    {
        checkpoints[2] = SignedAt(300, new TestSigner(Origin, new byte[32]));

        Assert.Equal([new LogFault.UnknownKey(2)], Faults());
    }

    [Fact]
    public void Names_a_checkpoint_of_another_log()
    {
        checkpoints[2] = new Checkpoint("log.example/t/other", 300, NaiveTree.Root(Leaves.AsSpan(..300))).Sign(Signer.Signer);

        Assert.Equal([new LogFault.ForeignCheckpoint(2)], Faults());
    }

    [Fact]
    public void Names_a_checkpoint_that_cannot_be_read()
    {
        checkpoints[2] = checkpoints[2][..^1];

        Assert.Equal([new LogFault.MalformedCheckpoint(2)], Faults());
    }

    [Fact]
    public void Names_a_log_that_nobody_signed()
    {
        checkpoints.Clear();

        Assert.Equal([new LogFault.Unsigned()], Faults());
    }

    [Fact]
    public void Names_all_faults_at_once()
    {
        entries[5] = entries[5] with { Content = "x"u8.ToArray() };
        entries.RemoveRange(995, 5);
        entries.RemoveAt(700);
        checkpoints[0] = "";
        checkpoints.Add(new Checkpoint(Origin, 512, MerkleTree.HashLeaf("fork"u8)).Sign(Signer.Signer));

        Assert.Equal(
            [
                new LogFault.MalformedCheckpoint(0), new LogFault.Missing(700, 700), new LogFault.Altered(5),
                new LogFault.Forked(512, 512), new LogFault.Truncated(995, 1000),
            ],
            Faults());
    }

    [Fact]
    public void Accepts_checkpoints_of_two_keys_across_a_rotation()
    {
        var next = new TestSigner(Origin, new byte[32]);
        checkpoints[4] = SignedAt(1000, next);

        var result = LogVerifier.Verify(Origin, entries, checkpoints, [Signer.Key, next.Key], TestSigner.Verify);

        Assert.IsType<LogVerification.Intact>(result);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    [InlineData(-1)]
    public void An_impossible_position_is_a_fault(long position)
    {
        entries.Add(entries[0] with { Position = position });

        Assert.Equal([new LogFault.Repeated(position)], Faults());
    }

    [Fact]
    public void Any_one_flipped_bit_of_any_entry_is_found() =>
        Prop.ForAll(Gen.Choose(0, 999).ToArbitrary(), Gen.Choose(0, 7).ToArbitrary(), (position, bit) =>
        {
            var original = entries[position];
            var content = original.Content!.Value.ToArray();
            content[position % content.Length] ^= (byte)(1 << bit);
            entries[position] = original with { Content = content };
            var faults = Faults();
            entries[position] = original;

            return faults is [LogFault.Altered altered] && altered.Position == position;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));

    private static string SignedAt(int size, TestSigner? signer = null) =>
        new Checkpoint(Origin, size, NaiveTree.Root(Leaves.AsSpan(..size))).Sign((signer ?? Signer).Signer);

    private IReadOnlyList<LogFault> Faults() => Assert.IsType<LogVerification.Faulty>(Verify()).Faults;

    private LogVerification Verify() => LogVerifier.Verify(Origin, entries, checkpoints, [Signer.Key], TestSigner.Verify);
}
