using System.Text.Json;

namespace Signet.Server.Federation;

/// <summary>What a tenant states of itself as a federation entity; as it goes over the management API, and as it is stored.</summary>
public sealed record FederationSettings
{
    public static readonly FederationSettings Untouched = new();

    /// <summary>Off: every federation endpoint of the tenant answers that there is nothing.</summary>
    public bool Enabled { get; init; }

    public string? OrganizationName { get; init; }

    public string? OrganizationUri { get; init; }

    public string? DisplayName { get; init; }

    public IReadOnlyList<string> Contacts { get; init; } = [];

    public string? LogoUri { get; init; }

    public string? PolicyUri { get; init; }

    public string? InformationUri { get; init; }

    /// <summary>Further members of <c>metadata.federation_entity</c>; none that has a field here, and no endpoint.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>The immediate superiors; none for a trust anchor that has none.</summary>
    public IReadOnlyList<string> AuthorityHints { get; init; } = [];

    public IReadOnlyList<string> TrustAnchorHints { get; init; } = [];

    /// <summary>There is a key of each; the first one's signs.</summary>
    public IReadOnlyList<string> Algorithms { get; init; } = ["ES256"];

    /// <summary>How long a key signs before its successor takes over by itself.</summary>
    public int KeyDays { get; init; } = 180;

    /// <summary>How long our configuration is valid, and so how long a key is announced before it signs.</summary>
    public int ConfigurationSeconds { get; init; } = 86_400;

    /// <summary>How long statements about subordinates are valid; one subordinate's may be shorter, not longer.</summary>
    public int SubordinateSeconds { get; init; } = 604_800;

    /// <summary>Claims of our configuration that the specification does not define.</summary>
    public JsonElement? ExtraClaims { get; init; }

    /// <summary>Those of them that a reader must understand.</summary>
    public IReadOnlyList<string> Crit { get; init; } = [];

    /// <summary>By entity type; in every statement about a subordinate, merged with the subordinate's own.</summary>
    public JsonElement? MetadataPolicy { get; init; }

    public IReadOnlyList<string> MetadataPolicyCrit { get; init; } = [];

    public EnrolmentChecks Enrolment { get; init; } = new();

    internal TimeSpan ConfigurationLife => TimeSpan.FromSeconds(ConfigurationSeconds);

    /// <summary>OIDFed §11.2: whoever has our configuration of today has the key when it begins to sign.</summary>
    internal TimeSpan KeyLead => ConfigurationLife + TimeSpan.FromHours(1) is var lead && lead > TimeSpan.FromDays(1) ? lead : TimeSpan.FromDays(1);

    /// <summary>A key stays published until the last thing it signed has ended.</summary>
    internal TimeSpan KeyOverlap => TimeSpan.FromSeconds(Math.Max(ConfigurationSeconds, SubordinateSeconds)) + TimeSpan.FromHours(1);
}

/// <summary>What must hold of an entity before it is enrolled. That its configuration is right and its keys are strong is not for choosing.</summary>
/// <param name="AuthorityHint">It names us as its superior. Without that no chain leads through us (OIDFed §3).</param>
/// <param name="Contacts">It names somebody to write to.</param>
/// <param name="EntityTypes">It is of none but these, <c>federation_entity</c> aside; empty: of any.</param>
/// <param name="Hosts">Its host is one of these or below one of them; empty: any.</param>
/// <param name="TrustMarks">It shows a mark of each of these types that we issued and that is in force; empty: none is asked for.</param>
public sealed record EnrolmentChecks(
    bool AuthorityHint = true, bool Contacts = false, IReadOnlyList<string>? EntityTypes = null, IReadOnlyList<string>? Hosts = null, IReadOnlyList<string>? TrustMarks = null);
