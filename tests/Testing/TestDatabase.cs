using Signet.Platform.Data;
using Signet.Platform.Migrations;
using Xunit;

namespace Signet.Testing;

/// <summary>
/// A database of its own, dropped afterwards. As a class fixture (<c>IClassFixture&lt;TestDatabase&gt;</c>) it has every migration;
/// <see cref="CreateAsync"/> and <see cref="CreateEmptyAsync"/> give one to a single test.
/// </summary>
public sealed class TestDatabase : IAsyncLifetime
{
    private static int count;
    private readonly string schema;
    private readonly bool empty;
    private Database? database;

    public TestDatabase() : this(TestCluster.Schema, empty: false)
    {
    }

    private TestDatabase(string schema, bool empty)
    {
        this.schema = schema;
        this.empty = empty;
    }

    public string Name { get; } = $"test_{Environment.ProcessId}_{Interlocked.Increment(ref count)}";

    public Database Database => database ?? throw new InvalidOperationException("The database has not been made yet.");

    public DatabaseAddress Address => Database.Address;

    /// <summary>What other processes connect with.</summary>
    public string ConnectionString => Address.ConnectionString;

    /// <summary>With every migration of this build.</summary>
    public static Task<TestDatabase> CreateAsync() => MakeAsync(new TestDatabase());

    /// <summary>With nothing in it, not even the schema.</summary>
    public static Task<TestDatabase> CreateEmptyAsync(string schema = TestCluster.Schema) => MakeAsync(new TestDatabase(schema, empty: true));

    /// <summary>With a schema, its roles, and what this script makes; for tests of the platform that need tables of their own.</summary>
    /// <param name="sql">Like a migration: <c>{app}</c> and <c>{system}</c> are the roles.</param>
    public static async Task<TestDatabase> CreateWithAsync(string sql, string schema = TestCluster.Schema)
    {
        var made = await CreateEmptyAsync(schema);
        var script = Migration.Parse("0001_test.sql", System.Text.Encoding.UTF8.GetBytes(sql));
        await new Migrator(made.Database, TimeProvider.System, [script]).ApplyAsync(CancellationToken.None);
        return made;
    }

    /// <summary>The door to it, with the given clock and steps or with the real time and none.</summary>
    public Db Db(TimeProvider? time = null, Notifications? notifications = null, params IEnumerable<CommitStep> steps) =>
        new(Database, time ?? TimeProvider.System, notifications ?? new Notifications(), steps);

    public async ValueTask InitializeAsync()
    {
        var template = empty ? "template1" : await TestCluster.GetTemplateAsync();
        await TestCluster.AdministerAsync($"create database \"{Name}\" template {template} owner signet");
        database = new Database(await TestCluster.AddressOfAsync(Name, schema));
    }

    public async ValueTask DisposeAsync()
    {
        if (database is not null)
        {
            await database.DisposeAsync();
            await TestCluster.AdministerAsync($"drop database if exists \"{Name}\" with (force)");
        }
    }

    private static async Task<TestDatabase> MakeAsync(TestDatabase made)
    {
        await made.InitializeAsync();
        return made;
    }
}
