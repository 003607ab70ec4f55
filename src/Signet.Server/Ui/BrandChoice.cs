using Signet.Platform.Http;

namespace Signet.Server.Ui;

/// <summary>
/// A tenant's brand as it is told and stored: one colour that all tokens are made of, or each token in both schemes. Nothing named: the colours Signet
/// comes with. Colours are <c>#rrggbb</c>.
/// </summary>
public sealed record BrandChoice(string? Colour = null, BrandPalette? Light = null, BrandPalette? Dark = null)
{
    internal bool IsNone => this is { Colour: null, Light: null, Dark: null };

    /// <summary>The tokens, or why there are none; null for both where nothing is chosen.</summary>
    public (BrandTokens? Tokens, Problem? Refusal) Read()
    {
        if (IsNone)
        {
            return (null, null);
        }

        var faults = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var tokens = Colour is not null ? FromColour(faults) : FromPalettes(faults);
        if (tokens is not null)
        {
            foreach (var token in BrandContrast.Weaknesses(tokens).GroupBy(weakness => $"brand.{weakness.Scheme}.{weakness.Token}"))
            {
                faults[token.Key] = [.. token.Select(weakness => weakness.Sentence)];
            }
        }

        return faults.Count == 0 ? (tokens, null) : (null, BrandProblems.Unreadable with { Errors = faults });
    }

    private BrandTokens? FromColour(Dictionary<string, string[]> faults)
    {
        if (Light is not null || Dark is not null)
        {
            faults["brand"] = ["Name one colour, or each token, not both."];
        }
        else if (Ui.Colour.TryParse(Colour) is { } colour)
        {
            return BrandTokens.From(colour);
        }
        else
        {
            faults["brand.colour"] = [BrandProblems.NoColour];
        }

        return null;
    }

    private BrandTokens? FromPalettes(Dictionary<string, string[]> faults)
    {
        if (Light is null || Dark is null)
        {
            faults["brand"] = ["Name the tokens of both schemes, light and dark."];
            return null;
        }

        var (light, dark) = (Light.Read("brand.light", faults), Dark.Read("brand.dark", faults));
        return light is null || dark is null ? null : new BrandTokens(light, dark);
    }
}

/// <summary>The six tokens of one scheme on the wire.</summary>
public sealed record BrandPalette(string Accent, string AccentStrong, string AccentInk, string AccentText, string AccentTint, string Focus)
{
    public static BrandPalette Of(BrandScheme scheme) =>
        new(scheme.Accent.Hex, scheme.AccentStrong.Hex, scheme.AccentInk.Hex, scheme.AccentText.Hex, scheme.AccentTint.Hex, scheme.Focus.Hex);

    internal BrandScheme? Read(string path, Dictionary<string, string[]> faults)
    {
        var colours = ((string Name, string Text)[])
            [("accent", Accent), ("accent_strong", AccentStrong), ("accent_ink", AccentInk), ("accent_text", AccentText), ("accent_tint", AccentTint), ("focus", Focus)];
        var read = colours.Select(colour => Colour.TryParse(colour.Text)).ToArray();
        foreach (var (colour, _) in colours.Zip(read).Where(pair => pair.Second is null))
        {
            faults[$"{path}.{colour.Name}"] = [BrandProblems.NoColour];
        }

        return read is [{ } accent, { } strong, { } ink, { } text, { } tint, { } focus] ? new BrandScheme(accent, strong, ink, text, tint, focus) : null;
    }
}

public static class BrandProblems
{
    public static readonly Problem Unreadable = new(400, "invalid_input", "These colours can't be used.");

    internal const string NoColour = "Enter a colour such as #0a5c6b.";
}
