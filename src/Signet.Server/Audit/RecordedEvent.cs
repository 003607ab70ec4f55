using System.Text.Json;
using Signet.Platform.Data;
using Signet.Server.Audit.Storage;

namespace Signet.Server.Audit;

/// <summary>
/// What the record says of an event in the clear, for who passes it on: who, what, to what, and the event's fields, without those about a person,
/// which are sealed in it, and without addresses.
/// </summary>
/// <param name="Actor">Members <c>kind</c> and, where there is one, <c>id</c>; so has <paramref name="Target"/>.</param>
public sealed record RecordedEvent(Guid Id, string Action, JsonElement At, JsonElement Actor, JsonElement Target, JsonElement Fields)
{
    public string? TargetId => Target.TryGetProperty("id", out var id) ? id.GetString() : null;

    /// <summary>Null where there is no such record, or retention has emptied it.</summary>
    public static async Task<RecordedEvent?> FindAsync(Tx tx, Guid id, CancellationToken ct)
    {
        if (await AuditQueries.FindContentAsync(tx, id, ct) is not { } content)
        {
            return null;
        }

        var record = JsonElement.Parse(content);
        return new RecordedEvent(
            id, record.GetProperty("action").GetString()!, record.GetProperty("at"), record.GetProperty("actor"), record.GetProperty("target"),
            record.GetProperty("data"));
    }
}
