using System.Runtime.InteropServices;

namespace Signet.Jose.Primitives;

/// <summary>The Ed25519 functions of libsodium. All are pure functions of their arguments and safe on any thread.</summary>
internal static partial class Sodium
{
    public const int PublicKeyBytes = 32;
    public const int SeedBytes = 32;
    public const int SecretKeyBytes = 64;
    public const int SignatureBytes = 64;

    private const string Library = "libsodium";

    static Sodium()
    {
        // Idempotent; selects the fastest code for this processor and must run before anything else.
        if (Initialize() < 0)
        {
            throw new InvalidOperationException("libsodium could not be initialised.");
        }
    }

    /// <summary>Fills public and secret key (seed followed by public key) from the 32-byte seed of RFC 8032 §5.1.5.</summary>
    public static void SeedKeyPair(Span<byte> publicKey, Span<byte> secretKey, ReadOnlySpan<byte> seed) =>
        _ = SignSeedKeyPair(publicKey, secretKey, seed);

    public static void Sign(Span<byte> signature, ReadOnlySpan<byte> message, ReadOnlySpan<byte> secretKey) =>
        _ = SignDetached(signature, 0, message, (ulong)message.Length, secretKey);

    /// <summary>RFC 8032 §5.1.7, and beyond it: refuses points of small order and encodings that are not canonical.</summary>
    public static bool Verify(ReadOnlySpan<byte> signature, ReadOnlySpan<byte> message, ReadOnlySpan<byte> publicKey) =>
        VerifyDetached(signature, message, (ulong)message.Length, publicKey) == 0;

    /// <summary>Whether the bytes are the canonical form of a point of the main subgroup.</summary>
    public static bool IsPublicKey(ReadOnlySpan<byte> publicKey) => IsValidPoint(publicKey) == 1;

    [LibraryImport(Library, EntryPoint = "sodium_init")]
    private static partial int Initialize();

    [LibraryImport(Library, EntryPoint = "crypto_sign_ed25519_seed_keypair")]
    private static partial int SignSeedKeyPair(Span<byte> publicKey, Span<byte> secretKey, ReadOnlySpan<byte> seed);

    [LibraryImport(Library, EntryPoint = "crypto_sign_ed25519_detached")]
    private static partial int SignDetached(
        Span<byte> signature, nint signatureLength, ReadOnlySpan<byte> message, ulong messageLength, ReadOnlySpan<byte> secretKey);

    [LibraryImport(Library, EntryPoint = "crypto_sign_ed25519_verify_detached")]
    private static partial int VerifyDetached(
        ReadOnlySpan<byte> signature, ReadOnlySpan<byte> message, ulong messageLength, ReadOnlySpan<byte> publicKey);

    [LibraryImport(Library, EntryPoint = "crypto_core_ed25519_is_valid_point")]
    private static partial int IsValidPoint(ReadOnlySpan<byte> point);
}
