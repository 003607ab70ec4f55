using System.Security.Cryptography;
using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Transparency;

namespace Signet.Server.Audit;

/// <summary>
/// Only who holds the integrity key can add a record: HMAC-SHA-256 over tenant ‖ id ‖ leaf hash. The leaf hash stands for the content,
/// so the MAC of a record still proves its origin when retention has taken the content.
/// </summary>
internal sealed class AuditMac(DerivedKeys keys)
{
    /// <summary>The version of the key and construction that new records get.</summary>
    public const short Version = 1;

    private const int GuidLength = 16;

    public byte[] Of(TenantId tenant, Guid id, in TreeHash leaf)
    {
        // Three parts of fixed length: no two inputs give the same bytes.
        Span<byte> input = stackalloc byte[GuidLength + GuidLength + TreeHash.Size];
        tenant.Value.TryWriteBytes(input, bigEndian: true, out _);
        id.TryWriteBytes(input[GuidLength..], bigEndian: true, out _);
        leaf.CopyTo(input[(GuidLength + GuidLength)..]);
        return HMACSHA256.HashData(keys.For(KeyPurpose.AuditMac), input);
    }

    public bool Matches(TenantId tenant, Guid id, in TreeHash leaf, short version, ReadOnlySpan<byte> mac) =>
        version == Version && CryptographicOperations.FixedTimeEquals(Of(tenant, id, leaf), mac);
}
