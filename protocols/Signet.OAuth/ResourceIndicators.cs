namespace Signet.OAuth;

/// <summary>Resource indicators. <see href="https://www.rfc-editor.org/rfc/rfc8707"/></summary>
internal static class ResourceIndicators
{
    private const int MaxResources = 16;

    /// <summary>RFC 8707 §2: absolute URIs without fragment.</summary>
    public static bool AreWellFormed(IReadOnlyList<string> resources) =>
        resources.Count <= MaxResources
        && resources.All(resource => Uri.IsWellFormedUriString(resource, UriKind.Absolute) && !resource.Contains('#'));
}
