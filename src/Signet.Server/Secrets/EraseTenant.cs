using Signet.Platform.Cache;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Secrets.Storage;

namespace Signet.Server.Secrets;

/// <summary>Every key of a tenant was destroyed.</summary>
public sealed record TenantKeysErased(int Keys) : DomainEvent
{
    public override string Action => "secrets.tenant_erased";

    public override Target Target => new("tenant", "keys");
}

/// <summary>Destroys every key of this transaction's tenant for good: whatever is encrypted, in its rows or in old copies of them, stays unreadable.</summary>
public static class EraseTenant
{
    public static async Task InAsync(Tx tx, Origin origin, CancellationToken ct)
    {
        var keys = await DataKeyRows.DestroyAllAsync(tx, ct) + await SubjectKeyRows.DestroyAllAsync(tx, ct);
        tx.Emit(origin, new TenantKeysErased(keys));
        tx.Notify(DataKeys.TenantTopic, tx.Tenant.ToString());
        tx.Notify(DataKeys.SubjectTopic, NodeCache<TenantId, DataKey>.Everything);
    }
}
