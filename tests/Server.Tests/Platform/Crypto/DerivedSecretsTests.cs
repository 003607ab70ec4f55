using System.Security.Cryptography;
using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Xunit;

namespace Server.Tests.Platform.Crypto;

public sealed class DerivedSecretsTests
{
    private static readonly SecretKind Code = new("code");
    private static readonly SecretKind Refresh = new("refresh");
    private static readonly TenantId Other = new(new Guid("00000000-0000-7000-8000-000000000002"));

    [Fact]
    public void Every_purpose_has_a_key_of_its_own()
    {
        var keys = KnownSecrets.Derive();

        var all = KeyPurpose.All.Select(purpose => Convert.ToHexString(keys.For(purpose))).ToList();

        Assert.Equal(all.Count, all.Distinct().Count());
        Assert.All(all, key => Assert.Equal(64, key.Length));
    }

    [Fact]
    public void The_same_secrets_give_the_same_key_on_every_node() =>
        Assert.Equal(KnownSecrets.Derive().For(KeyPurpose.TokenHash), KnownSecrets.Derive().For(KeyPurpose.TokenHash));

    // Stored hashes depend on it: a change of the derivation must be seen here before a user sees it.
    [Fact]
    public void The_derivation_stays_as_it_is()
    {
        byte[] info = [0, 0, 0, 17, .. "signet/token-hash"u8, 0, 0, 0, 2, .. "v1"u8];

        var expected = HKDF.DeriveKey(HashAlgorithmName.SHA256, KnownSecrets.Make().App, 32, info: info);

        Assert.Equal(expected, KnownSecrets.Derive().For(KeyPurpose.TokenHash));
    }

    [Fact]
    public void A_secret_matches_its_own_hash()
    {
        var hash = new SecretHash(KnownSecrets.Derive());

        Assert.True(hash.Matches(Code, "abc", hash.Of(Code, "abc")));
    }

    [Fact]
    public void A_value_of_one_kind_is_never_taken_for_another()
    {
        var hash = new SecretHash(KnownSecrets.Derive());

        Assert.False(hash.Matches(Refresh, "abc", hash.Of(Code, "abc")));
        Assert.NotEqual(hash.Of(new SecretKind("ab"), "c"), hash.Of(new SecretKind("a"), "bc"));
    }

    [Fact]
    public void One_altered_character_does_not_match()
    {
        var hash = new SecretHash(KnownSecrets.Derive());

        Assert.False(hash.Matches(Code, "abd", hash.Of(Code, "abc")));
        Assert.False(hash.Matches(Code, "abc\0", hash.Of(Code, "abc")));
    }

    [Fact]
    public void Another_app_secret_gives_other_hashes() =>
        Assert.NotEqual(new SecretHash(KnownSecrets.Derive(1)).Of(Code, "abc"), new SecretHash(KnownSecrets.Derive(2)).Of(Code, "abc"));

    [Theory]
    [InlineData(1024, true)]
    [InlineData(1025, false)]
    public void Text_beyond_the_limit_matches_nothing(int length, bool matches)
    {
        var hash = new SecretHash(KnownSecrets.Derive());
        var token = new string('\u00e9', length);

        Assert.Equal(matches, hash.Matches(Code, token, hash.Of(Code, token)));
    }

    [Fact]
    public void A_blind_index_is_one_of_value_column_and_tenant()
    {
        var index = new BlindIndex(KnownSecrets.Derive());

        var value = index.Of(TenantId.Default, "users.email", "a@example.test");

        Assert.Equal(BlindIndex.Length, value.Length);
        Assert.Equal(value, index.Of(TenantId.Default, "users.email", "a@example.test"));
        Assert.NotEqual(value, index.Of(Other, "users.email", "a@example.test"));
        Assert.NotEqual(value, index.Of(TenantId.Default, "users.phone", "a@example.test"));
        Assert.NotEqual(value, index.Of(TenantId.Default, "users.email", "b@example.test"));
    }
}
