using Server.Tests.Platform.Crypto;
using Signet.Platform.Crypto;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Secrets;

public sealed class CheckSecretsTests : IAsyncLifetime
{
    private TestDatabase database = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CreateAsync();
        await VaultNode.StartAsync(database, KnownSecrets.Make());
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task The_secrets_of_the_first_start_are_accepted_again() => await VaultNode.StartAsync(database, KnownSecrets.Make());

    [Theory]
    [InlineData(BootstrapSecret.MasterEncryption)]
    [InlineData(BootstrapSecret.MasterIntegrity)]
    [InlineData(BootstrapSecret.App)]
    [InlineData(BootstrapSecret.Audit)]
    public async Task Another_secret_is_refused_by_name(BootstrapSecret changed)
    {
        var secrets = Load(secret => secret == changed ? Hex(99) : Hex(16 + (int)secret));

        var refusal = await Assert.ThrowsAsync<SecretUnusableException>(() => VaultNode.StartAsync(database, secrets));

        Assert.Equal((changed, SecretFault.Foreign), (refusal.Secret, refusal.Fault));
        Assert.Contains(BootstrapSecrets.FileNameOf(changed), refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_version_of_the_master_key_is_refused()
    {
        var secrets = Load(secret => secret is BootstrapSecret.MasterEncryption ? $"v2:{Hex(77)}" : Hex(16 + (int)secret));

        var refusal = await Assert.ThrowsAsync<SecretUnusableException>(() => VaultNode.StartAsync(database, secrets));

        Assert.Equal((BootstrapSecret.MasterEncryption, SecretFault.Missing), (refusal.Secret, refusal.Fault));
    }

    [Fact]
    public async Task A_refused_secret_leaves_no_trace()
    {
        var secrets = Load(secret => secret is BootstrapSecret.MasterEncryption ? $"v2:{Hex(77)}" : Hex(16 + (int)secret));
        await Assert.ThrowsAsync<SecretUnusableException>(() => VaultNode.StartAsync(database, secrets));

        await VaultNode.StartAsync(database, KnownSecrets.Make());
    }

    private static BootstrapSecrets Load(Func<BootstrapSecret, string> text) => BootstrapSecrets.Load(secret => new SecretSource.Value(text(secret)));

    private static string Hex(int value) => Convert.ToHexString([.. Enumerable.Repeat((byte)value, 32)]);
}
