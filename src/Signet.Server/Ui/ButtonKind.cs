namespace Signet.Server.Ui;

/// <summary>How loudly a button speaks. A page has at most one <see cref="Primary"/>; <see cref="Danger"/> is for what can't be undone.</summary>
public enum ButtonKind
{
    Primary,
    Secondary,
    Danger,
    Quiet,
}

internal static class ButtonKinds
{
    public static string Css(this ButtonKind kind) => kind switch
    {
        ButtonKind.Primary => "primary",
        ButtonKind.Secondary => "secondary",
        ButtonKind.Danger => "danger",
        ButtonKind.Quiet => "quiet",
    };
}
