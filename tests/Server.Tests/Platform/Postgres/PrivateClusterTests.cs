using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Signet.Platform;
using Signet.Platform.Postgres;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Platform.Postgres;

public sealed class PrivateClusterTests : IDisposable
{
    private readonly string folder = Repository.NewFolder("cluster");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        var place = Path.Combine(folder, "postgres");
        if (new DirectoryInfo(place).LinkTarget is { } elsewhere && Directory.Exists(elsewhere))
        {
            Directory.Delete(elsewhere, recursive: true);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_new_cluster_serves_an_account_that_is_no_superuser_and_keeps_its_rows()
    {
        await using (var first = await OpenAsync())
        {
            Assert.True(first.Owned);
            Assert.Equal("signet false true", await ScalarAsync(
                first, "select concat_ws(' ', rolname, case when rolsuper then 'true' else 'false' end, case when rolcreaterole then 'true' else 'false' end) from pg_roles where rolname = current_user"));
            Assert.Equal("", await ScalarAsync(first, "show listen_addresses"));
            await RunAsync(first, "create table kept as select 42 as value");
        }

        await using var second = await OpenAsync();

        Assert.Equal("42", await ScalarAsync(second, "select value::text from kept"));
    }

    [Fact]
    public async Task A_killed_server_is_started_again_and_has_what_was_committed()
    {
        await using var cluster = await OpenAsync();
        await RunAsync(cluster, "create table kept as select 42 as value");
        var killed = await PostmasterOfAsync(cluster);

        Posix.Signal(killed, Posix.Kill);
        await EventuallyAsync(async () => await PostmasterOfAsync(cluster) != killed);

        Assert.Equal("42", await ScalarAsync(cluster, "select value::text from kept"));
    }

    [Fact]
    public async Task A_pid_file_of_a_process_that_is_something_else_does_not_stop_a_start()
    {
        await (await OpenAsync()).DisposeAsync();
        var settings = ClusterFolder.At(folder);
        await File.WriteAllTextAsync(settings.PidFile, $"{Environment.ProcessId}\n{settings.Cluster}\n1\n5432\n{settings.SocketFolder}\n\n", Ct);
        await File.WriteAllTextAsync(Path.Combine(settings.SocketFolder, ".s.PGSQL.5432.lock"), $"{Environment.ProcessId}\n", Ct);

        await using var cluster = await OpenAsync();

        Assert.Equal("1", await ScalarAsync(cluster, "select 1::text"));
    }

    [Fact]
    public async Task A_server_whose_owner_died_is_stopped_and_its_rows_are_kept()
    {
        using var orphan = await OrphanAsync("create table kept as select 42 as value");

        await using var cluster = await OpenAsync();

        Assert.True(orphan.WaitForExit(TimeSpan.FromSeconds(5)));
        Assert.Equal("42", await ScalarAsync(cluster, "select value::text from kept"));
    }

    [Fact]
    public async Task A_backend_that_outlived_its_killed_server_does_not_stop_a_start()
    {
        using var orphan = await OrphanAsync("create table kept as select 42 as value");
        await using var connection = await ConnectAsync(ConnectionString());
        await using var sleep = new NpgsqlCommand("select pg_sleep(600)", connection) { CommandTimeout = 0 };
        var sleeping = sleep.ExecuteNonQueryAsync(Ct);

        Posix.Signal(orphan.Id, Posix.Kill);
        await using var cluster = await OpenAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => sleeping);
        Assert.Equal("42", await ScalarAsync(cluster, "select value::text from kept"));
    }

    [Theory]
    [InlineData("data folder")]
    [InlineData("it's \"ünder\", here")]
    [InlineData("so-long-that-no-socket-has-room-below-it-so-long-that-no-socket-has-room-below-it-so-long-that-no-socket-has-room")]
    public async Task Any_path_will_do(string name)
    {
        await using var cluster = await PrivateCluster.OpenAsync(
            TestCluster.Options(Path.Combine(folder, name)), NullLogger.Instance, Ct);

        Assert.Equal("1", await ScalarAsync(cluster, "select 1::text"));
        Assert.True(cluster.SocketFolder.Length < 100);
    }

    [Fact]
    public async Task A_second_process_connects_and_takes_over_when_the_first_ends()
    {
        var first = await OpenAsync();
        await using var second = await OpenAsync();
        var owned = (first.Owned, second.Owned);
        await RunAsync(second, "create table kept as select 42 as value");

        await first.DisposeAsync();
        await EventuallyAsync(() => Task.FromResult(second.Owned));

        Assert.Equal((true, false), owned);
        Assert.Equal("42", await ScalarAsync(second, "select value::text from kept"));
    }

    [Fact]
    public async Task Processes_that_start_at_once_share_one_server()
    {
        var clusters = await Task.WhenAll(OpenAsync(), OpenAsync(), OpenAsync());

        Assert.Single(clusters, c => c.Owned);
        foreach (var cluster in clusters.OrderBy(c => c.Owned))
        {
            await cluster.DisposeAsync();
        }
    }

