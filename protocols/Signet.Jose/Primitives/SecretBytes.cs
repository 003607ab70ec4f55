using System.Security.Cryptography;

namespace Signet.Jose.Primitives;

/// <summary>Private key bytes that the garbage collector never copies and that are zeroed when disposed.</summary>
internal sealed class SecretBytes : IDisposable
{
    private readonly byte[] bytes;

    public SecretBytes(int length) => bytes = GC.AllocateArray<byte>(length, pinned: true);

    /// <summary>Copies <paramref name="source"/>, left-padded with zeros to <paramref name="length"/>.</summary>
    public SecretBytes(ReadOnlySpan<byte> source, int length)
        : this(length) => source.CopyTo(bytes.AsSpan(length - source.Length));

    /// <summary>The bytes themselves, for APIs that take arrays.</summary>
    public byte[] Array => bytes;

    public ReadOnlySpan<byte> Span => bytes;

    public void Dispose() => CryptographicOperations.ZeroMemory(bytes);
}
