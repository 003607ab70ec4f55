using System.Diagnostics;
using System.Text.Json;
using Npgsql;
using Signet.Platform.Data;
using Signet.Platform.Outbox.Storage;

namespace Signet.Platform.Outbox;

/// <summary>
/// An event with those who are to hear of it, as the outbox holds it. Where nobody asked for this very type, neither its content nor the caller's
/// address is in it: who hears of every event reads the audit record.
/// </summary>
public sealed class OutboxLetter
{
    private readonly object row;

    internal OutboxLetter(RaisedEvent raised, IReadOnlyList<string> subscribers, bool withContent) => row = new
    {
        raised.Tenant,
        raised.Id,
        action = raised.Event.Action,
        subscribers,
        jobs = subscribers.Select(_ => Guid.CreateVersion7(raised.At)).ToArray(),
        payload = withContent ? EventJson.Write(raised.Event) : "{}",
        origin = JsonSerializer.Serialize(withContent ? raised.Origin : raised.Origin with { IpAddress = null, UserAgent = null }, ColumnJson.Options),
        traceparent = Activity.Current?.Id,
        raised.At,
    };

    /// <summary>With the commit of the transaction the event belongs to.</summary>
    internal void AddTo(Tx tx) => tx.Defer(OutboxRows.Insert, row);

    /// <summary>
    /// For who writes events of many tenants at once, in a transaction of its own on a connection of the system role. A group whose fate was lost with its
    /// connection may be sent again: a row that is there is left, and one that was relayed makes no second job.
    /// </summary>
    public static async Task AddAllAsync(NpgsqlConnection connection, string channel, IEnumerable<OutboxLetter> letters, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var letter in letters)
        {
            Tx.AddTo(batch, OutboxRows.Insert, letter.row);
        }

        Tx.AddTo(batch, OutboxRows.Ring, new { channel, payload = $"{OutboxStep.Topic}:" });
        await batch.ExecuteNonQueryAsync(ct);
    }
}
