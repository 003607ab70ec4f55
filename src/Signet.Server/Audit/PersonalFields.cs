using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Secrets;

namespace Signet.Server.Audit;

/// <summary>
/// What a record says of a person, sealed under that person's key and bound to the record. When the key is destroyed this part is gone,
/// and the hash of the record, which is over the sealed bytes, holds as before.
/// </summary>
internal sealed class PersonalFields(DataKeys keys, Db db)
{
    /// <param name="tx">The transaction the record commits with; null where there is none.</param>
    /// <returns>Null where there is nothing to seal, or nobody's key to seal it with any more.</returns>
    public async ValueTask<SealedPart?> SealAsync(RaisedEvent raised, Guid subject, byte[]? plain, Tx? tx, CancellationToken ct)
    {
        if (plain is null)
        {
            return null;
        }

        var key = tx is not null
            ? await keys.ForSubjectAsync(tx, raised.Tenant, subject, ct)
            : await db.InTenantAsync(raised.Tenant, own => keys.ForSubjectAsync(own, raised.Tenant, subject, ct).AsTask(), ct);
        return key is SubjectKey.Live live ? new SealedPart(subject, live.Key.Seal(plain, PlaceOf(raised.Tenant, raised.Id))) : null;
    }

    public async Task<(PersonalState State, JsonElement? Fields)> OpenAsync(TenantId tenant, Guid record, JsonElement content, CancellationToken ct)
    {
        if (content.ValueKind != JsonValueKind.Object || !content.TryGetProperty("sealed", out var part))
        {
            return (PersonalState.None, null);
        }

        try
        {
            var subject = part.GetProperty("subject").GetGuid();
            var box = Base64Url.DecodeFromChars(part.GetProperty("box").GetString());
            var key = await db.InTenantAsync(tenant, tx => keys.ForSubjectAsync(tx, tenant, subject, ct).AsTask(), ct);
            return key.Open(box, PlaceOf(tenant, record)) is FieldOpening.Opened(var plain)
                ? (PersonalState.Open, JsonElement.Parse(plain))
                : (PersonalState.Erased, null);
        }
        catch (Exception e) when (e is CryptographicException or JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return (PersonalState.Damaged, null);
        }
    }

    private static string[] PlaceOf(TenantId tenant, Guid record) => ["audit_events", "content", tenant.ToString(), record.ToString()];
}

/// <summary>What is known of the personal part of a record.</summary>
public enum PersonalState
{
    /// <summary>There is none.</summary>
    None,
    Open,

    /// <summary>The subject's key was destroyed, and this part with it.</summary>
    Erased,

    /// <summary>It is not what was sealed.</summary>
    Damaged,
}