    [Fact]
    public async Task Missing_programs_are_named_with_what_to_do()
    {
        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => PrivateCluster.OpenAsync(
            TestCluster.Options(folder) with { BinFolder = "/nowhere" }, NullLogger.Instance, Ct));

        Assert.Contains("apt install postgresql", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public async Task Programs_that_do_not_run_are_named()
    {
        var broken = Directory.CreateDirectory(Path.Combine(folder, "bin")).FullName;
        await File.WriteAllTextAsync(Path.Combine(broken, "postgres"), "", Ct);
        await File.WriteAllTextAsync(Path.Combine(broken, "initdb"), "", Ct);

        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => PrivateCluster.OpenAsync(
            TestCluster.Options(folder) with { BinFolder = broken }, NullLogger.Instance, Ct));

        Assert.Contains(broken, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_of_another_major_version_names_the_one_it_needs()
    {
        await (await OpenAsync()).DisposeAsync();
        await File.WriteAllTextAsync(Path.Combine(ClusterFolder.At(folder).Cluster, "PG_VERSION"), "99\n", Ct);

        var refused = await Assert.ThrowsAsync<StartRefusedException>(OpenAsync);

        Assert.Contains("postgresql-99", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_half_made_cluster_is_made_anew()
    {
        var settings = ClusterFolder.Prepare(folder);
        Directory.CreateDirectory(Path.Combine(settings.Unfinished, "base"));

        await using var cluster = await OpenAsync();

        Assert.Equal("1", await ScalarAsync(cluster, "select 1::text"));
    }

    [Fact]
    public async Task Below_a_folder_that_only_root_may_pass_the_cluster_is_put_where_its_account_can_reach_it()
    {
        Assert.SkipUnless(OsAccount.Current.IsRoot, "Only root runs the cluster as another account.");
        var closed = Directory.CreateDirectory(Path.Combine(folder, "closed"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var data = Path.Combine(closed.FullName, "data");

        await using (var cluster = await PrivateCluster.OpenAsync(TestCluster.Options(data), NullLogger.Instance, Ct))
        {
            await RunAsync(cluster, "create table kept as select 42 as value");
        }

        await using (var again = await PrivateCluster.OpenAsync(TestCluster.Options(data), NullLogger.Instance, Ct))
        {
            Assert.Equal("42", await ScalarAsync(again, "select value::text from kept"));
        }

        var target = new DirectoryInfo(Path.Combine(data, "postgres")).LinkTarget!;
        Assert.StartsWith("/var/lib/signet/", target, StringComparison.Ordinal);
        Directory.Delete(target, recursive: true);
    }

    private Task<PrivateCluster> OpenAsync() => PrivateCluster.OpenAsync(TestCluster.Options(folder), NullLogger.Instance, Ct);

    private string ConnectionString() => PrivateCluster.ConnectionTo(ClusterFolder.At(folder), "signet", "signet") + ";Pooling=false";

    // A server as a killed process would leave it, on a machine without a death signal.
    private async Task<Process> OrphanAsync(string sql)
    {
        await (await OpenAsync()).DisposeAsync();
        var place = ClusterFolder.At(folder);
        var binaries = PostgresBinaries.Find(TestCluster.Options(folder), place.Major);
        string[] change = OsAccount.Current.IsRoot
            ? ["--reuid", place.Account.User.ToString(), "--regid", place.Account.Group.ToString(), "--clear-groups"] : [];
        var orphan = Process.Start(new ProcessStartInfo("setpriv", [.. change, binaries.Postgres, "-D", place.Cluster])
        {
            WorkingDirectory = "/",
            UseShellExecute = false,
            RedirectStandardError = true,
        })!;
        await EventuallyAsync(async () =>
        {
            await using var connection = await ConnectAsync(ConnectionString());
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(Ct);
            return true;
        });
        return orphan;
    }

    private static async Task<int> PostmasterOfAsync(PrivateCluster cluster) =>
        int.Parse(await ScalarAsync(cluster, "select split_part(pg_read_file('postmaster.pid'), E'\\n', 1)", cluster.AdministratorConnectionString) ?? "");

    private static async Task<string?> ScalarAsync(PrivateCluster cluster, string sql, string? address = null)
    {
        await using var connection = await ConnectAsync((address ?? cluster.ConnectionString) + ";Pooling=false");
        await using var command = new NpgsqlCommand(sql, connection);
        return (string?)await command.ExecuteScalarAsync(Ct);
    }

    private static async Task RunAsync(PrivateCluster cluster, string sql)
    {
        await using var connection = await ConnectAsync(cluster.ConnectionString + ";Pooling=false");
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Ct);
    }

    private static async Task<NpgsqlConnection> ConnectAsync(string address)
    {
        var connection = new NpgsqlConnection(address);
        await connection.OpenAsync(Ct);
        return connection;
    }

    private static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                if (await condition())
                {
                    return;
                }
            }
            catch (NpgsqlException) when (waited.Elapsed < TimeSpan.FromSeconds(30))
            {
            }

            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(30), "It did not come to pass.");
            await Task.Delay(20, Ct);
        }
    }
}
