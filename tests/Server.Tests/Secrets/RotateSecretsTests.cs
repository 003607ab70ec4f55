using Npgsql;
using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Server.Secrets;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Secrets;

public sealed class RotateSecretsTests : IAsyncLifetime
{
    private static readonly CancellationToken Ct = CancellationToken.None;
    private readonly string root = Directory.CreateTempSubdirectory("signet-rotation-").FullName;
    private readonly TenantId first = VaultNode.NewTenant();
    private readonly TenantId second = VaultNode.NewTenant();
    private readonly Guid person = VaultNode.NewId();
    private readonly List<(TenantId Tenant, Guid Id, string Text)> rows = [];
    private TestDatabase database = null!;
    private VaultNode node = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CreateAsync();
        await VaultNode.MakeTableAsync(database);
        node = await NewNodeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task Everything_moves_to_new_keys_and_the_old_ones_go()
    {
        await FillAsync(perTenant: 5);
        var before = await node.RawAsync(first, rows[0].Id);

        var result = await node.Rotation.RunAsync(VaultNode.Operator, progress: null, Ct);

        var completed = Assert.IsType<SecretRotation.Completed>(result);
        Assert.Equal(new RotationProgress(2, KeysDone: 3, FieldsDone: 10, KeysLeft: 0), completed.Progress);
        Assert.False(completed.RemoveOldVersions);
        Assert.NotEqual(before, await node.RawAsync(first, rows[0].Id));
        Assert.Equal(2, Assert.Single((await NewNodeAsync()).Secrets.MasterEncryption.Versions).Version);
        Assert.Equal(0, await CountAsync("select count(*) from data_keys where wrapped is not null and (master_version < 2 or version < 2)"));
        Assert.Contains(new SecretsRotated(2, 3, 10), node.Events);
        await AssertAllReadableAsync();
    }

    [Fact]
    public async Task It_can_be_done_again_and_again()
    {
        await FillAsync(perTenant: 2);

        for (var version = 2; version <= 4; version++)
        {
            var result = await node.Rotation.RunAsync(VaultNode.Operator, progress: null, Ct);

            Assert.Equal(version, Assert.IsType<SecretRotation.Completed>(result).Progress.MasterVersion);
            await AssertAllReadableAsync();
        }
    }

    // The clock is asked once a transaction, so that a kill can be had before each of them in turn.
    [Fact]
    public async Task Killed_at_any_transaction_it_loses_nothing_and_goes_on_where_it_was()
    {
        await FillAsync(perTenant: 205);

        for (var transactions = 1; transactions <= 30; transactions += 2)
        {
            using var kill = new CancellationTokenSource();
            var version = node.Secrets.MasterEncryption.Newest.Version;
            var killed = await NewNodeAsync(new KillingClock(kill, transactions + 1));
            await KillAsync(() => killed.Rotation.RunAsync(VaultNode.Operator, progress: null, kill.Token));

            await AssertAllReadableAsync();
            var resumed = await (await NewNodeAsync()).Rotation.RunAsync(VaultNode.Operator, progress: null, Ct);

            Assert.Equal(0, Assert.IsType<SecretRotation.Completed>(resumed).Progress.KeysLeft);
            node = await NewNodeAsync();
            Assert.InRange(node.Secrets.MasterEncryption.Newest.Version, version + 1, version + 2);
            await AssertAllReadableAsync();
        }
    }

