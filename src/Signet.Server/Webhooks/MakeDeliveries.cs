using System.Buffers;
using System.Text;
using System.Text.Json;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Audit;
using Signet.Server.Webhooks.Storage;

namespace Signet.Server.Webhooks;

/// <summary>
/// Makes an event that has committed into one delivery for each webhook that wants it, once however often it is told. The body says what the event's audit
/// record says in the clear: what is about a person is sealed there, so that erasing the person's key erases it, and a copy at a receiver could not be.
/// </summary>
public sealed class MakeDeliveries(Db db, ILogger<MakeDeliveries> log)
{
    public Task RunAsync(EventHeard heard, CancellationToken ct) => db.InTenantAsync(heard.Tenant, async tx =>
    {
        if (await RecordedEvent.FindAsync(tx, heard.Id, ct) is not { } recorded)
        {
            log.RecordGone(heard.Tenant, heard.Id);
            return;
        }

        // Who registered after it happened is not told of it.
        var webhooks = (await WebhookRows.ListActiveAsync(tx, heard.Tenant, ct))
            .Where(webhook => webhook.CreatedAt <= heard.At && webhook.Wants(recorded.Action, recorded.TargetId))
            .Select(webhook => webhook.WebhookId)
            .ToList();
        if (webhooks.Count > 0)
        {
            await DeliveryRows.InsertAsync(tx, recorded.Id, recorded.Action, BodyOf(heard.Tenant, recorded), webhooks, ct);
            tx.Notify(DeliveryLoop.Topic, "");
        }
    }, ct);

    private static string BodyOf(TenantId tenant, RecordedEvent recorded)
    {
        var body = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, recorded.Id);
            json.WriteString("type"u8, recorded.Action);
            json.WriteString("tenant"u8, tenant.Value);
            Write("at", recorded.At);
            Write("actor", recorded.Actor);
            Write("target", recorded.Target);
            Write("data", recorded.Fields);
            json.WriteEndObject();

            void Write(string name, JsonElement value)
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }
        }

        return Encoding.UTF8.GetString(body.WrittenSpan);
    }
}
