namespace Signet.Server.Ui;

/// <summary>One place in the side navigation; <paramref name="Count"/> is shown at its end (waiting approvals and the like).</summary>
public sealed record NavItem(string Label, string Href, string Icon, long? Count = null);

/// <summary>The places of one domain, under a heading; without one they stand on top.</summary>
public sealed record NavGroup(string? Label, IReadOnlyList<NavItem> Items);

/// <summary>The person at the keyboard, as the shell shows them.</summary>
public sealed record Viewer(string Name, string Email, string? AccountHref = null);

/// <summary>Another tenant or organization this person may switch to.</summary>
public sealed record SwitchPlace(string Label, string Href, bool Current = false);

/// <summary>
/// What surrounds every console page. The console sets it once as a request feature; <c>ConsoleShell</c> finds it there, so pages needn't pass it.
/// </summary>
public sealed record ConsoleFrame(
    string Tenant,
    IReadOnlyList<NavGroup> Navigation,
    Viewer Viewer,
    string SignOutAction,
    string HomeHref = "/console",
    IReadOnlyList<SwitchPlace>? Places = null,
    string? SearchHref = null)
{
    /// <summary>The item of the page at this path: the one whose address is the longest beginning of it, in whole segments.</summary>
    public NavItem? At(string path) => Navigation
        .SelectMany(group => group.Items)
        .Where(item => string.Equals(path, item.Href, StringComparison.OrdinalIgnoreCase) || path.StartsWith(item.Href.TrimEnd('/') + "/", StringComparison.OrdinalIgnoreCase))
        .MaxBy(item => item.Href.Length);
}
