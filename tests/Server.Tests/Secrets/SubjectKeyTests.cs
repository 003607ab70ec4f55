using System.Security.Cryptography;
using Server.Tests.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Server.Secrets;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Secrets;

public sealed class SubjectKeyTests : IAsyncLifetime
{
    private static readonly CancellationToken Ct = CancellationToken.None;
    private readonly TenantId tenant = VaultNode.NewTenant();
    private readonly Guid person = VaultNode.NewId();
    private TestDatabase database = null!;
    private VaultNode node = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CreateAsync();
        node = await VaultNode.StartAsync(database, KnownSecrets.Make());
        node.News.SetConnected(true);
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task What_is_sealed_for_a_person_opens_on_every_node()
    {
        var value = await SealAsync(node, person);
        var other = await VaultNode.StartAsync(database, KnownSecrets.Make());

        var opening = await OpenAsync(other, person, value);

        Assert.Equal("ada@example.test"u8, Assert.IsType<FieldOpening.Opened>(opening).Plain);
    }

    [Fact]
    public async Task One_person_s_key_does_not_open_what_is_another_s()
    {
        var value = await SealAsync(node, person);

        await Assert.ThrowsAsync<CryptographicException>(() => OpenAsync(node, VaultNode.NewId(), value));
    }

    [Fact]
    public async Task After_erasure_the_value_is_erased_for_all()
    {
        var value = await SealAsync(node, person);
        var other = await VaultNode.StartAsync(database, KnownSecrets.Make());

        await EraseAsync(person);

        Assert.IsType<FieldOpening.Erased>(await OpenAsync(node, person, value));
        Assert.IsType<FieldOpening.Erased>(await OpenAsync(other, person, value));
        Assert.Equal(new SubjectErased(person), Assert.Single(node.Events));
    }

    [Fact]
    public async Task Another_node_s_copy_goes_with_the_news_or_with_the_loss_of_news()
    {
        var heard = await VaultNode.StartAsync(database, KnownSecrets.Make());
        var lost = await VaultNode.StartAsync(database, KnownSecrets.Make());
        heard.News.SetConnected(true);
        lost.News.SetConnected(true);
        var value = await SealAsync(node, person);
        await OpenAsync(heard, person, value);
        await OpenAsync(lost, person, value);

        await EraseAsync(person);
        heard.News.Deliver(new Notification("subject_key", $"{tenant}/{person}"));
        lost.News.SetConnected(false);

        Assert.IsType<FieldOpening.Erased>(await OpenAsync(heard, person, value));
        Assert.IsType<FieldOpening.Erased>(await OpenAsync(lost, person, value));
    }

    [Fact]
    public async Task A_person_who_was_erased_before_having_a_key_never_gets_one()
    {
        await EraseAsync(person);

        Assert.IsType<SubjectKey.Erased>(await node.Db.InTenantAsync(tenant, tx => node.Keys.ForSubjectAsync(tx, person, Ct).AsTask(), Ct));
    }

    [Fact]
    public async Task Erasing_twice_is_erasing_once()
    {
        await SealAsync(node, person);
        await EraseAsync(person);

        await EraseAsync(person);

        Assert.Single(node.Events);
    }

    [Fact]
    public async Task Racing_first_uses_make_one_key()
    {
        var nodes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => VaultNode.StartAsync(database, KnownSecrets.Make())));

        var values = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => SealAsync(nodes[i % 4], person)));

        foreach (var value in values)
        {
            Assert.IsType<FieldOpening.Opened>(await OpenAsync(node, person, value));
        }
    }

    private Task EraseAsync(Guid subject) => node.Db.InTenantAsync(tenant, tx => EraseSubject.InAsync(tx, VaultNode.Operator, subject, Ct), Ct);

    private Task<byte[]> SealAsync(VaultNode on, Guid subject) => on.Db.InTenantAsync(tenant, async tx =>
        Assert.IsType<SubjectKey.Live>(await on.Keys.ForSubjectAsync(tx, subject, Ct)).Key.Seal("ada@example.test"u8, "audit", "email"), Ct);

    private Task<FieldOpening> OpenAsync(VaultNode on, Guid subject, byte[] value) => on.Db.InTenantAsync(tenant, async tx =>
        (await on.Keys.ForSubjectAsync(tx, subject, Ct)).Open(value, "audit", "email"), Ct);
}
