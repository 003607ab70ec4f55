using System.Security.Cryptography;
using System.Text;
using Signet.Platform.Data;

namespace Signet.Server.Secrets;

/// <summary>Text fields under the tenant's key.</summary>
public static class FieldText
{
    extension(FieldCipher cipher)
    {
        public ValueTask<byte[]> SealTextAsync(Tx tx, EncryptedColumn column, string rowId, string text, CancellationToken ct) =>
            cipher.SealAsync(tx, column, rowId, Encoding.UTF8.GetBytes(text), ct);

        /// <summary>The text of a field whose key must be there: of a tenant that was not erased.</summary>
        /// <exception cref="CryptographicException">The value was altered, belongs to another row, or its key is destroyed.</exception>
        public async ValueTask<string> OpenTextAsync(Tx tx, EncryptedColumn column, string rowId, byte[] value, CancellationToken ct) =>
            Encoding.UTF8.GetString(await cipher.OpenBytesAsync(tx, column, rowId, value, ct));

        /// <summary>The same for bytes.</summary>
        /// <exception cref="CryptographicException">The value was altered, belongs to another row, or its key is destroyed.</exception>
        public async ValueTask<byte[]> OpenBytesAsync(Tx tx, EncryptedColumn column, string rowId, byte[] value, CancellationToken ct) =>
            await cipher.OpenAsync(tx, column, rowId, value, ct) is FieldOpening.Opened opened
                ? opened.Plain
                : throw new CryptographicException($"The key of {column.Table}.{column.Column} was destroyed.");
    }
}
