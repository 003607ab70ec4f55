using Signet.Platform.Data;
using Signet.Platform.Outbox.Storage;

namespace Signet.Platform.Outbox;

/// <summary>Writes the events somebody subscribes to with the commit they belong to: they are told if, and only if, they happened.</summary>
public sealed class OutboxStep(EventSubscriptions subscriptions)
{
    public const string Topic = "outbox";

    public ValueTask WriteAsync(Tx tx, CancellationToken ct)
    {
        var written = false;
        foreach (var raised in tx.Events)
        {
            if (subscriptions.Of(raised.Event) is { Count: > 0 } subscribers)
            {
                OutboxRows.Add(tx, raised, subscribers);
                written = true;
            }
        }

        if (written)
        {
            tx.Notify(Topic, "");
        }

        return ValueTask.CompletedTask;
    }
}
