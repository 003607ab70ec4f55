using System.Net.Sockets;
using Npgsql;
using Signet.Platform.Outbox;

namespace Signet.Platform.Data;

/// <summary>Adds what must commit with the work: audit rows, outbox rows. Runs after the work, before the commit.</summary>
public delegate ValueTask CommitStep(Tx tx, CancellationToken ct);

/// <summary>
/// The only door to a <see cref="Tx"/>. Work that loses a serialization race, a deadlock or its connection before the commit is run again,
/// so it must touch nothing but its transaction.
/// </summary>
public sealed class Db
{
    private const int Attempts = 4;
    private readonly Database database;
    private readonly TimeProvider time;
    private readonly Notifications notifications;
    private readonly CommitStep[] steps;

    public Db(Database database, TimeProvider time, Notifications notifications, IEnumerable<CommitStep> steps)
    {
        this.database = database;
        this.time = time;
        this.notifications = notifications;
        this.steps = [.. steps];
    }

    public string Channel => database.Channel;

    /// <summary>The normal door: sees and writes this tenant's rows only.</summary>
    public Task<T> InTenantAsync<T>(TenantId tenant, Func<Tx, Task<T>> work, CancellationToken ct) =>
        RunAsync(DatabaseRole.Application, tenant, work, ct);

    public Task InTenantAsync(TenantId tenant, Func<Tx, Task> work, CancellationToken ct) =>
        InTenantAsync(tenant, async tx => { await work(tx); return true; }, ct);

    /// <summary>For workers: sees every tenant, and leaves a record in the default tenant that says why.</summary>
    public Task<T> AcrossTenantsAsync<T>(Origin origin, string reason, Func<Tx, Task<T>> work, CancellationToken ct) =>
        RunAsync(DatabaseRole.System, TenantId.Default, async tx =>
        {
            tx.Emit(origin, new TenantsCrossed(reason));
            return await work(tx);
        }, ct);

    /// <summary>For the platform's own tables and look-ups that must come before a tenant is known. A test lists who may call it.</summary>
    public Task<T> AsSystemAsync<T>(Func<Tx, Task<T>> work, CancellationToken ct) =>
        RunAsync(DatabaseRole.System, TenantId.Default, work, ct);

    public Task AsSystemAsync(Func<Tx, Task> work, CancellationToken ct) =>
        AsSystemAsync(async tx => { await work(tx); return true; }, ct);

    /// <summary>One statement that reads, in one round trip: the tenant and the query share an implicit transaction.</summary>
    public async Task<List<T>> ListInTenantAsync<T>(TenantId tenant, string sql, object? arguments, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = await database.For(DatabaseRole.Application).OpenConnectionAsync(ct);
                await using var batch = new NpgsqlBatch(connection);
                Tx.AddTo(batch, Tx.SetTenant, new { tenant = tenant.ToString() });
                Tx.AddTo(batch, sql, arguments);
                var sent = System.Diagnostics.Stopwatch.GetTimestamp();
                var rows = await Tx.ReadAsync<T>(batch, skip: 1, ct);
                QueryMetrics.Record(sql, sent);
                return rows;
            }
            catch (NpgsqlException lost) when (attempt < Attempts && IsConnectionLost(lost))
            {
                await PauseAsync(attempt, lost, ct);
            }
        }
    }

    /// <summary>The first row of <see cref="ListInTenantAsync{T}"/>, or null.</summary>
    public async Task<T?> FindInTenantAsync<T>(TenantId tenant, string sql, object? arguments, CancellationToken ct) where T : class =>
        await ListInTenantAsync<T>(tenant, sql, arguments, ct) is [var row, ..] ? row : null;

    private async Task<T> RunAsync<T>(DatabaseRole role, TenantId tenant, Func<Tx, Task<T>> work, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            Tx? tx = null;
            try
            {
                await using var connection = await database.For(role).OpenConnectionAsync(ct);
                tx = new Tx(connection, tenant, acrossTenants: role is DatabaseRole.System, time);
                return await RunOnceAsync(tx, work, ct);
            }
            catch (NpgsqlException lost) when (attempt < Attempts && IsRetryable(lost, tx))
            {
                await PauseAsync(attempt, lost, ct);
            }
        }
    }

    private async Task<T> RunOnceAsync<T>(Tx tx, Func<Tx, Task<T>> work, CancellationToken ct)
    {
        T result;
        try
        {
            result = await work(tx);
            foreach (var step in steps)
            {
                await step(tx, ct);
            }

            await tx.CommitAsync(Channel, ct);
        }
        catch
        {
            await tx.RollbackAsync();
            throw;
        }

        foreach (var news in tx.Notifications)
        {
            notifications.Deliver(news);
        }

        return result;
    }

    // PostgreSQL tells of a lost race that nothing was written; a lost connection only tells so while the commit has not been sent.
    private static bool IsRetryable(NpgsqlException lost, Tx? tx) =>
        lost.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected
        || (tx is not { Committing: true } && IsConnectionLost(lost));

    // Restart, fail-over, or a pooled connection that died while nobody used it.
    private static bool IsConnectionLost(NpgsqlException lost) => lost switch
    {
        PostgresException => lost.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow,
        _ => lost.InnerException is IOException or SocketException or EndOfStreamException,
    };

    private Task PauseAsync(int attempt, NpgsqlException lost, CancellationToken ct)
    {
        if (IsConnectionLost(lost))
        {
            // What else lies in the pools died with it.
            database.ClearPools();
        }

        return Task.Delay(TimeSpan.FromMilliseconds((IsConnectionLost(lost) ? 60 : 5) << attempt), ct);
    }
}
