namespace Signet.Server.Ui;

internal static class Slug
{
    /// <summary>A heading as an element id: lower-case letters and digits joined by hyphens.</summary>
    public static string Of(string text) =>
        string.Join('-', new string([.. text.ToLowerInvariant().Select(c => char.IsLetterOrDigit(c) ? c : ' ')])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
