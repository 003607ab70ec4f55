using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Server.Tests.Platform.Crypto;
using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Server.Secrets;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Secrets;

public sealed class FieldCipherTests : IAsyncLifetime
{
    private static readonly CancellationToken Ct = CancellationToken.None;
    private readonly TenantId tenant = VaultNode.NewTenant();
    private readonly Guid id = VaultNode.NewId();
    private TestDatabase database = null!;
    private VaultNode node = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CreateAsync();
        await VaultNode.MakeTableAsync(database);
        node = await VaultNode.StartAsync(database, KnownSecrets.Make());
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task A_value_opens_in_its_row_on_every_node()
    {
        await node.PutAsync(tenant, id, "a secret text");
        var other = await VaultNode.StartAsync(database, KnownSecrets.Make());

        Assert.Equal("a secret text", await node.ReadAsync(tenant, id));
        Assert.Equal("a secret text", await other.ReadAsync(tenant, id));
    }

    [Fact]
    public async Task The_table_shows_nothing_of_the_value()
    {
        await node.PutAsync(tenant, id, "a secret text");

        Assert.DoesNotContain("secret", Encoding.Latin1.GetString(await node.RawAsync(tenant, id)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_swapped_between_rows_do_not_open()
    {
        var second = VaultNode.NewId();
        await node.PutAsync(tenant, id, "first");
        await node.PutAsync(tenant, second, "second");
        await node.PlantAsync(tenant, id, await node.RawAsync(tenant, second));

        await Assert.ThrowsAsync<CryptographicException>(() => node.ReadAsync(tenant, id));
    }

    [Fact]
    public async Task A_value_moved_to_another_tenant_does_not_open()
    {
        var other = VaultNode.NewTenant();
        await node.PutAsync(tenant, id, "mine");
        await node.PutAsync(other, id, "theirs");
        await node.PlantAsync(other, id, await node.RawAsync(tenant, id));

        await Assert.ThrowsAsync<CryptographicException>(() => node.ReadAsync(other, id));
    }

    [Fact]
    public async Task A_value_moved_to_another_column_does_not_open()
    {
        await node.PutAsync(tenant, id, "content");
        var value = await node.RawAsync(tenant, id);

        await Assert.ThrowsAsync<CryptographicException>(() => node.Db.InTenantAsync(
            tenant, async tx => { await node.Cipher.OpenAsync(tx, VaultNode.Note, id.ToString(), value, Ct); }, Ct));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(10)]
    [InlineData(29)]
    [InlineData(40)]
    public async Task An_altered_value_does_not_open(int place)
    {
        await node.PutAsync(tenant, id, "content");
        var value = await node.RawAsync(tenant, id);
        value[place] ^= 1;
        await node.PlantAsync(tenant, id, value);

        await Assert.ThrowsAsync<CryptographicException>(() => node.ReadAsync(tenant, id));
    }

    [Fact]
    public async Task A_column_that_rotation_does_not_know_can_not_be_filled()
    {
        var undeclared = new EncryptedColumn("vault", "other", "id");

        await Assert.ThrowsAsync<InvalidOperationException>(() => node.Db.InTenantAsync(
            tenant, async tx => { await node.Cipher.SealAsync(tx, undeclared, id.ToString(), "x"u8.ToArray(), Ct); }, Ct));
    }

    [Theory]
    [InlineData("vault; drop table vault", "content", "id", "uuid")]
    [InlineData("vault", "Content", "id", "uuid")]
    [InlineData("vault", "content", "", "uuid")]
    [InlineData("vault", "content", "id", "uuid)")]
    public void Only_names_get_into_sql(string table, string column, string rowId, string type) =>
        Assert.Throws<ArgumentException>(() => new EncryptedColumn(table, column, rowId, type));

    [Fact]
    public async Task A_key_of_a_transaction_that_was_rolled_back_has_never_been()
    {
        node.News.SetConnected(true);
        await Assert.ThrowsAsync<TimeoutException>(() => node.Db.InTenantAsync(tenant, async tx =>
        {
            await node.PutAsync(tx, id, "lost");
            throw new TimeoutException();
        }, Ct));

        await node.PutAsync(tenant, id, "kept");

        Assert.Equal("kept", await (await VaultNode.StartAsync(database, KnownSecrets.Make())).ReadAsync(tenant, id));
    }

    [Fact]
    public async Task Nor_has_one_that_its_transaction_read_back_before_it_was_rolled_back()
    {
        node.News.SetConnected(true);
        await Assert.ThrowsAsync<CryptographicException>(() => node.Db.InTenantAsync(tenant, async tx =>
        {
            var value = await node.Cipher.SealAsync(tx, VaultNode.Content, id.ToString(), "lost"u8.ToArray(), Ct);
            value[Aead.KeyVersionOffset + 3] = 9;
            await node.Cipher.OpenAsync(tx, VaultNode.Content, id.ToString(), value, Ct);
        }, Ct));

        await node.PutAsync(tenant, id, "kept");

        Assert.Equal("kept", await node.ReadAsync(tenant, id));
    }

    [Fact]
    public async Task Racing_first_uses_make_one_key()
    {
        var nodes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => VaultNode.StartAsync(database, KnownSecrets.Make())));
        var ids = Enumerable.Range(0, 12).Select(_ => VaultNode.NewId()).ToList();

        await Task.WhenAll(ids.Select((row, i) => nodes[i % 4].PutAsync(tenant, row, $"text {i}")));

        Assert.Equal(1, await CountAsync("select count(*) from data_keys"));
        for (var i = 0; i < ids.Count; i++)
        {
            Assert.Equal($"text {i}", await node.ReadAsync(tenant, ids[i]));
        }
    }

    [Fact]
    public async Task A_copied_key_costs_no_call_to_the_database()
    {
        node.News.SetConnected(true);
        await node.PutAsync(tenant, id, "text");
        await node.ReadAsync(tenant, id);
        await node.Db.InTenantAsync(tenant, async tx => { await node.Keys.ForSubjectAsync(tx, id, Ct); }, Ct);
        await node.Db.InTenantAsync(tenant, async tx => { await node.Keys.ForSubjectAsync(tx, id, Ct); }, Ct);
        await using var closed = new NpgsqlConnection(database.ConnectionString);
        var tx = new Tx(closed, tenant, acrossTenants: false, TimeProvider.System);

        await node.Cipher.SealAsync(tx, VaultNode.Content, id.ToString(), "more"u8.ToArray(), Ct);

        Assert.IsType<SubjectKey.Live>(await node.Keys.ForSubjectAsync(tx, id, Ct));
    }

    [Fact]
    public async Task Without_news_copies_are_not_trusted()
    {
        await node.PutAsync(tenant, id, "text");
        await using var closed = new NpgsqlConnection(database.ConnectionString);
        var tx = new Tx(closed, tenant, acrossTenants: false, TimeProvider.System);

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await node.Cipher.SealAsync(tx, VaultNode.Content, id.ToString(), "more"u8.ToArray(), Ct));
    }

