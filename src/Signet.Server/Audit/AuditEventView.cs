using System.Text.Json;
using System.Text.Json.Serialization;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Audit.Storage;

namespace Signet.Server.Audit;

/// <summary>
/// An event as the API lists it: an <see cref="AuditEntry"/>, and the eight members that software for agents reads: <c>eventId</c>, <c>agentId</c>,
/// <c>action</c>, <c>outcome</c>, <c>ipAddress</c>, <c>userAgent</c>, <c>metadata</c>, <c>timestamp</c>. They are there in every event, if as null.
/// </summary>
public sealed record AuditEventView(
    Guid Id, long? Position, DateTimeOffset At, string Action, Outcome Outcome, ActorKind ActorKind, string? ActorId, string TargetKind, string TargetId,
    string RequestId)
{
    [JsonPropertyName("eventId")]
    public Guid EventId => Id;

    /// <summary>The agent it was done to; else the agent that did it.</summary>
    [JsonPropertyName("agentId"), JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? AgentId => TargetKind == "agent" ? TargetId : ActorKind is ActorKind.Agent ? ActorId : null;

    /// <summary>Null where there was none, and in lists of what is told of a person: it is sealed with what else is said of them.</summary>
    [JsonPropertyName("ipAddress"), JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? IpAddress { get; init; }

    /// <summary>As <see cref="IpAddress"/>.</summary>
    [JsonPropertyName("userAgent"), JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? UserAgent { get; init; }

    /// <summary>The event's own fields.</summary>
    [JsonPropertyName("metadata"), JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public JsonElement? Metadata { get; init; }

    [JsonPropertyName("timestamp")]
    public DateTimeOffset Timestamp => At;

    internal static async Task<IReadOnlyList<AuditEventView>> ListAsync(Db db, TenantId tenant, IReadOnlyList<AuditEntry> entries, CancellationToken ct)
    {
        var contents = (await AuditQueries.ListContentsAsync(db, tenant, [.. entries.Select(entry => entry.Id)], ct)).ToDictionary(row => row.Id, row => row.Content);
        return [.. entries.Select(entry => Of(entry, contents.GetValueOrDefault(entry.Id) is { } bytes ? RecordContent.TryParse(bytes) : null))];
    }

    private static AuditEventView Of(AuditEntry entry, JsonElement? content) => new(
        entry.Id, entry.Position, entry.At, entry.Action, entry.Outcome, entry.ActorKind, entry.ActorId, entry.TargetKind, entry.TargetId, entry.RequestId)
    {
        IpAddress = RecordContent.OriginOf(content, "ip"),
        UserAgent = RecordContent.OriginOf(content, "user_agent"),
        Metadata = RecordContent.Member(content, "data"),
    };
}
