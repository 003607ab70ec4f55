using Signet.Platform.Data;

namespace Signet.Platform.Outbox;

/// <summary>Writes the events somebody subscribes to with the commit they belong to: they are told if, and only if, they happened.</summary>
public sealed class OutboxStep(EventSubscriptions subscriptions)
{
    public const string Topic = "outbox";

    public async ValueTask WriteAsync(Tx tx, CancellationToken ct)
    {
        var written = false;
        foreach (var raised in tx.Events)
        {
            if (await subscriptions.AddressAsync(raised, tx, ct) is { } letter)
            {
                letter.AddTo(tx);
                written = true;
            }
        }

        if (written)
        {
            tx.Notify(Topic, "");
        }
    }
}