    [Fact]
    public async Task Another_tenant_neither_sees_nor_touches_the_keys()
    {
        var other = VaultNode.NewTenant();
        await node.PutAsync(tenant, id, "text");
        await node.Db.InTenantAsync(tenant, async tx => { await node.Keys.ForSubjectAsync(tx, id, Ct); }, Ct);

        await node.Db.InTenantAsync(other, async tx =>
        {
            Assert.Equal(0, await tx.GetAsync<long>("select count(*) from data_keys", null, Ct));
            Assert.Equal(0, await tx.GetAsync<long>("select count(*) from subject_keys", null, Ct));
            Assert.Equal(0, await tx.ExecuteAsync("update data_keys set wrapped = '\\x00'", null, Ct));
            Assert.Equal(0, await tx.ExecuteAsync("update subject_keys set wrapped = '\\x00'", null, Ct));
        }, Ct);
        await Assert.ThrowsAsync<PostgresException>(() => node.Db.InTenantAsync(other, async tx => { await node.Keys.ForSubjectAsync(tx, tenant, VaultNode.NewId(), Ct); }, Ct));
    }

    [Fact]
    public async Task The_application_can_not_delete_keys_or_change_what_is_recorded_of_secrets()
    {
        foreach (var sql in new[] { "delete from data_keys", "delete from subject_keys", "update secret_versions set version = 9", "update data_keys set version = 9" })
        {
            await Assert.ThrowsAsync<PostgresException>(() => node.Db.InTenantAsync(tenant, tx => tx.ExecuteAsync(sql, null, Ct), Ct));
        }
    }

    [Fact]
    public async Task An_erased_tenant_is_unreadable_on_every_node_that_hears_of_it()
    {
        node.News.SetConnected(true);
        await node.PutAsync(tenant, id, "text");
        await node.ReadAsync(tenant, id);

        await node.Db.InTenantAsync(tenant, tx => EraseTenant.InAsync(tx, VaultNode.Operator, Ct), Ct);

        await Assert.ThrowsAsync<InvalidOperationException>(() => node.ReadAsync(tenant, id));
        Assert.Contains(new TenantKeysErased(1), node.Events);
    }

    private Task<long> CountAsync(string sql) => node.Db.AsSystemAsync(tx => tx.GetAsync<long>(sql, null, Ct), Ct);
}
