using System.Buffers.Binary;

namespace Signet.OAuth;

/// <summary>Fixed-length base 62, most significant digit first: one spelling for each number.</summary>
internal static class Base62
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int Limbs = 8;

    public static void Write(ReadOnlySpan<byte> number256, Span<char> text)
    {
        Span<uint> limbs = stackalloc uint[Limbs];
        for (var i = 0; i < Limbs; i++)
        {
            limbs[i] = BinaryPrimitives.ReadUInt32BigEndian(number256[(4 * i)..]);
        }

        for (var digit = text.Length - 1; digit >= 0; digit--)
        {
            var remainder = 0UL;
            for (var i = 0; i < Limbs; i++)
            {
                (limbs[i], remainder) = ((uint)(((remainder << 32) | limbs[i]) / 62), ((remainder << 32) | limbs[i]) % 62);
            }

            text[digit] = Digits[(int)remainder];
        }
    }

    public static void Write(uint number, Span<char> text)
    {
        for (var digit = text.Length - 1; digit >= 0; digit--)
        {
            text[digit] = Digits[(int)(number % 62)];
            number /= 62;
        }
    }

    /// <summary>False where a letter is no digit or the number has more than 256 bits.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, Span<byte> number256)
    {
        Span<uint> limbs = stackalloc uint[Limbs];
        limbs.Clear();
        foreach (var c in text)
        {
            var carry = (ulong)Value(c);
            if (carry > 61)
            {
                return false;
            }

            for (var i = Limbs - 1; i >= 0; i--)
            {
                carry += (ulong)limbs[i] * 62;
                limbs[i] = (uint)carry;
                carry >>= 32;
            }

            if (carry != 0)
            {
                return false;
            }
        }

        for (var i = 0; i < Limbs; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(number256[(4 * i)..], limbs[i]);
        }

        return true;
    }

    public static bool TryRead(ReadOnlySpan<char> text, out uint number)
    {
        number = 0;
        var sum = 0UL;
        foreach (var c in text)
        {
            sum = (sum * 62) + (ulong)Value(c);
            if (Value(c) > 61 || sum > uint.MaxValue)
            {
                return false;
            }
        }

        number = (uint)sum;
        return true;
    }

    private static int Value(char c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= 'A' and <= 'Z' => c - 'A' + 10,
        >= 'a' and <= 'z' => c - 'a' + 36,
        _ => 62,
    };
}
