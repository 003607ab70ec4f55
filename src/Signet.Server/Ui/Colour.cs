using System.Globalization;

namespace Signet.Server.Ui;

/// <summary>A colour in OKLCH, which varies lightness without varying hue (CSS Color 4 §9). Always inside sRGB: what lies outside loses chroma.</summary>
public readonly record struct Colour
{
    private Colour(double lightness, double chroma, double hue) => (Lightness, Chroma, Hue) = (lightness, chroma, hue);

    public double Lightness { get; }

    public double Chroma { get; }

    public double Hue { get; }

    /// <summary>WCAG 2.2 "relative luminance".</summary>
    public double Luminance => Linear(Lightness, Chroma, Hue) is var (r, g, b) ? 0.2126 * Clamp(r) + 0.7152 * Clamp(g) + 0.0722 * Clamp(b) : 0;

    public static Colour Of(double lightness, double chroma, double hue)
    {
        lightness = Clamp(lightness);
        if (Fits(lightness, chroma, hue))
            return new(lightness, chroma, hue);

        var (inside, outside) = (0d, chroma);
        for (var i = 0; i < 24; i++)
        {
            var middle = (inside + outside) / 2;
            (inside, outside) = Fits(lightness, middle, hue) ? (middle, outside) : (inside, middle);
        }

        return new(lightness, inside, hue);
    }

    /// <summary>Reads <c>#rrggbb</c>; null for anything else.</summary>
    public static Colour? TryParse(string? hex)
    {
        if (hex is not ['#', _, _, _, _, _, _] || !int.TryParse(hex.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var rgb))
            return null;

        var (r, g, b) = (Decode(rgb >> 16 & 255), Decode(rgb >> 8 & 255), Decode(rgb & 255));
        var l = Math.Cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
        var m = Math.Cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
        var s = Math.Cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
        var lightness = 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s;
        var a = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s;
        var bee = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s;
        return Of(lightness, Math.Sqrt(a * a + bee * bee), (Math.Atan2(bee, a) * 180 / Math.PI + 360) % 360);

        static double Decode(int channel) => channel / 255d is var c && c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4);
    }

    /// <summary>The contrast of two colours, from 1 to 21 (WCAG 2.2 "contrast ratio").</summary>
    public static double Contrast(Colour one, Colour other)
    {
        var (high, low) = (Math.Max(one.Luminance, other.Luminance), Math.Min(one.Luminance, other.Luminance));
        return (high + 0.05) / (low + 0.05);
    }

    public Colour WithLightness(double lightness) => Of(lightness, Chroma, Hue);

    /// <summary>The nearest colour of 8 bits a channel, as <c>#rrggbb</c>.</summary>
    public string Hex
    {
        get
        {
            var (r, g, b) = Linear(Lightness, Chroma, Hue);
            return $"#{Encode(r):x2}{Encode(g):x2}{Encode(b):x2}";

            static int Encode(double channel) =>
                Clamp(channel) is var c && c <= 0.0031308 ? (int)Math.Round(c * 12.92 * 255) : (int)Math.Round((1.055 * Math.Pow(c, 1 / 2.4) - 0.055) * 255);
        }
    }

    /// <summary>As CSS.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"oklch({Lightness:0.####} {Chroma:0.####} {Hue:0.##})");

    private static double Clamp(double value) => Math.Clamp(value, 0, 1);

    private static bool Fits(double lightness, double chroma, double hue)
    {
        const double Slack = 0.0005;
        var (r, g, b) = Linear(lightness, chroma, hue);
        return Math.Min(r, Math.Min(g, b)) >= -Slack && Math.Max(r, Math.Max(g, b)) <= 1 + Slack;
    }

    // The matrices of CSS Color 4, sample code "OKLab to XYZ" folded into linear sRGB.
    private static (double R, double G, double B) Linear(double lightness, double chroma, double hue)
    {
        var (sin, cos) = Math.SinCos(hue * Math.PI / 180);
        var (a, b) = (chroma * cos, chroma * sin);
        var l = Cube(lightness + 0.3963377774 * a + 0.2158037573 * b);
        var m = Cube(lightness - 0.1055613458 * a - 0.0638541728 * b);
        var s = Cube(lightness - 0.0894841775 * a - 1.2914855480 * b);
        return (
            4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
            -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
            -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s);

        static double Cube(double value) => value * value * value;
    }
}
