using System.Security.Cryptography;
using System.Text;
using Signet.Jose;
using Signet.Platform.Data;
using Signet.Server.Federation.Storage;
using Signet.Server.Secrets;

namespace Signet.Server.Federation;

/// <summary>The life of a federation key; it only ever moves down this list.</summary>
public enum FederationKeyState
{
    /// <summary>In our configuration, so that everybody has it before the first signature; signs nothing yet.</summary>
    Announced,

    /// <summary>Signs.</summary>
    Active,

    /// <summary>Signs nothing any more; published until the last thing it signed has ended.</summary>
    Retiring,

    /// <summary>Among the historical keys and nowhere else.</summary>
    Historical,
}

/// <summary>Turns federation keys into rows and back; the private half is never stored in clear.</summary>
internal sealed class FederationKeySeal(FieldCipher cipher)
{
    public static readonly EncryptedColumn PrivateJwk = new("federation_keys", "private_jwk", "kid", "text");

    public async Task<FederationKeyRow> ToRowAsync(Tx tx, SigningKey key, FederationKeyState state, CancellationToken ct)
    {
        var clear = key.ExportPrivate();
        var sealedKey = await cipher.SealAsync(tx, PrivateJwk, key.Kid, clear, ct);
        CryptographicOperations.ZeroMemory(clear);
        return new FederationKeyRow(
            key.Kid, key.Algorithm.Name, state, sealedKey, Encoding.UTF8.GetString(key.PublicKey.ToUtf8Json()), tx.Now,
            state is FederationKeyState.Active ? tx.Now : null, null, null, null);
    }

    public async Task<SigningKey> OpenAsync(Tx tx, FederationKeyRow row, CancellationToken ct)
    {
        var clear = await cipher.OpenBytesAsync(tx, PrivateJwk, row.Kid, row.PrivateJwk!, ct);
        try
        {
            return SigningKey.TryImport(clear) ?? throw new CryptographicException($"Federation key {row.Kid} is not readable.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(clear);
        }
    }

    public static Jwk PublicKeyOf(FederationKeyRow row) =>
        Jwk.TryParse(Encoding.UTF8.GetBytes(row.PublicJwk)) ?? throw new CryptographicException($"Public key {row.Kid} is not readable.");
}
