using System.Runtime.InteropServices;

namespace Signet.Transparency;

/// <summary>A SHA-256 hash of a leaf, a node or a root: always 32 bytes, compared by value. Its text form is standard base64.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct TreeHash
{
    /// <summary>The number of bytes of a hash.</summary>
    public const int Size = 32;

    private readonly ulong a, b, c, d;

    /// <summary>Copies exactly 32 bytes.</summary>
    /// <exception cref="ArgumentException">The span is of another length.</exception>
    public static TreeHash From(ReadOnlySpan<byte> bytes) =>
        bytes.Length == Size ? MemoryMarshal.Read<TreeHash>(bytes) : throw new ArgumentException("A tree hash has 32 bytes.", nameof(bytes));

    /// <summary>Reads the base64 form of <see cref="ToString"/>; anything that would print differently is refused.</summary>
    public static bool TryParse(string? text, out TreeHash hash)
    {
        Span<byte> bytes = stackalloc byte[Size];
        hash = default;
        if (text is not { Length: 44 } || !Convert.TryFromBase64String(text, bytes, out var written) || written != Size)
        {
            return false;
        }

        hash = From(bytes);
        // Base64 of 32 bytes leaves two unused bits, which a second spelling could use.
        return hash.ToString() == text;
    }

    /// <summary>The hashes of a tile or a leaf column, seen without a copy.</summary>
    /// <exception cref="ArgumentException">The length is no multiple of 32.</exception>
    public static ReadOnlySpan<TreeHash> Cast(ReadOnlySpan<byte> bytes) =>
        bytes.Length % Size == 0
            ? MemoryMarshal.Cast<byte, TreeHash>(bytes)
            : throw new ArgumentException("Hashes come in groups of 32 bytes.", nameof(bytes));

    /// <summary>A copy of the 32 bytes.</summary>
    public byte[] ToArray() => MemoryMarshal.AsBytes(new ReadOnlySpan<TreeHash>(in this)).ToArray();

    /// <summary>Writes the 32 bytes to the start of the span.</summary>
    public void CopyTo(Span<byte> bytes) => MemoryMarshal.Write(bytes, in this);

    /// <inheritdoc/>
    public override string ToString() => Convert.ToBase64String(MemoryMarshal.AsBytes(new ReadOnlySpan<TreeHash>(in this)));
}
