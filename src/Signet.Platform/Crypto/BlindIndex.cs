using System.Security.Cryptography;
using Signet.Platform.Data;

namespace Signet.Platform.Crypto;

/// <summary>
/// Equality look-ups on encrypted columns: the same value in the same column of the same tenant gives the same 16 bytes, and without the
/// integrity key nobody can tell what they stand for. It depends on no data key, so rotation leaves it as it is.
/// </summary>
public sealed class BlindIndex(DerivedKeys keys)
{
    public const int Length = 16;

    /// <param name="column">Table and column, <c>users.email</c>: equal values of two columns must not show as equal.</param>
    /// <param name="normalised">The value in the one spelling under which it is looked up; this method changes nothing of it.</param>
    public byte[] Of(TenantId tenant, string column, string normalised)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(keys.ForTenant(KeyPurpose.BlindIndex, tenant), LengthPrefixed.Join(column, normalised), mac);
        return mac[..Length].ToArray();
    }
}
