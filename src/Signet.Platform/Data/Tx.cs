using System.Data;
using System.Diagnostics;
using Npgsql;
using Signet.Platform.Outbox;

namespace Signet.Platform.Data;

/// <summary>
/// One transaction. Its beginning and its tenant travel with the first statement, its events and news with the commit,
/// so that a single write costs two round trips. Rows map to records by position: select columns in the order of the record's parameters.
/// </summary>
public sealed class Tx
{
    private readonly NpgsqlConnection connection;
    private readonly List<(string Sql, object? Arguments)> deferred = [];
    private readonly List<RaisedEvent> events = [];
    private readonly List<Notification> notifications = [];
    private readonly TimeProvider time;
    private readonly bool acrossTenants;
    private bool begun;
    private bool failed;

    internal Tx(NpgsqlConnection connection, TenantId tenant, bool acrossTenants, TimeProvider time)
    {
        this.connection = connection;
        this.acrossTenants = acrossTenants;
        this.time = time;
        Tenant = tenant;
        // What PostgreSQL keeps of a time: so an answer says the same before and after it was stored.
        var now = time.GetUtcNow();
        Now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    /// <summary>Whose rows this transaction sees; across tenants, the default tenant, to which the record of the crossing belongs.</summary>
    public TenantId Tenant { get; }

    /// <summary>The time of this transaction; the same at every statement.</summary>
    public DateTimeOffset Now { get; }

    public IReadOnlyList<RaisedEvent> Events => events;

    internal IReadOnlyList<Notification> Notifications => notifications;

    /// <summary>A new id of this transaction's moment.</summary>
    public TId NewId<TId>() where TId : struct, ITypedId<TId> => TypedId.New<TId>(time);

    /// <summary>The number of rows the statement touched.</summary>
    public async Task<int> ExecuteAsync(string sql, object? arguments, CancellationToken ct)
    {
        await using var batch = MakeBatch(sql, arguments, out _);
        await WatchAsync(sql, () => batch.ExecuteNonQueryAsync(ct));
        return batch.BatchCommands[^1].RecordsAffected;
    }

    public async Task<List<T>> ListAsync<T>(string sql, object? arguments, CancellationToken ct)
    {
        await using var batch = MakeBatch(sql, arguments, out var skip);
        return await WatchAsync(sql, () => ReadAsync<T>(batch, skip, ct));
    }

    /// <summary>The first row, or null.</summary>
    public async Task<T?> FindAsync<T>(string sql, object? arguments, CancellationToken ct) where T : class =>
        await ListAsync<T>(sql, arguments, ct) is [var row, ..] ? row : null;

    /// <summary>The first row's one value; the type's default where there is no row.</summary>
    public async Task<T?> ScalarAsync<T>(string sql, object? arguments, CancellationToken ct) =>
        await ListAsync<T>(sql, arguments, ct) is [var value, ..] ? value : default;

    /// <summary>The one row; anything else is a bug.</summary>
    public async Task<T> GetAsync<T>(string sql, object? arguments, CancellationToken ct) =>
        await ListAsync<T>(sql, arguments, ct) is [var row] ? row : throw new InvalidOperationException("The statement was to give exactly one row.");

    /// <summary>Runs with the commit, in its round trip, after everything awaited. For writes whose result nobody needs.</summary>
    public void Defer(string sql, object? arguments) => deferred.Add((sql, arguments));

    /// <summary>Records that something happened, in the audit record and, where somebody subscribes, in the outbox; both commit with this transaction.</summary>
    public void Emit(Origin origin, DomainEvent happened) => EmitFor(Tenant, origin, happened);

    /// <summary>The same for a transaction across tenants, which must say whose record it belongs to.</summary>
    public void EmitFor(TenantId tenant, Origin origin, DomainEvent happened) =>
        events.Add(new RaisedEvent(Guid.CreateVersion7(time.GetUtcNow()), tenant, origin, happened, Now));

    /// <summary>Tells every node, when this commits, that its copy of <paramref name="key"/> is old.</summary>
    public void Notify(string topic, string key) => notifications.Add(new Notification(topic, key));

    /// <summary>True from the moment the commit is sent: from then on an error no longer tells that nothing was written.</summary>
    internal bool Committing { get; private set; }

    internal async Task CommitAsync(string channel, CancellationToken ct)
    {
        if (failed)
        {
            // PostgreSQL would answer this commit with a rollback and no error.
            throw new InvalidOperationException("A statement of this transaction failed and its error was swallowed; nothing of it can be committed.");
        }

        ct.ThrowIfCancellationRequested();
        foreach (var news in notifications)
        {
            Defer("select pg_notify(@channel, @payload)", new { channel, payload = $"{news.Topic}:{news.Key}" });
        }

        if (!begun && deferred.Count == 0)
        {
            return;
        }

        await using var batch = new NpgsqlBatch(connection);
        BeginIn(batch);
        foreach (var (sql, arguments) in deferred)
        {
            AddTo(batch, sql, arguments);
        }

        AddTo(batch, "commit", null);
        Committing = true;
        // Not to be cancelled: whoever is told of a cancellation may rely on nothing having been written.
        var sent = Stopwatch.GetTimestamp();
        await batch.ExecuteNonQueryAsync(CancellationToken.None);
        QueryMetrics.Record("commit", sent);
    }

    internal async Task RollbackAsync()
    {
        if (!begun || !connection.FullState.HasFlag(ConnectionState.Open) || connection.FullState.HasFlag(ConnectionState.Broken))
        {
            return;
        }

        try
        {
            await using var rollback = new NpgsqlCommand("rollback", connection);
            await rollback.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (NpgsqlException)
        {
            // The connection is lost, and the transaction with it; the error that brought us here is the one to tell.
        }
    }

    private async Task<T> WatchAsync<T>(string sql, Func<Task<T>> statement)
    {
        var sent = Stopwatch.GetTimestamp();
        try
        {
            return await statement();
        }
        catch
        {
            failed = true;
            throw;
        }
        finally
        {
            QueryMetrics.Record(sql, sent);
        }
    }

    /// <summary>Parses every row of the first result after the ones to skip.</summary>
    internal static async Task<List<T>> ReadAsync<T>(NpgsqlBatch batch, int skip, CancellationToken ct)
    {
        await using var reader = await batch.ExecuteReaderAsync(ct);
        for (; skip > 0; skip--)
        {
            await reader.NextResultAsync(ct);
        }

        var rows = new List<T>();
        if (reader.FieldCount > 0)
        {
            var parse = RowMapping<T>.For(reader, batch.BatchCommands[^1].CommandText);
            while (await reader.ReadAsync(ct))
            {
                rows.Add(parse(reader));
            }
        }

        // Errors of later statements of the batch surface only when their results are asked for.
        while (await reader.NextResultAsync(ct))
        {
        }

        return rows;
    }

    internal static void AddTo(NpgsqlBatch batch, string sql, object? arguments)
    {
        var command = new NpgsqlBatchCommand(sql);
        Arguments.Bind(command.Parameters, arguments);
        batch.BatchCommands.Add(command);
    }

    private NpgsqlBatch MakeBatch(string sql, object? arguments, out int skip)
    {
        var batch = new NpgsqlBatch(connection);
        skip = BeginIn(batch);
        AddTo(batch, sql, arguments);
        return batch;
    }

    // How many result sets the statements added here give.
    private int BeginIn(NpgsqlBatch batch)
    {
        if (begun)
        {
            return 0;
        }

        begun = true;
        AddTo(batch, "begin", null);
        if (acrossTenants)
        {
            return 0;
        }

        AddTo(batch, SetTenant, new { tenant = Tenant.ToString() });
        return 1;
    }

    internal const string SetTenant = "select set_config('signet.tenant', @tenant, true)";
}
