using Signet.Platform.Http;
using Signet.Server.SignIn;
using Signet.Server.Tenants;
using Signet.Server.Ui;

namespace Signet.Server.Console;

/// <summary>What the brand of the form is made of.</summary>
internal static class BrandWays
{
    public const string None = "none";
    public const string Colour = "colour";
    public const string Tokens = "tokens";

    public static IReadOnlyList<Choice> All { get; } =
        [new(None, "Signet's own colours"), new(Colour, "Made of one colour"), new(Tokens, "Each colour by hand")];
}

/// <summary>A tenant's settings as the form has them, so that what was chosen stands there again when something is wrong with it.</summary>
public sealed record SettingsForm(string DisplayName, string BrandWay, string Colour, BrandPalette Light, BrandPalette Dark, bool RegistrationOpen)
{
    public AgentLimitsForm Limits { get; init; } = AgentLimitsForm.Of(AgentLimits.None);

    /// <summary>In days.</summary>
    public string OrphanGrace { get; init; } = "";

    /// <summary>Our own accent, where nothing was chosen yet.</summary>
    private const string FirstColour = "#00777a";

    private static readonly (string Name, string Label, Func<BrandPalette, string> Value)[] Each =
    [
        ("accent", "Button", palette => palette.Accent),
        ("accent_strong", "Button, hovered", palette => palette.AccentStrong),
        ("accent_ink", "Text on a button", palette => palette.AccentInk),
        ("accent_text", "Link", palette => palette.AccentText),
        ("accent_tint", "Soft ground", palette => palette.AccentTint),
        ("focus", "Focus ring", palette => palette.Focus),
    ];

    public static SettingsForm Of(TenantSettings settings)
    {
        var tokens = settings.Tokens ?? BrandTokens.From(Ui.Colour.TryParse(FirstColour)!.Value);
        return new(
            settings.DisplayName ?? "",
            settings.Brand is null ? BrandWays.None : settings.Brand.Colour is null ? BrandWays.Tokens : BrandWays.Colour,
            settings.Brand?.Colour ?? tokens.Light.Accent.Hex,
            BrandPalette.Of(tokens.Light),
            BrandPalette.Of(tokens.Dark),
            settings.RegistrationOpen)
        {
            Limits = AgentLimitsForm.Of(settings.Limits),
            OrphanGrace = settings.OrphanGrace.TotalDays.ToString("0", System.Globalization.CultureInfo.InvariantCulture),
        };
    }

    public static SettingsForm Read(IFormCollection form) => new(
        FormText.Of(form, "display_name"),
        BrandWays.All.FirstOrDefault(way => way.Value == FormText.Of(form, "brand"))?.Value ?? BrandWays.None,
        FormText.Of(form, "colour"),
        PaletteOf(form, "light"),
        PaletteOf(form, "dark"),
        FormText.Of(form, "registration_open") == "true")
    {
        Limits = AgentLimitsForm.Read(form),
        OrphanGrace = FormText.Of(form, "orphan_grace_days").Trim(),
    };

    public ChangeTenantSettings.Request ToRequest() => new(
        DisplayName,
        BrandWay switch
        {
            BrandWays.Colour => new BrandChoice(Colour),
            BrandWays.Tokens => new BrandChoice(null, Light, Dark),
            _ => new BrandChoice(),
        },
        RegistrationOpen,
        Limits.ToLimits(),
        // What is no number is none that may be; an empty field stays what it was.
        OrphanGrace.Length == 0 ? null : int.TryParse(OrphanGrace, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var days) ? days : -1);

    /// <summary>The six fields of one scheme.</summary>
    internal IEnumerable<(string Name, string Label, string Value)> FieldsOf(string scheme) =>
        Each.Select(token => ($"{scheme}_{token.Name}", token.Label, token.Value(scheme == "light" ? Light : Dark)));

    /// <summary>The API's words, each beside its field: <c>brand.light.accent_text</c> is the field <c>light_accent_text</c>.</summary>
    internal static FormErrors ErrorsOf(Problem problem) => problem.Errors is { Count: > 0 } errors
        ? new FormErrors([.. errors.SelectMany(field => field.Value.Select(message => new FieldError(FieldOf(field.Key), message)))])
        : new FormErrors([new FieldError("display_name", "Enter a name of at most 200 characters.")]);

    private static string FieldOf(string path) => path is "brand" or "orphan_grace_days" ? path : path.StartsWith("agent_limits.", StringComparison.Ordinal) ? path.Replace('.', '_') : path["brand.".Length..].Replace('.', '_');

    private static BrandPalette PaletteOf(IFormCollection form, string scheme)
    {
        var read = Each.Select(token => FormText.Of(form, $"{scheme}_{token.Name}")).ToArray();
        return new BrandPalette(read[0], read[1], read[2], read[3], read[4], read[5]);
    }
}
