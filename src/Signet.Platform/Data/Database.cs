using System.Text.RegularExpressions;
using Npgsql;

namespace Signet.Platform.Data;

/// <summary>Where the database is, and how many connections each role may hold.</summary>
/// <param name="ConnectionString">What the server and its workers connect with; a member of the application and system roles.</param>
/// <param name="OwnerConnectionString">What migrations connect with; the same where one account does both.</param>
/// <param name="Schema">The one schema, reached by search_path.</param>
public sealed partial record DatabaseAddress(string ConnectionString, string OwnerConnectionString, string Schema, int PoolSize)
{
    public string ApplicationRole => $"{Schema}_app";

    public string SystemRole => $"{Schema}_system";

    /// <summary>Letters, digits, <c>_</c> and <c>-</c>; it stands in role names and in connection options.</summary>
    public static bool IsSchemaName(string name) => SchemaName().IsMatch(name);

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_-]{0,49}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex SchemaName();
}

/// <summary>One connection pool a role. Nothing but <see cref="Db"/>, migrations and the long-lived listeners takes a connection from it.</summary>
public sealed class Database(DatabaseAddress address) : IAsyncDisposable
{
    private readonly Lazy<NpgsqlDataSource> application = new(() => Open(address, DatabaseRole.Application));
    private readonly Lazy<NpgsqlDataSource> system = new(() => Open(address, DatabaseRole.System));
    private readonly Lazy<NpgsqlDataSource> owner = new(() => Open(address, DatabaseRole.Owner));

    public DatabaseAddress Address => address;

    /// <summary>The <c>NOTIFY</c> channel of this installation's schema.</summary>
    public string Channel => $"signet_{address.Schema}";

    public NpgsqlDataSource For(DatabaseRole role) => role switch
    {
        DatabaseRole.Application => application.Value,
        DatabaseRole.System => system.Value,
        DatabaseRole.Owner => owner.Value,
    };

    /// <summary>Forgets idle connections, which do not outlive the server they were made to.</summary>
    internal void ClearPools()
    {
        foreach (var source in new[] { application, system, owner }.Where(s => s.IsValueCreated))
        {
            source.Value.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var source in new[] { application, system, owner }.Where(s => s.IsValueCreated))
        {
            await source.Value.DisposeAsync();
        }
    }

    private static NpgsqlDataSource Open(DatabaseAddress address, DatabaseRole role)
    {
        var text = new NpgsqlConnectionStringBuilder(role is DatabaseRole.Owner ? address.OwnerConnectionString : address.ConnectionString)
        {
            ApplicationName = $"signet {SnakeCase.Of(role)}",
            SearchPath = $"\"{address.Schema}\"",
            MaxPoolSize = role is DatabaseRole.Application ? address.PoolSize : Math.Max(4, address.PoolSize / 4),
            MaxAutoPrepare = role is DatabaseRole.Owner ? 0 : 256,
            AutoPrepareMinUsages = 3,
            // A reset would end the role that is set below and make us the owner. Settings are made per transaction, so there is nothing to reset.
            NoResetOnClose = true,
            Options = role switch
            {
                DatabaseRole.Application => Limits + $" -c role={address.ApplicationRole}",
                DatabaseRole.System => Limits + $" -c role={address.SystemRole}",
                DatabaseRole.Owner => "-c lock_timeout=60s",
            },
        };
        return new NpgsqlDataSourceBuilder(text.ConnectionString).Build();
    }

    private const string Limits = "-c statement_timeout=30s -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s";
}
