using System.Collections.Frozen;
using System.Security.Cryptography;
using Signet.Platform.Data;

namespace Signet.Platform.Crypto;

/// <summary>One 32-byte key a <see cref="KeyPurpose"/>, by HKDF-SHA256 (RFC 5869) from a bootstrap secret. Derived once; the same on every node.</summary>
public sealed class DerivedKeys(BootstrapSecrets secrets)
{
    // Part of every info text. A purpose whose construction changes gets a new name; this changes with the scheme itself.
    private const string Scheme = "v1";

    private readonly FrozenDictionary<KeyPurpose, byte[]> keys = KeyPurpose.All.ToFrozenDictionary(
        purpose => purpose,
        purpose => Derive(purpose.Root is RootSecret.App ? secrets.App : secrets.MasterIntegrity, LengthPrefixed.Join($"signet/{purpose.Name}", Scheme)));

    public ReadOnlySpan<byte> For(KeyPurpose purpose) => keys[purpose];

    /// <summary>A key of one tenant, derived from the purpose's.</summary>
    public byte[] ForTenant(KeyPurpose purpose, TenantId tenant) =>
        Derive(keys[purpose], LengthPrefixed.Join($"signet/{purpose.Name}/tenant", Scheme, tenant.ToString()));

    // RFC 5869 §3.1: the input is uniformly random, so no salt is needed.
    private static byte[] Derive(byte[] input, byte[] info) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, input, 32, salt: null, info);
}
