using Npgsql;
using Signet.Platform.Outbox;

namespace Signet.Server.Audit.Storage;

/// <summary>
/// The prepared statement of the group writer on its own connection: a group of records is one transaction.
/// A group whose fate was lost with the connection may be sent again: a record that is there already is left as it is.
/// </summary>
internal sealed class GroupInsert : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;
    private readonly NpgsqlCommand command;
    private readonly List<Guid> tenants = [];
    private readonly List<Guid> ids = [];
    private readonly List<DateTimeOffset> times = [];
    private readonly List<string> actions = [];
    private readonly List<string> outcomes = [];
    private readonly List<string> actorKinds = [];
    private readonly List<string?> actorIds = [];
    private readonly List<string> targetKinds = [];
    private readonly List<string> targetIds = [];
    private readonly List<string> requestIds = [];
    private readonly List<byte[]> contents = [];
    private readonly List<byte[]> leaves = [];
    private readonly List<byte[]> macs = [];
    private readonly List<short> macVersions = [];

    private GroupInsert(NpgsqlConnection connection)
    {
        this.connection = connection;
        command = new NpgsqlCommand(AuditEvents.Insert + " on conflict (tenant_id, id) do nothing", connection)
        {
            Parameters =
            {
                new NpgsqlParameter<List<Guid>>("tenants", tenants),
                new NpgsqlParameter<List<Guid>>("ids", ids),
                new NpgsqlParameter<List<DateTimeOffset>>("times", times),
                new NpgsqlParameter<List<string>>("actions", actions),
                new NpgsqlParameter<List<string>>("outcomes", outcomes),
                new NpgsqlParameter<List<string>>("actor_kinds", actorKinds),
                new NpgsqlParameter<List<string?>>("actor_ids", actorIds),
                new NpgsqlParameter<List<string>>("target_kinds", targetKinds),
                new NpgsqlParameter<List<string>>("target_ids", targetIds),
                new NpgsqlParameter<List<string>>("request_ids", requestIds),
                new NpgsqlParameter<List<byte[]>>("contents", contents),
                new NpgsqlParameter<List<byte[]>>("leaves", leaves),
                new NpgsqlParameter<List<byte[]>>("macs", macs),
                new NpgsqlParameter<List<short>>("mac_versions", macVersions),
            },
        };
    }

    /// <param name="source">Of the system role: a group holds records of many tenants.</param>
    public static async Task<GroupInsert> OpenAsync(NpgsqlDataSource source, CancellationToken ct)
    {
        var insert = new GroupInsert(await source.OpenConnectionAsync(ct));
        try
        {
            await insert.command.PrepareAsync(ct);
            return insert;
        }
        catch
        {
            await insert.DisposeAsync();
            throw;
        }
    }

    /// <summary>When this returns, the records are durable, and those who subscribe to their events will be told.</summary>
    public async Task RunAsync(ReadOnlyMemory<AuditRecord> records, IReadOnlyList<OutboxLetter> letters, string channel, CancellationToken ct)
    {
        Clear();
        foreach (var record in records.Span)
        {
            Add(record);
        }

        if (letters.Count == 0)
        {
            // The statement is its own transaction: one round trip.
            await command.ExecuteNonQueryAsync(ct);
            return;
        }

        await using var both = await connection.BeginTransactionAsync(ct);
        await command.ExecuteNonQueryAsync(ct);
        await OutboxLetter.AddAllAsync(connection, channel, letters, ct);
        await both.CommitAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        await command.DisposeAsync();
        await connection.DisposeAsync();
    }

    private void Add(AuditRecord record)
    {
        tenants.Add(record.Tenant.Value);
        ids.Add(record.Id);
        times.Add(record.RecordedAt);
        actions.Add(record.Action);
        outcomes.Add(record.Outcome);
        actorKinds.Add(record.ActorKind);
        actorIds.Add(record.ActorId);
        targetKinds.Add(record.TargetKind);
        targetIds.Add(record.TargetId);
        requestIds.Add(record.RequestId);
        contents.Add(record.Content);
        leaves.Add(record.LeafHash);
        macs.Add(record.Mac);
        macVersions.Add(record.MacVersion);
    }

    private void Clear()
    {
        tenants.Clear();
        ids.Clear();
        times.Clear();
        actions.Clear();
        outcomes.Clear();
        actorKinds.Clear();
        actorIds.Clear();
        targetKinds.Clear();
        targetIds.Clear();
        requestIds.Clear();
        contents.Clear();
        leaves.Clear();
        macs.Clear();
        macVersions.Clear();
    }
}
