namespace Signet.OAuth;

/// <summary>Lists such as <c>acr_values</c> and <c>ui_locales</c>: only hints, so empty places are skipped.</summary>
internal static class SpaceDelimited
{
    public static IReadOnlyList<string> Split(string? text) => text?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
}
