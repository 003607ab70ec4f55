using System.Text.Json;
using Signet.OpenIdFederation;

namespace Signet.Server.Federation;

/// <summary>Where a subordinate stands. Only an active one is spoken of to anybody.</summary>
public enum SubordinateState
{
    Pending,
    Active,
    Suspended,
    Revoked,
}

/// <summary>What our statement says of a subordinate beyond its keys, and how long each statement holds.</summary>
public sealed record SubordinateTerms
{
    public static readonly SubordinateTerms Plain = new();

    /// <summary>By entity type; overrides what the subordinate says of itself (OIDFed §3).</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>By entity type; merged with the entity's general policy.</summary>
    public JsonElement? MetadataPolicy { get; init; }

    public IReadOnlyList<string> MetadataPolicyCrit { get; init; } = [];

    public JsonElement? Constraints { get; init; }

    public JsonElement? ExtraClaims { get; init; }

    public IReadOnlyList<string> Crit { get; init; } = [];

    /// <summary>A type of trust mark without which it is neither enrolled nor renewed; null: none.</summary>
    public string? RequiredTrustMark { get; init; }

    /// <summary>Hours; null: as long as the entity's settings say.</summary>
    public int? ValidHours { get; init; }

    public bool AutoRenew { get; init; } = true;
}

/// <summary>An entity we vouch for, or are to, or did.</summary>
/// <param name="Keys">Its federation keys as we know them: what it publishes must be signed with one of them.</param>
/// <param name="Metadata">What it published when it was last looked at.</param>
/// <param name="ExpiresAt">Of the statement that is served; null: none is.</param>
/// <param name="SeenAt">When its configuration was last seen to be in order.</param>
/// <param name="Fault">Why it was not since; null: it was, or could not be had.</param>
public sealed record Subordinate(
    SubordinateId Id,
    EntityId Entity,
    SubordinateState State,
    FederationKeys Keys,
    JsonElement Metadata,
    bool IsIntermediate,
    SubordinateTerms Terms,
    long Version,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? SeenAt,
    string? Fault,
    DateTimeOffset? ExpiresAt)
{
    public IReadOnlyList<string> EntityTypes => [.. Metadata.EnumerateObject().Select(type => type.Name)];

    /// <summary>OIDFed leaves it to us what a superior does with whom; this is the whole of it.</summary>
    public static bool CanBecome(SubordinateState from, SubordinateState to) => (from, to) switch
    {
        (SubordinateState.Pending, SubordinateState.Active or SubordinateState.Revoked) => true,
        (SubordinateState.Active, SubordinateState.Suspended or SubordinateState.Revoked) => true,
        (SubordinateState.Suspended, SubordinateState.Active or SubordinateState.Revoked) => true,
        _ => false,
    };
}
