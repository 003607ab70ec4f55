using System.Text.Json;
using Signet.OpenIdFederation.Policy;
using Signet.OpenIdFederation.Statements;

namespace Signet.OpenIdFederation.Chains;

/// <summary>
/// A chain from a subject to a configured trust anchor in which everything holds: form, links, times, signatures, constraints, policy
/// (OIDFed §10.2). It exists only verified.
/// </summary>
public sealed class TrustChain
{
    internal TrustChain(IReadOnlyList<EntityStatement> statements, TrustAnchor anchor, MetadataPolicy policy, JsonElement metadata)
    {
        Statements = statements;
        Anchor = anchor;
        Policy = policy;
        Metadata = metadata;
        ExpiresAt = statements.Min(statement => statement.ExpiresAt);
    }

    /// <summary>The statements: the subject's configuration, the subordinate statements upwards, the anchor's configuration if it was there.</summary>
    public IReadOnlyList<EntityStatement> Statements { get; }

    /// <summary>The anchor the chain ends at.</summary>
    public TrustAnchor Anchor { get; }

    /// <summary>The policies of all superiors, merged.</summary>
    public MetadataPolicy Policy { get; }

    /// <summary>The subject's resolved metadata by entity type: the ones to use when talking to it.</summary>
    public JsonElement Metadata { get; }

    /// <summary>OIDFed §10.4: the earliest <c>exp</c> in the chain.</summary>
    public DateTimeOffset ExpiresAt { get; }

    /// <summary>The entity the chain is about.</summary>
    public EntityId Subject => Statements[0].Subject;

    /// <summary>What the subject publishes about itself.</summary>
    public EntityStatement Configuration => Statements[0];

    /// <summary>What the anchor publishes about itself; null when the chain came without it.</summary>
    public EntityStatement? AnchorConfiguration => Statements[^1] is { IsConfiguration: true } last ? last : null;

    /// <summary>The entities from the subject to the anchor.</summary>
    public IReadOnlyList<EntityId> Path => [Subject, .. Statements.Where(statement => !statement.IsConfiguration).Select(statement => statement.Issuer)];

    /// <summary>The chain as it goes into <c>trust_chain</c>.</summary>
    public IReadOnlyList<string> Jwts => [.. Statements.Select(statement => statement.Jwt)];

    /// <summary>Verifies a chain somebody has handed over. Never throws, whatever the texts.</summary>
    /// <param name="jwts">The statements, the subject's configuration first. The anchor's configuration may be missing at the end (OIDFed §4).</param>
    /// <param name="anchors">The trust anchors, of which the chain must end at one.</param>
    /// <param name="now">The moment.</param>
    /// <param name="rules">What is accepted.</param>
    public static ChainVerification Verify(IReadOnlyList<string> jwts, IReadOnlyList<TrustAnchor> anchors, DateTimeOffset now, FederationRules rules)
    {
        if (jwts.Count == 0 || jwts.Count > rules.MaxChainLength)
        {
            return new ChainVerification.Refused(new FederationFault(FaultKind.TooLong, $"A trust chain has 1 to {rules.MaxChainLength} statements."));
        }

        List<EntityStatement> statements = [];
        foreach (var jwt in jwts)
        {
            if (EntityStatement.TryParse(jwt, rules, out var fault) is not { } statement)
            {
                return new ChainVerification.Refused(fault!.In($"Statement {statements.Count}"));
            }

            statements.Add(statement);
        }

        return Verify(statements, anchors, now, rules);
    }

    /// <summary>Verifies a chain of statements that were read before.</summary>
    /// <inheritdoc cref="Verify(IReadOnlyList{string}, IReadOnlyList{TrustAnchor}, DateTimeOffset, FederationRules)" />
    public static ChainVerification Verify(
        IReadOnlyList<EntityStatement> statements, IReadOnlyList<TrustAnchor> anchors, DateTimeOffset now, FederationRules rules) =>
        new ChainValidation(statements, anchors, now, rules).Run();
}

/// <summary>What can come of verifying a trust chain.</summary>
public abstract record ChainVerification
{
    private ChainVerification()
    {
    }

    /// <summary>Everything holds.</summary>
    /// <param name="Chain">The chain.</param>
    public sealed record Valid(TrustChain Chain) : ChainVerification;

    /// <summary>Something does not.</summary>
    /// <param name="Fault">What.</param>
    public sealed record Refused(FederationFault Fault) : ChainVerification;
}
