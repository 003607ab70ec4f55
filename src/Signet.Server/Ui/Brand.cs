namespace Signet.Server.Ui;

/// <summary>
/// How a tenant presents itself: its name, its mark, and a stylesheet that sets the six brand tokens and nothing else.
/// Set as a request feature, it reaches every document and card.
/// </summary>
public sealed record Brand(string Name, string? LogoHref = null, string? StylesheetHref = null, string Language = "en", bool RightToLeft = false)
{
    /// <summary>What shows where no tenant is known.</summary>
    public static Brand Signet { get; } = new("Signet");
}
