namespace Signet.Server.Ui;

/// <summary>The four meanings a status can have. Each shows as an icon, a word and a colour, never as a colour alone.</summary>
public enum Tone
{
    Neutral,
    Good,
    Warning,
    Danger,
}

internal static class Tones
{
    public static string Icon(this Tone tone) => tone switch
    {
        Tone.Neutral => "info",
        Tone.Good => "check-circle",
        Tone.Warning => "warning",
        Tone.Danger => "error",
    };

    public static string Css(this Tone tone) => tone switch
    {
        Tone.Neutral => "neutral",
        Tone.Good => "good",
        Tone.Warning => "warning",
        Tone.Danger => "danger",
    };
}
