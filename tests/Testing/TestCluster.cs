using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Signet.Platform;
using Signet.Platform.Data;
using Signet.Platform.Migrations;
using Signet.Platform.Postgres;

namespace Signet.Testing;

/// <summary>
/// One private cluster for all tests of a working copy, kept between runs, and in it one migrated template for each set of migrations.
/// Its commits do not wait for the disk.
/// </summary>
public static class TestCluster
{
    private static readonly Lazy<Task<PrivateCluster>> Cluster = new(OpenAsync);
    private static readonly Lazy<Task<string>> Template = new(() => MakeTemplateAsync(Migration.Embedded));

    /// <summary>The schema of every test database that does not ask for another.</summary>
    public const string Schema = "signet";

    public static string Folder => Path.Combine(Repository.Artifacts, "test-cluster");

    public static PrivateClusterOptions Options(string folder) => new(folder)
    {
        BinFolder = Environment.GetEnvironmentVariable("SIGNET_PG_BIN"),
        SearchPath = Environment.GetEnvironmentVariable("PATH") ?? "",
        PackageFolders = [Path.Combine(Repository.Root, "node_modules")],
        Durable = false,
    };

    public static Task<PrivateCluster> GetAsync() => Cluster.Value;

    /// <summary>The name of a database that has every migration and no rows of its own.</summary>
    internal static Task<string> GetTemplateAsync() => Template.Value;

    /// <summary>Runs a script as PostgreSQL's superuser, in a test's database or in none.</summary>
    public static async Task AdministerAsync(string sql, TestDatabase? test = null)
    {
        var address = new NpgsqlConnectionStringBuilder((await GetAsync()).AdministratorConnectionString);
        if (test is not null)
        {
            address.Database = test.Name;
            address.Pooling = false;
        }

        await using var connection = new NpgsqlConnection(address.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync();
    }

    internal static async Task<DatabaseAddress> AddressOfAsync(string database, string schema)
    {
        var connection = new NpgsqlConnectionStringBuilder((await GetAsync()).ConnectionString) { Database = database }.ConnectionString;
        return new DatabaseAddress(connection, connection, schema, PoolSize: 16);
    }

    private static async Task<PrivateCluster> OpenAsync()
    {
        var cluster = await OpenOrRemakeAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => cluster.DisposeAsync().AsTask().GetAwaiter().GetResult();
        await DropLeftoversAsync(cluster);
        return cluster;
    }

    // Without fsync a machine that went down may leave it broken; nothing in it is worth repair.
    private static async Task<PrivateCluster> OpenOrRemakeAsync()
    {
        try
        {
            return await PrivateCluster.OpenAsync(Options(Folder), NullLogger.Instance, CancellationToken.None);
        }
        catch (StartRefusedException) when (Directory.Exists(Path.Combine(Folder, "postgres", "cluster")))
        {
            Directory.Delete(Path.Combine(Folder, "postgres", "cluster"), recursive: true);
            return await PrivateCluster.OpenAsync(Options(Folder), NullLogger.Instance, CancellationToken.None);
        }
    }

    // Databases of test processes that were killed; the process is in the name.
    private static async Task DropLeftoversAsync(PrivateCluster cluster)
    {
        await using var connection = new NpgsqlConnection(cluster.AdministratorConnectionString);
        await connection.OpenAsync();
        List<string> names = [];
        await using (var list = new NpgsqlCommand("select datname from pg_database where datname like 'test\\_%'", connection))
        await using (var rows = await list.ExecuteReaderAsync())
        {
            while (await rows.ReadAsync())
            {
                names.Add(rows.GetString(0));
            }
        }

        foreach (var name in names.Where(n => !Directory.Exists($"/proc/{n.Split('_')[1]}")))
        {
            await using var drop = new NpgsqlCommand($"drop database if exists \"{name}\" with (force)", connection);
            await drop.ExecuteNonQueryAsync();
        }
    }

    private static async Task<string> MakeTemplateAsync(IReadOnlyList<Migration> migrations)
    {
        var checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', migrations.Select(m => m + m.Checksum)))));
        var name = $"template_{checksum[..16]}";
        await using var connection = new NpgsqlConnection((await GetAsync()).AdministratorConnectionString);
        await connection.OpenAsync();
        // Another test process may be at the same thing.
        await RunAsync(connection, "select pg_advisory_lock(4711)");
        if (!await ExistsAsync(connection, name))
        {
            var unfinished = $"unfinished_{checksum[..16]}";
            await RunAsync(connection, $"drop database if exists {unfinished} with (force)");
            await RunAsync(connection, $"create database {unfinished} owner signet");
            await using (var database = new Database(await AddressOfAsync(unfinished, Schema)))
            {
                await new Migrator(database, TimeProvider.System, migrations).ApplyAsync(CancellationToken.None);
            }

            await RunAsync(connection, $"alter database {unfinished} rename to {name}");
        }

        await RunAsync(connection, "select pg_advisory_unlock(4711)");
        return name;
    }

    private static async Task<bool> ExistsAsync(NpgsqlConnection connection, string database)
    {
        await using var command = new NpgsqlCommand($"select exists (select from pg_database where datname = '{database}')", connection);
        return await command.ExecuteScalarAsync() is true;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync();
    }
}