    [Fact]
    public async Task Writes_that_go_on_meanwhile_are_never_lost()
    {
        await FillAsync(perTenant: 20);
        node.News.SetConnected(true);
        using var enough = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            for (var i = 0; !enough.IsCancellationRequested; i++)
            {
                var (tenant, id, _) = rows[i % rows.Count];
                rows[i % rows.Count] = (tenant, id, $"written {i}");
                await node.PutAsync(tenant, id, $"written {i}");
            }
        }, Ct);

        for (var i = 0; i < 3; i++)
        {
            Assert.IsType<SecretRotation.Completed>(await node.Rotation.RunAsync(VaultNode.Operator, progress: null, Ct));
        }

        await enough.CancelAsync();
        await writing;
        await AssertAllReadableAsync();
    }

    [Fact]
    public async Task A_node_that_missed_the_rotation_can_not_write_under_a_dropped_key()
    {
        await FillAsync(perTenant: 1);
        var deaf = await NewNodeAsync();
        deaf.News.SetConnected(true);
        await deaf.ReadAsync(first, rows[0].Id);
        await node.Rotation.RunAsync(VaultNode.Operator, progress: null, Ct);

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => deaf.PutAsync(first, rows[0].Id, "under the old key"));

        Assert.Equal(PostgresErrorCodes.SerializationFailure, refusal.SqlState);
        await AssertAllReadableAsync();

        deaf.News.Deliver(new Notification("data_key", first.ToString()));
        await deaf.PutAsync(first, rows[0].Id, rows[0].Text);
        await AssertAllReadableAsync();
    }

    [Fact]
    public async Task A_node_with_an_old_copy_reads_what_is_under_the_new_key()
    {
        await FillAsync(perTenant: 1);
        var deaf = await NewNodeAsync();
        deaf.News.SetConnected(true);
        await deaf.ReadAsync(first, rows[0].Id);

        await node.Rotation.RunAsync(VaultNode.Operator, progress: null, Ct);

        Assert.Equal(rows[0].Text, await deaf.ReadAsync(first, rows[0].Id));
    }

    [Fact]
    public async Task A_node_with_an_old_file_makes_no_key_under_a_dropped_version()
    {
        await FillAsync(perTenant: 1);
        var old = await NewNodeAsync();
        await node.Rotation.RunAsync(VaultNode.Operator, progress: null, Ct);
        var tenant = VaultNode.NewTenant();

        await old.PutAsync(tenant, person, "made after the rotation");

        Assert.Equal(0, await CountAsync("select count(*) from data_keys where wrapped is not null and master_version < 2"));
        Assert.Equal("made after the rotation", await (await NewNodeAsync()).ReadAsync(tenant, person));
    }

    [Fact]
    public async Task A_value_that_does_not_open_keeps_its_key_and_is_counted()
    {
        await FillAsync(perTenant: 2);
        var good = await node.RawAsync(first, rows[0].Id);
        byte[] altered = [.. good];
        altered[^1] ^= 1;
        await node.PlantAsync(first, rows[0].Id, altered);

        var result = Assert.IsType<SecretRotation.Unfinished>(await node.Rotation.RunAsync(VaultNode.Operator, progress: null, Ct));

        Assert.Equal(1, result.RowsUnderOldKeys);
        Assert.Equal(2, (await NewNodeAsync()).Secrets.MasterEncryption.Versions.Length);

        await node.PlantAsync(first, rows[0].Id, good);
        Assert.IsType<SecretRotation.Completed>(await node.Rotation.RunAsync(VaultNode.Operator, progress: null, Ct));
        await AssertAllReadableAsync();
    }

    [Fact]
    public async Task Progress_ends_at_zero_keys_left()
    {
        await FillAsync(perTenant: 1);
        var reports = new Reports();

        await node.Rotation.RunAsync(VaultNode.Operator, reports, Ct);

        Assert.Equal(3, reports.All[0].KeysLeft);
        Assert.Equal(0, reports.All[^1].KeysLeft);
    }

    [Fact]
    public async Task With_the_key_given_as_a_value_the_operator_adds_and_removes_the_versions()
    {
        await FillAsync(perTenant: 1);
        var text = await File.ReadAllTextAsync(Path.Combine(root, "secrets", "master_encryption.key"), Ct);
        var given = await StartWithMasterAsync(text);

        var refusal = await Assert.ThrowsAsync<SecretUnusableException>(() => given.Rotation.RunAsync(VaultNode.Operator, progress: null, Ct));
        given = await StartWithMasterAsync($"{text}\nv2:{new string('7', 64)}");
        var result = await given.Rotation.RunAsync(VaultNode.Operator, progress: null, Ct);
        given = await StartWithMasterAsync($"v2:{new string('7', 64)}");

        Assert.Equal(SecretFault.Unwritable, refusal.Fault);
        Assert.True(Assert.IsType<SecretRotation.Completed>(result).RemoveOldVersions);
        Assert.Equal(rows[0].Text, await given.ReadAsync(rows[0].Tenant, rows[0].Id));
    }

    [Fact]
    public async Task An_erased_person_stays_erased()
    {
        await FillAsync(perTenant: 1);
        await node.Db.InTenantAsync(first, tx => EraseSubject.InAsync(tx, VaultNode.Operator, person, Ct), Ct);

        await node.Rotation.RunAsync(VaultNode.Operator, progress: null, Ct);

        Assert.IsType<SubjectKey.Erased>(await node.Db.InTenantAsync(first, tx => node.Keys.ForSubjectAsync(tx, person, Ct).AsTask(), Ct));
    }

    private async Task FillAsync(int perTenant)
    {
        foreach (var tenant in new[] { first, second })
        {
            await node.Db.InTenantAsync(tenant, async tx =>
            {
                for (var i = 0; i < perTenant; i++)
                {
                    rows.Add((tenant, VaultNode.NewId(), $"text {i} of {tenant}"));
                    await node.PutAsync(tx, rows[^1].Id, rows[^1].Text);
                }
            }, Ct);
        }

        await node.Db.InTenantAsync(first, async tx => { await node.Keys.ForSubjectAsync(tx, person, Ct); }, Ct);
    }

    // By a node that has no copies, so that it is the database that is believed.
    private async Task AssertAllReadableAsync()
    {
        var fresh = await NewNodeAsync();
        foreach (var (tenant, id, text) in rows.Where((_, i) => rows.Count < 50 || i % 20 == 0 || i == rows.Count - 1))
        {
            Assert.Equal(text, await fresh.ReadAsync(tenant, id));
        }

        await fresh.Db.InTenantAsync(first, async tx => { Assert.IsType<SubjectKey.Live>(await fresh.Keys.ForSubjectAsync(tx, person, Ct)); }, Ct);
    }

    private async Task<VaultNode> NewNodeAsync(TimeProvider? time = null) =>
        await VaultNode.StartAsync(database, await BootstrapSecrets.LoadOrCreateAsync(Path.Combine(root, "secrets"), Ct), time);

    private Task<VaultNode> StartWithMasterAsync(string master) => VaultNode.StartAsync(database, BootstrapSecrets.Load(secret =>
        secret is BootstrapSecret.MasterEncryption
            ? new SecretSource.Value(master)
            : new SecretSource.File(Path.Combine(root, "secrets", BootstrapSecrets.FileNameOf(secret)))));

    private static async Task KillAsync(Func<Task> run)
    {
        try
        {
            await run();
        }
        catch (OperationCanceledException)
        {
        }
    }

    private Task<long> CountAsync(string sql) => node.Db.AsSystemAsync(tx => tx.GetAsync<long>(sql, null, Ct), Ct);

    private sealed class KillingClock(CancellationTokenSource kill, int transactions) : TimeProvider
    {
        private int left = transactions;

        public override DateTimeOffset GetUtcNow()
        {
            if (Interlocked.Decrement(ref left) < 0)
            {
                kill.Cancel();
            }

            return base.GetUtcNow();
        }
    }

    private sealed class Reports : IProgress<RotationProgress>
    {
        public List<RotationProgress> All { get; } = [];

        public void Report(RotationProgress value) => All.Add(value);
    }
}
