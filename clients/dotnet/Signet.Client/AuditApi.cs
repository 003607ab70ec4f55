using System.Globalization;
using System.Text.Json;

namespace Signet.Client;

/// <summary>What happened, newest first. Every call throws <see cref="SignetException"/> where the server refuses.</summary>
public sealed class AuditApi
{
    private readonly Wire wire;

    internal AuditApi(Wire wire) => this.wire = wire;

    /// <summary>Events, a page at a time.</summary>
    /// <param name="agentId">What the agent did and what was done to it; null: everybody.</param>
    /// <param name="action">Such as <c>token.issued</c>, or a beginning and a star: <c>credential.*</c>.</param>
    /// <param name="outcome"><c>success</c> or <c>failure</c>.</param>
    /// <param name="before">What the page before gave as <see cref="AuditPage.Next"/>.</param>
    /// <param name="limit">1 to 200.</param>
    public Task<AuditPage> ListAsync(
        string? agentId = null, DateTimeOffset? start = null, DateTimeOffset? end = null, string? action = null, string? outcome = null, string? before = null,
        int limit = 50, CancellationToken ct = default)
    {
        var query = Wire.Query(
            ("agentId", agentId), ("startDate", Text(start)), ("endDate", Text(end)), ("action", action), ("outcome", outcome), ("before", before), ("limit", $"{limit}"));
        return wire.GetAsync($"api/v1/audit?{query}", Json.Default.AuditPage, ct);
    }

    /// <summary>One event.</summary>
    public Task<AuditEvent> GetAsync(string eventId, CancellationToken ct = default) =>
        wire.GetAsync($"api/v1/audit/{Uri.EscapeDataString(eventId)}", Json.Default.AuditEvent, ct);

    private static string? Text(DateTimeOffset? moment) => moment?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}

/// <summary>A page of events.</summary>
/// <param name="Next">Where the next page begins; null on the last.</param>
public sealed record AuditPage(IReadOnlyList<AuditEvent> Entries, string? Next);

/// <summary>Something that happened.</summary>
/// <param name="AgentId">Who did it, or whom it was done to; null where no agent has a part in it.</param>
/// <param name="Outcome"><c>success</c> or <c>failure</c>.</param>
/// <param name="Metadata">What else is known, by action.</param>
public sealed record AuditEvent(
    string EventId, string? AgentId, string Action, string Outcome, string? IpAddress, string? UserAgent, JsonElement Metadata, DateTimeOffset Timestamp);
