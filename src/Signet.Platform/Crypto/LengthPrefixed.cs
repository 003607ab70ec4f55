using System.Buffers.Binary;
using System.Text;

namespace Signet.Platform.Crypto;

/// <summary>Joins texts so that two different lists never give the same bytes: each is preceded by its length.</summary>
public static class LengthPrefixed
{
    public static byte[] Join(params ReadOnlySpan<string> parts)
    {
        var length = 0;
        foreach (var part in parts)
        {
            length += sizeof(int) + Encoding.UTF8.GetByteCount(part);
        }

        var joined = new byte[length];
        var rest = joined.AsSpan();
        foreach (var part in parts)
        {
            var written = Encoding.UTF8.GetBytes(part, rest[sizeof(int)..]);
            BinaryPrimitives.WriteInt32BigEndian(rest, written);
            rest = rest[(sizeof(int) + written)..];
        }

        return joined;
    }
}
