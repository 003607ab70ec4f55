using System.Text.Json;
using Signet.Platform.Data;
using Signet.Server.Federation.Storage;

namespace Signet.Server.Federation;

/// <summary>What became of a subordinate, for everybody who asks (OpenID Federation Subordinate Events Endpoint) and for the operator.</summary>
internal static class SubordinateHistory
{
    public const string Registration = "registration";
    public const string Revocation = "revocation";
    public const string Suspension = "suspension";

    /// <summary>Of ours: it is vouched for again.</summary>
    public const string Reactivation = "reactivation";
    public const string MetadataUpdate = "metadata_update";
    public const string PolicyUpdate = "metadata_policy_update";
    public const string KeyUpdate = "jwks_update";

    private const string NoChanges = "{}";

    public static Task AddAsync(Tx tx, Subordinate about, string happened, string? description, CancellationToken ct) =>
        SubordinateHistoryRows.AddAsync(tx, new SubordinateHistoryRow(Guid.CreateVersion7(tx.Now), about.Id, about.Entity.Value, happened, description, NoChanges, tx.Now), ct);

    /// <summary>With what a field was and what it is.</summary>
    public static Task AddAsync(Tx tx, Subordinate about, string happened, string field, JsonElement? before, JsonElement? after, CancellationToken ct)
    {
        var changes = JsonSerializer.Serialize(new Dictionary<string, Dictionary<string, JsonElement?>> { [field] = new() { ["before"] = before, ["after"] = after } });
        return SubordinateHistoryRows.AddAsync(tx, new SubordinateHistoryRow(Guid.CreateVersion7(tx.Now), about.Id, about.Entity.Value, happened, null, changes, tx.Now), ct);
    }
}
