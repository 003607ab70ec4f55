using System.Threading.Channels;
using Npgsql;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Audit.Storage;

namespace Signet.Server.Audit;

/// <summary>
/// Records what happened in requests that write nothing else. The caller goes on when its record is durable, and fails when it can't be.
/// One commit carries whatever has queued up while the one before it ran: alone it costs a commit, under load a fraction of one.
/// Where an event has subscribers, the outbox is written in the same commit.
/// </summary>
public sealed class AuditWriter : IAsyncDisposable
{
    internal const int LargestGroup = 256;

    // Enough for the records that arrive while a commit stalls; callers beyond it wait here and not in memory.
    private const int QueueLength = 4096;

    private readonly Channel<Waiting> queue = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(QueueLength) { SingleReader = true });
    private readonly Waiting[] group = new Waiting[LargestGroup];
    private readonly AuditRecord[] records = new AuditRecord[LargestGroup];
    private readonly List<OutboxLetter> letters = [];
    private readonly Database database;
    private readonly AuditScribe scribe;
    private readonly EventSubscriptions subscriptions;
    private readonly AuditMetrics metrics;
    private readonly TimeProvider time;
    private readonly ILogger<AuditWriter> log;
    private readonly Task writing;
    private GroupInsert? insert;

    internal AuditWriter(
        Database database, AuditScribe scribe, EventSubscriptions subscriptions, AuditMetrics metrics, TimeProvider time, ILogger<AuditWriter> log)
    {
        this.database = database;
        this.scribe = scribe;
        this.subscriptions = subscriptions;
        this.metrics = metrics;
        this.time = time;
        this.log = log;
        writing = Task.Run(WriteAllAsync);
    }

    public Task RecordAsync(TenantId tenant, Origin origin, DomainEvent happened, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        return RecordAsync(new RaisedEvent(Guid.CreateVersion7(now), tenant, origin, happened, now), ct);
    }

    /// <summary>Returns when the record is durable. <paramref name="ct"/> stops the wait for a place in the queue; a record that has one is written.</summary>
    /// <exception cref="AuditUnavailableException">The record could not be written; the caller must not acknowledge.</exception>
    public async Task RecordAsync(RaisedEvent raised, CancellationToken ct)
    {
        var waiting = new Waiting(await scribe.WriteAsync(raised, null, ct), await subscriptions.AddressAsync(raised, null, ct));
        if (!queue.Writer.TryWrite(waiting))
        {
            await queue.Writer.WriteAsync(waiting, ct);
        }

        await waiting.Durable.Task;
        metrics.Counted(waiting.Record);
    }

    /// <summary>Writes what has queued up, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await writing;
    }

    private async Task WriteAllAsync()
    {
        while (await queue.Reader.WaitToReadAsync())
        {
            var count = 0;
            while (count < LargestGroup && queue.Reader.TryRead(out var waiting))
            {
                group[count] = waiting;
                records[count++] = waiting.Record;
            }

            metrics.GroupWritten(count);
            await WriteGroupAsync(count);
            Array.Clear(group, 0, count);
            Array.Clear(records, 0, count);
        }

        await CloseAsync();
    }

    private async Task WriteGroupAsync(int count)
    {
        if (await TryWriteAsync(0, count) is not { } failure)
        {
            Complete(0, count, null);
        }
        else if (failure is PostgresException && count > 1)
        {
            // One record that the database refuses must not take its neighbours with it.
            for (var i = 0; i < count; i++)
            {
                Complete(i, 1, await TryWriteAsync(i, 1));
            }
        }
        else
        {
            Complete(0, count, failure);
        }
    }

    // A connection that broke says nothing about the group it carried: sent again on a new one, the group is written once.
    private async Task<Exception?> TryWriteAsync(int first, int count)
    {
        for (var again = false; ; again = true)
        {
            try
            {
                insert ??= await GroupInsert.OpenAsync(database.For(DatabaseRole.System), CancellationToken.None);
                CollectLetters(first, count);
                await insert.RunAsync(records.AsMemory(first, count), letters, database.Channel, CancellationToken.None);
                return null;
            }
            catch (PostgresException refused) when (!IsOfTheConnection(refused))
            {
                return refused;
            }
            catch (Exception broken) when (broken is NpgsqlException or IOException or TimeoutException or InvalidOperationException or ObjectDisposedException)
            {
                await CloseAsync();
                if (again)
                {
                    return broken;
                }
            }
        }
    }

    private void CollectLetters(int first, int count)
    {
        letters.Clear();
        foreach (var waiting in group.AsSpan(first, count))
        {
            if (waiting.Letter is { } letter)
            {
                letters.Add(letter);
            }
        }
    }

    // Class 57 is the operator's intervention (a terminated backend, a shutdown), class 08 the connection itself.
    private static bool IsOfTheConnection(PostgresException e) =>
        e.SqlState.StartsWith("57P", StringComparison.Ordinal) || e.SqlState.StartsWith("08", StringComparison.Ordinal);

    private void Complete(int first, int count, Exception? failure)
    {
        if (failure is not null)
        {
            log.RecordsNotWritten(count, failure);
        }

        foreach (var waiting in group.AsSpan(first, count))
        {
            if (failure is null)
            {
                waiting.Durable.SetResult();
            }
            else
            {
                waiting.Durable.SetException(new AuditUnavailableException(failure));
            }
        }
    }

    private async Task CloseAsync()
    {
        if (insert is { } broken)
        {
            insert = null;
            try
            {
                await broken.DisposeAsync();
            }
            catch (NpgsqlException)
            {
                // It was broken already.
            }
        }
    }

    private sealed class Waiting(AuditRecord record, OutboxLetter? letter)
    {
        public AuditRecord Record => record;

        public OutboxLetter? Letter => letter;

        // The writer must not run its callers' continuations.
        public TaskCompletionSource Durable { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>What was to be done could not be put on record, so it must not count as done.</summary>
public sealed class AuditUnavailableException(Exception inner) : Exception("The audit record could not be written.", inner);
