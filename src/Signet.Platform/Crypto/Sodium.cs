using System.Runtime.InteropServices;

namespace Signet.Platform.Crypto;

/// <summary>The functions of libsodium that Signet calls, ready for use: touching this class initialises the library, once.</summary>
internal static partial class Sodium
{
    public const int Argon2Id13 = 2;
    public const int Argon2SaltLength = 16;
    public const int XChaChaKeyLength = 32;
    public const int XChaChaNonceLength = 24;
    public const int XChaChaTagLength = 16;

    private const string Library = "libsodium";

    static Sodium()
    {
        // 0: initialised now; 1: it already was.
        if (sodium_init() < 0)
        {
            throw new InvalidOperationException("libsodium could not be initialised.");
        }
    }

    /// <summary>False only when the memory it needs can't be had.</summary>
    public static bool DeriveArgon2Id(Span<byte> hash, ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int iterations, long memoryBytes) =>
        crypto_pwhash(hash, (ulong)hash.Length, password, (ulong)password.Length, salt, (ulong)iterations, (nuint)memoryBytes, Argon2Id13) == 0;

    /// <param name="encoded">The PHC string, with a NUL at its end.</param>
    public static bool VerifyArgon2Id(ReadOnlySpan<byte> encoded, ReadOnlySpan<byte> password) =>
        crypto_pwhash_argon2id_str_verify(encoded, password, (ulong)password.Length) == 0;

    public static void SealXChaCha(
        Span<byte> sealedText, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> key)
    {
        if (crypto_aead_xchacha20poly1305_ietf_encrypt(
                sealedText, out _, plain, (ulong)plain.Length, associated, (ulong)associated.Length, 0, nonce, key) != 0)
        {
            throw new InvalidOperationException("libsodium refused to encrypt.");
        }
    }

    public static bool OpenXChaCha(
        Span<byte> plain, ReadOnlySpan<byte> sealedText, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> key) =>
        crypto_aead_xchacha20poly1305_ietf_decrypt(
            plain, out _, 0, sealedText, (ulong)sealedText.Length, associated, (ulong)associated.Length, nonce, key) == 0;

    [LibraryImport(Library)]
    private static partial int sodium_init();

    [LibraryImport(Library)]
    private static partial int crypto_pwhash(
        Span<byte> hash, ulong hashLength, ReadOnlySpan<byte> password, ulong passwordLength, ReadOnlySpan<byte> salt,
        ulong iterations, nuint memoryBytes, int algorithm);

    [LibraryImport(Library)]
    private static partial int crypto_pwhash_argon2id_str_verify(ReadOnlySpan<byte> encoded, ReadOnlySpan<byte> password, ulong passwordLength);

    [LibraryImport(Library)]
    private static partial int crypto_aead_xchacha20poly1305_ietf_encrypt(
        Span<byte> sealedText, out ulong sealedLength, ReadOnlySpan<byte> plain, ulong plainLength, ReadOnlySpan<byte> associated,
        ulong associatedLength, nint secretNonce, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> key);

    [LibraryImport(Library)]
    private static partial int crypto_aead_xchacha20poly1305_ietf_decrypt(
        Span<byte> plain, out ulong plainLength, nint secretNonce, ReadOnlySpan<byte> sealedText, ulong sealedLength,
        ReadOnlySpan<byte> associated, ulong associatedLength, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> key);
}
