using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Transparency;

namespace Signet.Server.Audit;

/// <summary>
/// Turns an event into its record: canonical JSON (RFC 8785), leaf hash (RFC 9162 §2.1.1), MAC. The same event always gives the same content,
/// but for what is sealed. Any failure here fails the operation: nothing happens that is not on record.
/// </summary>
internal sealed class AuditScribe(AuditMac mac, PersonalFields personal)
{
    // The longest text that stands in an indexed column; longer text of a stranger could not be indexed and would fail the whole group.
    private const int LongestColumn = 256;

    [ThreadStatic]
    private static RecordText? text;

    /// <param name="tx">The transaction the record commits with; null where there is none.</param>
    public async ValueTask<AuditRecord> WriteAsync(RaisedEvent raised, Tx? tx, CancellationToken ct)
    {
        var fields = EventFields.Of(raised.Event.GetType());
        if (raised.Event.Subject is not { } subject)
        {
            return Write(raised, fields, null);
        }

        return Write(raised, fields, await personal.SealAsync(raised, subject, PersonalPart(raised, fields), tx, ct));
    }

    /// <summary>Text in the form a column can hold: of bounded length, well-formed, without NUL.</summary>
    internal static string Column(string text)
    {
        var capped = RecordText.Cap(text, LongestColumn);
        return IsClean(capped) ? capped : string.Concat(capped.EnumerateRunes().Select(rune => rune.Value == 0 ? "\uFFFD" : rune.ToString()));
    }

    /// <summary>PostgreSQL keeps microseconds.</summary>
    internal static DateTimeOffset ToMicroseconds(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    private static bool IsClean(string text) => !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') && !text.Contains('\0');

    private static byte[]? PersonalPart(RaisedEvent raised, EventFields fields)
    {
        if (!fields.HasPersonal && raised.Origin is { IpAddress: null, UserAgent: null })
        {
            return null;
        }

        var json = Fresh();
        json.Open();
        if (fields.HasPersonal)
        {
            json.Name("\"data\":"u8);
            json.Open();
            fields.WritePersonal(json, raised.Event);
            json.Close();
        }

        WriteOrigin(json, raised.Origin);
        json.Close();
        return json.Written.ToArray();
    }

    // Names in RFC 8785 §3.2.3 order.
    private AuditRecord Write(RaisedEvent raised, EventFields fields, SealedPart? sealedPart)
    {
        var (happened, origin, at) = (raised.Event, raised.Origin, ToMicroseconds(raised.At));
        var outcome = SnakeCase.Of(happened.Outcome);
        var actorKind = SnakeCase.Of(origin.Actor);
        var actorId = origin.ActorId is { } id ? Column(id) : null;
        var target = new Target(happened.Target.Kind, Column(happened.Target.Id));
        var requestId = Column(origin.RequestId);

        var json = Fresh();
        json.Open();
        json.Name("\"action\":"u8);
        json.Text(happened.Action);
        json.Name("\"actor\":"u8);
        WriteKindAndId(json, actorKind, actorId);
        json.Name("\"at\":"u8);
        json.Text(at);
        json.Name("\"data\":"u8);
        json.Open();
        fields.WriteOpen(json, happened);
        json.Close();
        json.Name("\"id\":"u8);
        json.Text(raised.Id);
        if (happened.Subject is null)
        {
            WriteOrigin(json, origin);
        }

        json.Name("\"outcome\":"u8);
        json.Text(outcome);
        json.Name("\"request_id\":"u8);
        json.Text(requestId);
        if (sealedPart is not null)
        {
            WriteSealed(json, sealedPart);
        }

        json.Name("\"target\":"u8);
        WriteKindAndId(json, target.Kind, target.Id);
        json.Name("\"tenant\":"u8);
        json.Text(raised.Tenant.Value);
        json.Name("\"version\":"u8);
        json.Number(RecordContent.Version);
        json.Close();

        var content = json.Written.ToArray();
        var leaf = MerkleTree.HashLeaf(content);
        return new AuditRecord(
            raised.Tenant, raised.Id, at, happened.Action, outcome, actorKind, actorId, target.Kind, target.Id, requestId,
            content, leaf.ToArray(), mac.Of(raised.Tenant, raised.Id, leaf), AuditMac.Version);
    }

    private static void WriteKindAndId(RecordText json, string kind, string? id)
    {
        json.Open();
        if (id is not null)
        {
            json.Name("\"id\":"u8);
            json.Text(id);
        }

        json.Name("\"kind\":"u8);
        json.Text(kind);
        json.Close();
    }

    private static void WriteOrigin(RecordText json, Origin origin)
    {
        if (origin is { IpAddress: null, UserAgent: null })
        {
            return;
        }

        json.Name("\"origin\":"u8);
        json.Open();
        if (origin.IpAddress is { } ip)
        {
            json.Name("\"ip\":"u8);
            json.Text(ip);
        }

        if (origin.UserAgent is { } agent)
        {
            json.Name("\"user_agent\":"u8);
            json.Text(agent);
        }

        json.Close();
    }

    private static void WriteSealed(RecordText json, SealedPart part)
    {
        json.Name("\"sealed\":"u8);
        json.Open();
        json.Name("\"box\":"u8);
        json.Base64(part.Box);
        json.Name("\"subject\":"u8);
        json.Text(part.Subject);
        json.Close();
    }

    private static RecordText Fresh()
    {
        var json = text ??= new RecordText();
        json.Clear();
        return json;
    }
}

/// <summary>What only the subject's key opens.</summary>
internal sealed record SealedPart(Guid Subject, byte[] Box);
