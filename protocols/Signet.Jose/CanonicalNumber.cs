using System.Buffers;
using System.Buffers.Text;
using System.Globalization;

namespace Signet.Jose;

/// <summary>Numbers written exactly as ECMAScript's <c>Number::toString</c> does (RFC 8785 §3.2.2.3).</summary>
internal static class CanonicalNumber
{
    // Fifteen digits always fit a double exactly, so such an integer is its own canonical form.
    private const int SafeDigits = 15;

    public static bool TryWrite(ReadOnlySpan<byte> token, IBufferWriter<byte> output)
    {
        if (token.Length <= SafeDigits && !token.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            output.Write(token);
            return true;
        }

        if (!Utf8Parser.TryParse(token, out double value, out var consumed) || consumed != token.Length || !double.IsFinite(value))
        {
            return false;
        }

        Span<byte> text = stackalloc byte[32];
        output.Write(text[..Format(value, text)]);
        return true;
    }

    public static int Format(double value, Span<byte> destination)
    {
        // ECMAScript writes minus zero as zero.
        if (value == 0)
        {
            destination[0] = (byte)'0';
            return 1;
        }

        Span<byte> digits = stackalloc byte[24];
        var (count, point) = ShortestDigits(Math.Abs(value), digits);
        var written = 0;
        if (value < 0)
        {
            destination[written++] = (byte)'-';
        }

        return written + Lay(digits[..count], point, destination[written..]);
    }

    /// <summary>The fewest significant digits that read back as the value, and the position of the decimal point relative to the first.</summary>
    private static (int Count, int Point) ShortestDigits(double value, Span<byte> digits)
    {
        Span<byte> text = stackalloc byte[32];
        value.TryFormat(text, out var length, "R", CultureInfo.InvariantCulture);
        var count = 0;
        var point = 0;
        var exponent = 0;
        var beyondPoint = false;
        for (var i = 0; i < length; i++)
        {
            switch (text[i])
            {
                case (byte)'.':
                    beyondPoint = true;
                    break;
                case (byte)'E':
                    exponent = int.Parse(text[(i + 1)..length], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
                    i = length;
                    break;
                default:
                    point += Place(text[i], beyondPoint, digits, ref count);
                    break;
            }
        }

        while (digits[count - 1] == (byte)'0')
        {
            count--;
        }

        return (count, point + exponent);
    }

    /// <summary>Appends a digit unless it is a leading zero; returns how far the decimal point moves.</summary>
    private static int Place(byte digit, bool beyondPoint, Span<byte> digits, ref int count)
    {
        if (count == 0 && digit == (byte)'0')
        {
            return beyondPoint ? -1 : 0;
        }

        digits[count++] = digit;
        return beyondPoint ? 0 : 1;
    }

    private static int Lay(ReadOnlySpan<byte> digits, int point, Span<byte> destination)
    {
        const int LastPlainExponent = 21;
        switch (point)
        {
            case > 0 and <= LastPlainExponent when digits.Length <= point:
                digits.CopyTo(destination);
                destination[digits.Length..point].Fill((byte)'0');
                return point;
            case > 0 and <= LastPlainExponent:
                digits[..point].CopyTo(destination);
                destination[point] = (byte)'.';
                digits[point..].CopyTo(destination[(point + 1)..]);
                return digits.Length + 1;
            case > -6 and <= 0:
                "0."u8.CopyTo(destination);
                destination[2..(2 - point)].Fill((byte)'0');
                digits.CopyTo(destination[(2 - point)..]);
                return 2 - point + digits.Length;
            default:
                return LayExponent(digits, point - 1, destination);
        }
    }

    private static int LayExponent(ReadOnlySpan<byte> digits, int exponent, Span<byte> destination)
    {
        var written = 0;
        destination[written++] = digits[0];
        if (digits.Length > 1)
        {
            destination[written++] = (byte)'.';
            digits[1..].CopyTo(destination[written..]);
            written += digits.Length - 1;
        }

        destination[written++] = (byte)'e';
        destination[written++] = (byte)(exponent < 0 ? '-' : '+');
        Utf8Formatter.TryFormat(Math.Abs(exponent), destination[written..], out var length);
        return written + length;
    }
}
