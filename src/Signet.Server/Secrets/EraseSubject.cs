using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Secrets.Storage;

namespace Signet.Server.Secrets;

/// <summary>A person's key was destroyed: personal data under it can't be read any more, by anybody.</summary>
public sealed record SubjectErased(Guid SubjectId) : DomainEvent
{
    public override string Action => "secrets.subject_erased";

    public override Target Target => new("subject", SubjectId.ToString());
}

/// <summary>Destroys a person's key for good: the records that hold their data stay as they are, and unreadable. Doing it again changes nothing.</summary>
public static class EraseSubject
{
    public static async Task InAsync(Tx tx, Origin origin, Guid subject, CancellationToken ct)
    {
        if (await SubjectKeyRows.DestroyAsync(tx, subject, ct))
        {
            tx.Emit(origin, new SubjectErased(subject));
            tx.Notify(DataKeys.SubjectTopic, DataKeys.NewsOf(tx.Tenant, subject));
        }
    }
}
