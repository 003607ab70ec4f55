using System.Security.Cryptography;
using System.Text;
using Signet.Jose;
using Signet.Platform.Data;
using Signet.Server.Keys.Storage;
using Signet.Server.Secrets;

namespace Signet.Server.Keys;

/// <summary>Turns signing keys into rows and back; the private half is never stored in clear.</summary>
internal sealed class KeySeal(FieldCipher cipher)
{
    public static readonly EncryptedColumn PrivateJwk = new("signing_keys", "private_jwk", "kid", "text");

    public async Task<SigningKeyRow> ToRowAsync(Tx tx, SigningKey key, KeyState state, CancellationToken ct)
    {
        var clear = key.ExportPrivate();
        var sealedKey = await cipher.SealAsync(tx, PrivateJwk, key.Kid, clear, ct);
        CryptographicOperations.ZeroMemory(clear);
        return new SigningKeyRow(
            key.Kid, key.Algorithm.Name, state, sealedKey, Encoding.UTF8.GetString(key.PublicKey.ToUtf8Json()), tx.Now,
            state is KeyState.Active ? tx.Now : null, null, null, null);
    }

    /// <summary>The key that signs; a row whose seal does not open is a bug or an attack, and no reason to go on.</summary>
    public async Task<SigningKey> OpenAsync(Tx tx, SigningKeyRow row, CancellationToken ct)
    {
        var clear = await cipher.OpenBytesAsync(tx, PrivateJwk, row.Kid, row.PrivateJwk!, ct);
        try
        {
            return SigningKey.TryImport(clear) ?? throw new CryptographicException($"Signing key {row.Kid} is not readable.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(clear);
        }
    }

    public static Jwk PublicKeyOf(SigningKeyRow row) =>
        Jwk.TryParse(Encoding.UTF8.GetBytes(row.PublicJwk), out _) ?? throw new CryptographicException($"Public key {row.Kid} is not readable.");
}
