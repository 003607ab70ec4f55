using System.Text.Json;
using Signet.Platform.Data;
using Signet.Server.Audit.Storage;

namespace Signet.Server.Audit;

/// <summary>The canonical JSON of a record, as it is read again.</summary>
internal static class RecordContent
{
    /// <summary>Of the shape of the content.</summary>
    public const int Version = 1;

    /// <summary>Whether the columns that filters go by say what the content says.</summary>
    public static bool Matches(LogRow row, TenantId tenant)
    {
        try
        {
            using var document = JsonDocument.Parse(row.Content!);
            var content = document.RootElement;
            return content.GetProperty("tenant").GetGuid() == tenant.Value
                && content.GetProperty("id").GetGuid() == row.Id
                && content.GetProperty("at").GetDateTimeOffset() == row.RecordedAt
                && content.GetProperty("action").ValueEquals(row.Action)
                && content.GetProperty("outcome").ValueEquals(row.Outcome)
                && content.GetProperty("request_id").ValueEquals(row.RequestId)
                && IsKindAndId(content.GetProperty("actor"), row.ActorKind, row.ActorId)
                && IsKindAndId(content.GetProperty("target"), row.TargetKind, row.TargetId);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    /// <summary>Null for what is no JSON: somebody else's bytes.</summary>
    public static JsonElement? TryParse(byte[] content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Null where the content is none, is no object, or has no such member.</summary>
    public static JsonElement? Member(JsonElement? content, string name) =>
        content is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty(name, out var value) ? value : null;

    public static string? TextOf(JsonElement? content, string name) =>
        Member(content, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <param name="name"><c>ip</c> or <c>user_agent</c>.</param>
    public static string? OriginOf(JsonElement? content, string name) => TextOf(Member(content, "origin"), name);

    private static bool IsKindAndId(JsonElement element, string? kind, string? id) =>
        element.GetProperty("kind").ValueEquals(kind)
        && (element.TryGetProperty("id", out var named) ? named.ValueEquals(id) : id is null);
}
