using System.Text.Json;

namespace Signet.OpenIdFederation.Statements;

/// <summary>The claims the specification defines for entity statements (OIDFed §3): what extensions and <c>crit</c> must leave alone.</summary>
public static class StatementClaims
{
    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Defined { get; } =
    [
        "iss", "sub", "iat", "exp", "jwks", "metadata", "crit",
        "authority_hints", "trust_anchor_hints", "trust_marks", "trust_mark_issuers", "trust_mark_owners",
        "constraints", "metadata_policy", "metadata_policy_crit", "source_endpoint",
        "aud", "trust_anchor",
    ];

    /// <summary>The first member of these extra claims that the specification has taken; null when none is.</summary>
    public static string? FindProtected(JsonElement extraClaims) =>
        extraClaims.EnumerateObject().Select(member => member.Name).FirstOrDefault(Defined.Contains);
}
