using Signet.OpenIdFederation.Statements;

namespace Signet.OpenIdFederation.Chains;

/// <summary>The checks of OIDFed §10.2, the cheap ones first: a signature is looked at only when all else holds.</summary>
internal sealed class ChainValidation(
    IReadOnlyList<EntityStatement> statements, IReadOnlyList<TrustAnchor> anchors, DateTimeOffset now, FederationRules rules)
{
    public ChainVerification Run()
    {
        if (statements.Count == 0 || statements.Count > rules.MaxChainLength)
        {
            return Refuse(FaultKind.TooLong, $"A trust chain has 1 to {rules.MaxChainLength} statements.");
        }

        if (FindLinkFault() is { } broken)
        {
            return new ChainVerification.Refused(broken);
        }

        if (anchors.FirstOrDefault(known => known.Id == statements[^1].Issuer) is not { } anchor)
        {
            return Refuse(FaultKind.UntrustedAnchor, $"{FederationFault.Quote(statements[^1].Issuer.Value)} is no configured trust anchor.");
        }

        if ((FindTimeFault() ?? FindConstraintFault() ?? FindSignatureFault(anchor)) is { } fault)
        {
            return new ChainVerification.Refused(fault);
        }

        return MetadataResolution.TryResolve(statements[0].Metadata, [.. statements.Where(one => !one.IsConfiguration)], out fault) is { } resolved
            ? new ChainVerification.Valid(new TrustChain(statements, anchor, resolved.Policy, resolved.Metadata))
            : new ChainVerification.Refused(fault!);
    }

    private static ChainVerification.Refused Refuse(FaultKind kind, string detail) => new(new FederationFault(kind, detail));

    private FederationFault? FindLinkFault()
    {
        if (!statements[0].IsConfiguration)
        {
            return new FederationFault(FaultKind.BrokenChain, "A trust chain begins with the entity configuration of its subject.");
        }

        for (var j = 1; j < statements.Count; j++)
        {
            if (statements[j].IsConfiguration && j < statements.Count - 1)
            {
                return new FederationFault(FaultKind.BrokenChain, $"Statement {j}: only the first and the last statement are entity configurations.");
            }

            if (statements[j - 1].Issuer != statements[j].Subject)
            {
                return new FederationFault(FaultKind.BrokenChain, $"Statement {j}: sub is not the iss of the statement before it.");
            }
        }

        if (Subjects().GroupBy(subject => subject).FirstOrDefault(group => group.Skip(1).Any()) is { } repeated)
        {
            return new FederationFault(FaultKind.Loop, $"{FederationFault.Quote(repeated.Key.Value)} occurs twice.");
        }

        // OIDFed §3: a subordinate statement counts only from a superior its subject has named. Between intermediates, whose configurations are
        // not in a chain, the search has looked.
        return statements is [_, { IsConfiguration: false } above, ..] && !statements[0].AuthorityHints.Contains(above.Issuer)
            ? new FederationFault(FaultKind.BrokenChain, "The subject's authority_hints do not name the issuer of statement 1.")
            : null;
    }

    /// <summary>Every entity of the chain once, the anchor among them.</summary>
    private IEnumerable<EntityId> Subjects() =>
        statements.Where(statement => !statement.IsConfiguration).Select(statement => statement.Issuer).Prepend(statements[0].Subject);

    private FederationFault? FindTimeFault()
    {
        for (var j = 0; j < statements.Count; j++)
        {
            if (statements[j].FindTimeFault(now, rules) is { } fault)
            {
                return fault.In($"Statement {j}");
            }
        }

        return null;
    }

    /// <summary>OIDFed §6.2: each statement's constraints by themselves, about all entities below its issuer.</summary>
    private FederationFault? FindConstraintFault()
    {
        for (var j = 1; j < statements.Count; j++)
        {
            if (statements[j].Constraints is not { } constraints)
            {
                continue;
            }

            if (!constraints.AllowsPath(j - 1))
            {
                return new FederationFault(FaultKind.ConstraintViolated, $"Statement {j}: max_path_length is {constraints.MaxPathLength}, and {j - 1} intermediates follow.");
            }

            if (statements.Take(j + 1).FirstOrDefault(below => !constraints.AllowsName(below.Subject)) is { } outside)
            {
                return new FederationFault(
                    FaultKind.ConstraintViolated, $"Statement {j}: naming_constraints exclude {FederationFault.Quote(outside.Subject.Value)}.");
            }
        }

        return null;
    }

    private FederationFault? FindSignatureFault(TrustAnchor anchor)
    {
        for (var j = 0; j < statements.Count; j++)
        {
            var statement = statements[j];

            // The last statement is the anchor's, so a pinned key must have signed it, not just one it publishes.
            var keys = j + 1 < statements.Count ? statements[j + 1].Keys! : anchor.Keys;
            if ((statement.FindSignatureFault(keys, rules) ?? (statement.IsConfiguration ? statement.FindSignatureFault(statement.Keys!, rules) : null)) is { } fault)
            {
                return fault.In($"Statement {j}");
            }
        }

        return null;
    }
}
