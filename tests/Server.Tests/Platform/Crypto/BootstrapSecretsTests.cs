using Signet.Platform.Crypto;
using Xunit;

namespace Server.Tests.Platform.Crypto;

public sealed class BootstrapSecretsTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("signet secrets ").FullName;

    private string Folder => Path.Combine(root, "secrets");

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task A_first_run_makes_four_files_that_only_the_owner_can_read()
    {
        await LoadAsync();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Folder));
        foreach (var secret in Enum.GetValues<BootstrapSecret>())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(PathOf(secret)));
        }
    }

    [Fact]
    public async Task A_second_run_finds_the_same_secrets()
    {
        var first = await LoadAsync();
        var before = Contents();

        var second = await LoadAsync();

        Assert.Equal(before, Contents());
        Assert.Equal(first.App, second.App);
        Assert.Equal(first.MasterEncryption.Newest.Key, second.MasterEncryption.Newest.Key);
    }

    [Theory]
    [InlineData(BootstrapSecret.MasterEncryption)]
    [InlineData(BootstrapSecret.MasterIntegrity)]
    [InlineData(BootstrapSecret.App)]
    [InlineData(BootstrapSecret.Audit)]
    public async Task A_lost_secret_is_named_and_never_made_anew(BootstrapSecret lost)
    {
        await LoadAsync();
        File.Delete(PathOf(lost));

        var refusal = await Assert.ThrowsAsync<SecretUnusableException>(LoadAsync);

        Assert.Equal((lost, SecretFault.Missing), (refusal.Secret, refusal.Fault));
        Assert.Contains(PathOf(lost), refusal.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(PathOf(lost)));
    }

    [Fact]
    public async Task A_first_run_that_was_killed_half_way_is_completed()
    {
        await LoadAsync();
        var kept = await File.ReadAllTextAsync(PathOf(BootstrapSecret.App), TestContext.Current.CancellationToken);
        File.Delete(PathOf(BootstrapSecret.Audit));
        await File.WriteAllTextAsync(Path.Combine(Folder, ".first-run"), "", TestContext.Current.CancellationToken);

        await LoadAsync();

        Assert.True(File.Exists(PathOf(BootstrapSecret.Audit)));
        Assert.Equal(kept, await File.ReadAllTextAsync(PathOf(BootstrapSecret.App), TestContext.Current.CancellationToken));
        Assert.False(File.Exists(Path.Combine(Folder, ".first-run")));
    }

    [Fact]
    public async Task Many_processes_at_once_end_with_one_set()
    {
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(LoadAsync)));

        Assert.Single(all.Select(secrets => Convert.ToHexString(secrets.App)).Distinct());
        Assert.Single(all.Select(secrets => Convert.ToHexString(secrets.MasterEncryption.Newest.Key)).Distinct());
    }

    [Fact]
    public async Task A_file_that_others_can_read_is_refused_by_name()
    {
        await LoadAsync();
        File.SetUnixFileMode(PathOf(BootstrapSecret.App), UnixFileMode.UserRead | UnixFileMode.OtherRead);

        var refusal = await Assert.ThrowsAsync<SecretUnusableException>(LoadAsync);

        Assert.Equal((BootstrapSecret.App, SecretFault.TooOpen), (refusal.Secret, refusal.Fault));
    }

    [Fact]
    public async Task A_folder_that_others_can_enter_is_refused()
    {
        await LoadAsync();
        File.SetUnixFileMode(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute);

        var refusal = await Assert.ThrowsAsync<SecretUnusableException>(LoadAsync);

        Assert.Equal(SecretFault.TooOpen, refusal.Fault);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("zz11223344556677889900112233445566778899001122334455667788990011")]
    [InlineData("112233445566778899001122334455667788990011223344556677889900112")]
    public async Task A_secret_of_another_length_or_alphabet_is_refused_without_being_shown(string text)
    {
        await LoadAsync();
        await File.WriteAllTextAsync(PathOf(BootstrapSecret.MasterIntegrity), text, TestContext.Current.CancellationToken);

        var refusal = await Assert.ThrowsAsync<SecretUnusableException>(LoadAsync);

        Assert.Equal((BootstrapSecret.MasterIntegrity, SecretFault.Malformed), (refusal.Secret, refusal.Fault));
        Assert.True(text.Length < 3 || !refusal.Message.Contains(text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")]
    [InlineData("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n")]
    public void Hexadecimal_and_base64url_are_read_alike(string text)
    {
        byte next = 0;

        var secrets = BootstrapSecrets.Load(secret => new SecretSource.Value(
            secret is BootstrapSecret.App ? text : Convert.ToHexString(Enumerable.Repeat(++next, 32).ToArray())));

        Assert.Equal(Enumerable.Range(0, 32).Select(i => (byte)i), secrets.App);
    }

    [Fact]
    public void Two_equal_secrets_are_refused()
    {
        var refusal = Assert.Throws<SecretUnusableException>(() => BootstrapSecrets.Load(_ => new SecretSource.Value(new string('1', 64))));

        Assert.Equal(SecretFault.Repeated, refusal.Fault);
    }

    [Fact]
    public async Task A_new_master_version_stands_beside_the_old_until_that_is_dropped()
    {
        var secrets = await LoadAsync();
        var first = secrets.MasterEncryption.Newest;

        var second = await secrets.MasterEncryption.AddVersionAsync(TestContext.Current.CancellationToken);

        Assert.Equal(2, second.Version);
        Assert.Equal(first.Key, secrets.MasterEncryption.Find(1)?.Key);
        Assert.Equal(2, (await LoadAsync()).MasterEncryption.Newest.Version);

        await secrets.MasterEncryption.DropVersionsBeforeAsync(2, TestContext.Current.CancellationToken);

        Assert.Null(secrets.MasterEncryption.Find(1));
        Assert.Equal(second.Key, Assert.Single((await LoadAsync()).MasterEncryption.Versions).Key);
    }

    [Fact]
    public async Task A_node_with_an_old_copy_finds_a_version_that_another_added()
    {
        var here = await LoadAsync();
        var there = await LoadAsync();

        var added = await there.MasterEncryption.AddVersionAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, here.MasterEncryption.Newest.Version);
        Assert.Equal(added.Key, here.MasterEncryption.Find(2)?.Key);
        Assert.Equal(2, here.MasterEncryption.Newest.Version);
    }

    [Fact]
    public async Task A_master_key_given_as_a_value_is_not_ours_to_rotate()
    {
        var keys = MasterKeys.Load(new SecretSource.Value(new string('1', 64)));

        var refusal = await Assert.ThrowsAsync<SecretUnusableException>(() => keys.AddVersionAsync(TestContext.Current.CancellationToken));

        Assert.Equal(SecretFault.Unwritable, refusal.Fault);
    }

    [Theory]
    [InlineData("v2:{0}\nv1:{1}")]
    [InlineData("v1:{0}\nv1:{1}")]
    [InlineData("v0:{0}")]
    [InlineData("{0}\n{1}")]
    [InlineData("v1:{0}x")]
    [InlineData("v1 {0}")]
    [InlineData("v-1:{0}")]
    public void A_master_key_file_with_a_wrong_line_is_refused(string text)
    {
        var filled = text.Replace("{0}", new string('1', 64), StringComparison.Ordinal).Replace("{1}", new string('2', 64), StringComparison.Ordinal);

        var refusal = Assert.Throws<SecretUnusableException>(() => MasterKeys.Load(new SecretSource.Value(filled)));

        Assert.Equal(SecretFault.Malformed, refusal.Fault);
    }

    private Task<BootstrapSecrets> LoadAsync() => BootstrapSecrets.LoadOrCreateAsync(Folder, TestContext.Current.CancellationToken);

    private string PathOf(BootstrapSecret secret) => Path.Combine(Folder, BootstrapSecrets.FileNameOf(secret));

    private List<string> Contents() => [.. Enum.GetValues<BootstrapSecret>().Select(secret => File.ReadAllText(PathOf(secret)))];
}
