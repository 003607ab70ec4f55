using Signet.OAuth;
using Signet.Platform.Data;
using Signet.Server.Secrets;
using Signet.Server.Webhooks.Storage;

namespace Signet.Server.Webhooks;

/// <summary>Makes the secrets that deliveries are signed with, and opens them for signing; they are stored encrypted, never in clear.</summary>
public sealed class WebhookSeal(FieldCipher cipher)
{
    internal static readonly EncryptedColumn Secret = new("webhook_secrets", "secret", "secret_id");

    /// <summary>A new secret of 256 random bits, stored; its text is returned once.</summary>
    internal async Task<string> MakeAsync(Tx tx, WebhookId webhook, CancellationToken ct)
    {
        var text = TokenFormat.WebhookSecret.Make();
        var id = Guid.CreateVersion7(tx.Now);
        var stored = await cipher.SealTextAsync(tx, Secret, id.ToString(), text, ct);
        await SecretRows.InsertAsync(tx, webhook, new SecretRow(id, stored, text[..(TokenFormat.WebhookSecret.Prefix.Length + 4)], tx.Now, null), ct);
        return text;
    }

    /// <summary>Those that hold now, the newest first.</summary>
    internal async Task<IReadOnlyList<string>> OpenAsync(Tx tx, WebhookId webhook, CancellationToken ct)
    {
        var secrets = new List<string>(2);
        foreach (var row in await SecretRows.ListAsync(tx, webhook, ct))
        {
            secrets.Add(await cipher.OpenTextAsync(tx, Secret, row.SecretId.ToString(), row.Secret, ct));
        }

        return secrets;
    }
}
