using System.Globalization;
using System.Text.RegularExpressions;
using System.Text;
using Signet.Server.Ui;
using Xunit;

namespace Server.Tests.Ui;

public sealed partial class ContrastTests
{
    private static readonly Dictionary<string, (Colour Light, Colour Dark)> Tokens = ReadTokens();

    [Theory]
    [InlineData("--ink", "--paper")]
    [InlineData("--ink", "--canvas")]
    [InlineData("--ink", "--raised")]
    [InlineData("--ink", "--sunken")]
    [InlineData("--ink", "--hover")]
    [InlineData("--ink", "--accent-tint")]
    [InlineData("--ink", "--good-tint")]
    [InlineData("--ink", "--warning-tint")]
    [InlineData("--ink", "--danger-tint")]
    [InlineData("--ink", "--neutral-tint")]
    [InlineData("--ink-soft", "--paper")]
    [InlineData("--ink-soft", "--canvas")]
    [InlineData("--ink-soft", "--raised")]
    [InlineData("--ink-soft", "--sunken")]
    [InlineData("--ink-soft", "--hover")]
    [InlineData("--ink-soft", "--accent-tint")]
    [InlineData("--ink-soft", "--neutral-tint")]
    [InlineData("--ink-faint", "--paper")]
    [InlineData("--ink-faint", "--canvas")]
    [InlineData("--ink-faint", "--raised")]
    [InlineData("--accent-ink", "--accent")]
    [InlineData("--accent-ink", "--accent-strong")]
    [InlineData("--accent-text", "--paper")]
    [InlineData("--accent-text", "--canvas")]
    [InlineData("--accent-text", "--raised")]
    [InlineData("--accent-text", "--hover")]
    [InlineData("--accent-text", "--accent-tint")]
    [InlineData("--danger-ink", "--danger-fill")]
    [InlineData("--danger", "--raised")]
    [InlineData("--danger", "--paper")]
    [InlineData("--good", "--good-tint")]
    [InlineData("--warning", "--warning-tint")]
    [InlineData("--danger", "--danger-tint")]
    [InlineData("--neutral", "--neutral-tint")]
    [InlineData("--paper", "--ink")]
    public void Text_reads_on_its_ground_in_both_schemes(string text, string ground)
    {
        Assert.True(Colour.Contrast(Tokens[text].Light, Tokens[ground].Light) >= 4.5, $"light: {Colour.Contrast(Tokens[text].Light, Tokens[ground].Light):0.00}");
        Assert.True(Colour.Contrast(Tokens[text].Dark, Tokens[ground].Dark) >= 4.5, $"dark: {Colour.Contrast(Tokens[text].Dark, Tokens[ground].Dark):0.00}");
    }

    // WCAG 2.2 §1.4.11: what shows a control and its focus needs 3 to 1.
    [Theory]
    [InlineData("--edge", "--paper")]
    [InlineData("--focus", "--paper")]
    [InlineData("--focus", "--canvas")]
    [InlineData("--accent", "--paper")]
    public void Edges_of_controls_are_seen_in_both_schemes(string edge, string ground)
    {
        Assert.True(Colour.Contrast(Tokens[edge].Light, Tokens[ground].Light) >= 3, $"light: {Colour.Contrast(Tokens[edge].Light, Tokens[ground].Light):0.00}");
        Assert.True(Colour.Contrast(Tokens[edge].Dark, Tokens[ground].Dark) >= 3, $"dark: {Colour.Contrast(Tokens[edge].Dark, Tokens[ground].Dark):0.00}");
    }

    [Fact]
    public void The_grounds_brands_are_measured_on_are_those_of_the_stylesheet()
    {
        Assert.Equal((BrandContrast.LightGround, BrandContrast.DarkGround), Tokens["--hover"]);
        Assert.Equal((BrandContrast.LightInk, BrandContrast.DarkInk), Tokens["--ink-soft"]);
    }

