namespace Signet.Server.Ui;

/// <summary>
/// The six tokens a tenant's colour becomes, in both schemes. Every pair of text and ground among them has a contrast of at least 4.5
/// (WCAG 2.2 §1.4.3) whatever the colour: where the colour itself can't be read, its lightness moves and its hue stays.
/// </summary>
public sealed record BrandTokens(BrandScheme Light, BrandScheme Dark)
{
    public static BrandTokens From(Colour brand) => new(
        BrandScheme.From(brand, accent: brand, BrandContrast.LightGround, tint: Colour.Of(0.952, Math.Min(brand.Chroma * 0.16, 0.02), brand.Hue)),
        BrandScheme.From(brand, BrandContrast.Readable(brand, BrandContrast.DarkGround), BrandContrast.DarkGround, tint: Colour.Of(0.29, Math.Min(brand.Chroma * 0.33, 0.03), brand.Hue)));

    /// <summary>The stylesheet a tenant's pages load after ours.</summary>
    public string Css => $$"""
        @layer tokens {
          :root {
            --accent: {{Pair(scheme => scheme.Accent)}};
            --accent-strong: {{Pair(scheme => scheme.AccentStrong)}};
            --accent-ink: {{Pair(scheme => scheme.AccentInk)}};
            --accent-text: {{Pair(scheme => scheme.AccentText)}};
            --accent-tint: {{Pair(scheme => scheme.AccentTint)}};
            --focus: {{Pair(scheme => scheme.Focus)}};
          }
        }

        """;

    private string Pair(Func<BrandScheme, Colour> token) => $"light-dark({token(Light)}, {token(Dark)})";
}

/// <summary>The six tokens in one scheme: fill, fill under the pointer, text on the fill, the colour as text, as a soft ground, as focus ring.</summary>
public sealed record BrandScheme(Colour Accent, Colour AccentStrong, Colour AccentInk, Colour AccentText, Colour AccentTint, Colour Focus)
{
    internal static BrandScheme From(Colour brand, Colour accent, Colour ground, Colour tint)
    {
        // Of white and black at least one always reaches 4.58 on any colour.
        var white = Colour.Of(1, 0, 0);
        var ink = Colour.Contrast(white, accent) >= BrandContrast.Least ? white : Colour.Of(0, 0, 0);
        var strong = accent.WithLightness(accent.Lightness + (ink == white ? -0.07 : 0.06));
        var text = BrandContrast.Readable(BrandContrast.Readable(brand, ground), tint);
        return new(accent, strong, ink, text, tint, text);
    }
}

/// <summary>Whether a tenant's colours can be read.</summary>
public static class BrandContrast
{
    /// <summary>WCAG 2.2 §1.4.3, level AA for text of any size.</summary>
    public const double Least = 4.5;

    /// <summary>WCAG 2.2 §1.4.11, for what shows where the focus is.</summary>
    public const double LeastOfFocus = 3;

    // What we make ourselves still reaches the least once it is rounded to 8 bits a channel.
    private const double Aim = Least + 0.06;

    /// <summary>The ground a link has the hardest time on: a row under the pointer (token <c>--hover</c>).</summary>
    public static Colour LightGround { get; } = Colour.Of(0.96, 0.004, 240);

    public static Colour DarkGround { get; } = Colour.Of(0.25, 0.008, 240);

    /// <summary>The softest of our own text that stands on a brand's tint (token <c>--ink-soft</c>).</summary>
    public static Colour LightInk { get; } = Colour.Of(0.475, 0.014, 250);

    public static Colour DarkInk { get; } = Colour.Of(0.735, 0.01, 240);

    /// <summary>The pairs that fall short; none for tokens made by <see cref="BrandTokens.From"/>.</summary>
    public static IReadOnlyList<BrandWeakness> Weaknesses(BrandTokens tokens) =>
        [.. Pairs(tokens.Light, LightGround, LightInk, "light").Concat(Pairs(tokens.Dark, DarkGround, DarkInk, "dark")).Where(pair => pair.Ratio < pair.Least)];

    /// <summary>The colour nearest in lightness that reads on the ground: darker on a light ground, lighter on a dark one.</summary>
    internal static Colour Readable(Colour colour, Colour ground)
    {
        if (Colour.Contrast(colour, ground) >= Aim)
            return colour;

        var (near, far) = (colour.Lightness, ground.Lightness > 0.5 ? 0d : 1d);
        for (var i = 0; i < 24; i++)
        {
            var middle = (near + far) / 2;
            (near, far) = Colour.Contrast(colour.WithLightness(middle), ground) >= Aim ? (near, middle) : (middle, far);
        }

        return colour.WithLightness(far);
    }

    private static IEnumerable<BrandWeakness> Pairs(BrandScheme scheme, Colour ground, Colour ink, string name)
    {
        yield return new(name, "accent_ink", "Text on a button", Colour.Contrast(scheme.AccentInk, scheme.Accent), Least);
        yield return new(name, "accent_strong", "Text on a button under the pointer", Colour.Contrast(scheme.AccentInk, scheme.AccentStrong), Least);
        yield return new(name, "accent_text", "A link", Colour.Contrast(scheme.AccentText, ground), Least);
        yield return new(name, "accent_text", "A link on the soft ground", Colour.Contrast(scheme.AccentText, scheme.AccentTint), Least);
        yield return new(name, "accent_tint", "Text on the soft ground", Colour.Contrast(ink, scheme.AccentTint), Least);
        yield return new(name, "focus", "The ring around what has the focus", Colour.Contrast(scheme.Focus, ground), LeastOfFocus);
    }
}

/// <summary>A token that can't be read or seen where it stands.</summary>
/// <param name="Scheme"><c>light</c> or <c>dark</c>.</param>
/// <param name="Token">By its name on the wire: <c>accent_text</c>.</param>
/// <param name="Least">The contrast that is needed.</param>
public sealed record BrandWeakness(string Scheme, string Token, string What, double Ratio, double Least)
{
    /// <summary>As a sentence for the person who chose it.</summary>
    public string Sentence => FormattableString.Invariant($"{What} has a contrast of {Math.Floor(Ratio * 10) / 10:0.0} in the {Scheme} scheme; it needs {Least:0.0}.");
}
