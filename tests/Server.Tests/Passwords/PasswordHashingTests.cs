using Signet.Platform.Crypto;
using Signet.Server.Passwords.Hashing;
using Xunit;

namespace Server.Tests.Passwords;

public sealed class PasswordHashingTests
{
    private const string Password = "correct horse battery";
    private static readonly Argon2Cost Cheap = new(64, 1, 1);
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_password_that_was_hashed_is_right()
    {
        using var hashing = Make(Cheap);
        var stored = await HashAsync(hashing, Password);

        Assert.Equal(new PasswordCheck.Right(NeedsUpgrade: false), await hashing.VerifyAsync(Password, stored, Ct));
    }

    [Theory]
    [InlineData("correct horse batterz")]
    [InlineData("correct horse battery ")]
    [InlineData("Correct horse battery")]
    [InlineData("x")]
    [InlineData("")]
    [InlineData("correct horse battery\0")]
    public async Task Any_other_is_wrong(string typed)
    {
        using var hashing = Make(Cheap);
        var stored = await HashAsync(hashing, Password);

        Assert.IsType<PasswordCheck.Wrong>(await hashing.VerifyAsync(typed, stored, Ct));
    }

    [Fact]
    public async Task The_same_password_from_another_keyboard_is_right()
    {
        using var hashing = Make(Cheap);
        var stored = await HashAsync(hashing, "caf\u00e9 \uFB01le twelve");

        Assert.IsType<PasswordCheck.Right>(await hashing.VerifyAsync("cafe\u0301 file twelve", stored, Ct));
    }

    [Fact]
    public async Task An_account_that_does_not_exist_is_wrong()
    {
        using var hashing = Make(Cheap);

        Assert.IsType<PasswordCheck.Wrong>(await hashing.VerifyAsync(Password, stored: null, Ct));
    }

    [Theory]
    [InlineData("")]
    [InlineData("$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy")]
    public async Task A_stored_text_that_is_no_hash_of_ours_is_told_apart_inside(string stored)
    {
        using var hashing = Make(Cheap);

        Assert.IsType<PasswordCheck.Unsupported>(await hashing.VerifyAsync(Password, stored, Ct));
    }

    [Fact]
    public async Task A_cheaper_hash_is_reported_for_upgrade()
    {
        using var cheap = Make(Cheap);
        using var dear = Make(new Argon2Cost(128, 1, 1));
        var stored = await HashAsync(cheap, Password);

        Assert.Equal(new PasswordCheck.Right(NeedsUpgrade: true), await dear.VerifyAsync(Password, stored, Ct));
    }

    [Theory]
    [InlineData("", typeof(PasswordHashed.TooShort))]
    [InlineData("elevenchars", typeof(PasswordHashed.TooShort))]
    [InlineData("twelve chars", typeof(PasswordHashed.Hashed))]
    [InlineData("\uD83D\uDE00\uD83D\uDE00\uD83D\uDE00\uD83D\uDE00\uD83D\uDE00\uD83D\uDE00", typeof(PasswordHashed.TooShort))]
    public async Task Length_is_counted_in_code_points(string password, Type expected)
    {
        using var hashing = Make(Cheap);

        Assert.IsType(expected, await hashing.HashAsync(password, Ct));
    }

    // A lone surrogate has no UTF-8 form, and must not be taken for the replacement character.
    [Fact]
    public async Task Text_that_is_not_unicode_is_no_password()
    {
        using var hashing = Make(Cheap);
        var broken = "twelve chars" + (char)0xD83D;
        var stored = await HashAsync(hashing, "twelve chars\uFFFD");

        Assert.IsType<PasswordHashed.TooLong>(await hashing.HashAsync(broken, Ct));
        Assert.IsType<PasswordCheck.Wrong>(await hashing.VerifyAsync(broken, stored, Ct));
    }

    [Theory]
    [InlineData('x', 256, true)]
    [InlineData('x', 257, false)]
    [InlineData('\u4e00', 256, true)]
    [InlineData('\uFDFA', 15, false)]
    [InlineData('x', 1_000_000, false)]
    public async Task What_is_too_long_is_refused_before_it_is_hashed(char letter, int count, bool accepted)
    {
        using var hashing = Make(Cheap);

        var result = await hashing.HashAsync(new string(letter, count), Ct);

        Assert.Equal(accepted, result is PasswordHashed.Hashed);
        Assert.Equal(!accepted, result is PasswordHashed.TooLong);
    }

    [Fact]
    public async Task The_longest_password_that_can_be_set_can_be_used()
    {
        using var hashing = Make(Cheap);
        var longest = string.Concat(Enumerable.Repeat("\uD83D\uDE00", 256));
        var stored = await HashAsync(hashing, longest);

        Assert.IsType<PasswordCheck.Right>(await hashing.VerifyAsync(longest, stored, Ct));
        Assert.IsType<PasswordCheck.Wrong>(await hashing.VerifyAsync(longest + "x", stored, Ct));
    }

    // No thread takes anything from the queue, so what is in it stays there.
    [Fact]
    public async Task With_a_full_queue_the_answer_is_busy_at_once()
    {
        using var hashing = new PasswordHashing(new PasswordHashingOptions(Cheap, Threads: 0, QueueLength: 1));
        var waiting = hashing.VerifyAsync(Password, stored: null, Ct);

        Assert.IsType<PasswordCheck.Busy>(await hashing.VerifyAsync(Password, stored: null, Ct));
        Assert.IsType<PasswordHashed.Busy>(await hashing.HashAsync(Password, Ct));
        Assert.False(waiting.IsCompleted);
    }

    [Fact]
    public async Task Many_at_once_all_get_their_own_answer()
    {
        using var hashing = new PasswordHashing(new PasswordHashingOptions(Cheap, Threads: 2, QueueLength: 100));
        var stored = await HashAsync(hashing, Password);

        var answers = await Task.WhenAll(Enumerable.Range(0, 80).Select(i => hashing.VerifyAsync(i % 2 == 0 ? Password : "something else", stored, Ct)));

        Assert.All(answers.Index(), answer => Assert.Equal(answer.Index % 2 == 0, answer.Item is PasswordCheck.Right));
    }

    [Fact]
    public async Task Whoever_has_gone_is_not_hashed_for()
    {
        using var hashing = Make(Cheap);
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hashing.VerifyAsync(Password, stored: null, gone.Token));
    }

    private static PasswordHashing Make(Argon2Cost cost) => new(new PasswordHashingOptions(cost, Threads: 1, QueueLength: 10));

    private static async Task<string> HashAsync(PasswordHashing hashing, string password) =>
        Assert.IsType<PasswordHashed.Hashed>(await hashing.HashAsync(password, Ct)).Text;
}