    [Theory]
    [InlineData("#ffffff", "#000000", 21)]
    [InlineData("#777777", "#ffffff", 4.48)]
    [InlineData("#ff0000", "#ffffff", 4.00)]
    [InlineData("#0000ff", "#ffffff", 8.59)]
    public void Contrast_agrees_with_published_ratios(string one, string other, double expected)
    {
        var ratio = Colour.Contrast(Colour.TryParse(one)!.Value, Colour.TryParse(other)!.Value);

        Assert.Equal(expected, ratio, 0.02);
    }

    [Theory]
    [InlineData("")]
    [InlineData("#12345")]
    [InlineData("#12345g")]
    [InlineData("red")]
    [InlineData("#123456;}body{display:none}")]
    [InlineData(null)]
    public void What_is_no_colour_is_refused(string? text)
    {
        Assert.Null(Colour.TryParse(text));
    }

    [Fact]
    public void Every_brand_colour_becomes_tokens_that_can_be_read()
    {
        int[] steps = [0x00, 0x33, 0x66, 0x80, 0x99, 0xcc, 0xff];
        var colours =
            from r in steps
            from g in steps
            from b in steps
            select $"#{r:x2}{g:x2}{b:x2}";

        Assert.All(colours, colour => Assert.Empty(BrandContrast.Weaknesses(BrandTokens.From(Colour.TryParse(colour)!.Value))));
    }

    [Fact]
    public void Tokens_that_cannot_be_read_are_named()
    {
        var tokens = BrandTokens.From(Colour.TryParse("#7a1fa2")!.Value);
        var pale = tokens with { Light = tokens.Light with { AccentText = Colour.Of(0.9, 0.05, 100) } };

        Assert.Equal([("light", "accent_text"), ("light", "accent_text")], BrandContrast.Weaknesses(pale).Select(weakness => (weakness.Scheme, weakness.Token)));
    }

    [Theory]
    [InlineData("#00777a")]
    [InlineData("#f5c400")]
    [InlineData("#808080")]
    public void A_colour_is_the_same_after_going_through_its_hex(string hex)
    {
        Assert.Equal(hex, Colour.TryParse(hex)!.Value.Hex);
    }

    [Fact]
    public void Every_brand_colour_becomes_tokens_that_can_be_read_as_they_are_told_too()
    {
        int[] steps = [0x00, 0x44, 0x88, 0xcc, 0xff];
        var colours =
            from r in steps
            from g in steps
            from b in steps
            select BrandTokens.From(Colour.TryParse($"#{r:x2}{g:x2}{b:x2}")!.Value);

        Assert.All(colours, tokens => Assert.Null(new BrandChoice(null, BrandPalette.Of(tokens.Light), BrandPalette.Of(tokens.Dark)).Read().Refusal));
    }

    [Fact]
    public void A_brand_sets_six_tokens_and_nothing_else()
    {
        var css = BrandTokens.From(Colour.TryParse("#7a1fa2")!.Value).Css;

        Assert.Equal(
            ["--accent", "--accent-strong", "--accent-ink", "--accent-text", "--accent-tint", "--focus"],
            Declaration().Matches(css).Select(match => match.Groups["name"].Value));
    }

    private static Dictionary<string, (Colour, Colour)> ReadTokens()
    {
        var css = Encoding.UTF8.GetString(UiAssets.All.Single(asset => asset.Name == "signet.css").Plain);
        return Token().Matches(css).ToDictionary(match => match.Groups["name"].Value, match => (Read(match.Groups["light"].Value), Read(match.Groups["dark"].Value)));

        static Colour Read(string text)
        {
            var parts = text.Split(' ').Select(part => double.Parse(part, CultureInfo.InvariantCulture)).ToArray();
            return Colour.Of(parts[0], parts[1], parts[2]);
        }
    }

    [GeneratedRegex(@"(?<name>--[a-z-]+): light-dark\(oklch\((?<light>[0-9. ]+)\), oklch\((?<dark>[0-9. ]+)\)\);")]
    private static partial Regex Token();

    [GeneratedRegex(@"(?<name>--[a-z-]+):")]
    private static partial Regex Declaration();
}
