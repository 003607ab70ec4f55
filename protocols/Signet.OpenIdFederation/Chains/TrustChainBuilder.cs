using Signet.OpenIdFederation.Statements;

namespace Signet.OpenIdFederation.Chains;

/// <summary>
/// Looks for chains from a subject to trust anchors (OIDFed §10.1): breadth first over all authority hints, so that the first chain that holds
/// is the shortest. A branch that fails takes no other with it; no document is fetched twice; caps bound what a subject can make us do.
/// </summary>
/// <param name="fetcher">Where documents come from.</param>
/// <param name="rules">What is accepted, and how much.</param>
public sealed class TrustChainBuilder(IStatementFetcher fetcher, FederationRules rules)
{
    /// <summary>Finds the shortest valid chain.</summary>
    /// <param name="subject">The entity to look at.</param>
    /// <param name="anchors">The trust anchors. Of equally long chains that of the earlier one is taken.</param>
    /// <param name="now">The moment.</param>
    /// <param name="ct">Ends the search.</param>
    public async Task<ChainSearch> FindAsync(EntityId subject, IReadOnlyList<TrustAnchor> anchors, DateTimeOffset now, CancellationToken ct) =>
        Conclude(await SearchAsync(subject, null, anchors, now, firstOnly: true, ct));

    /// <summary>Finds the shortest valid chain from a configuration that was handed over, as in explicit registration.</summary>
    /// <inheritdoc cref="FindAsync(EntityId, IReadOnlyList{TrustAnchor}, DateTimeOffset, CancellationToken)" />
    public async Task<ChainSearch> FindAsync(EntityStatement subject, IReadOnlyList<TrustAnchor> anchors, DateTimeOffset now, CancellationToken ct) =>
        Conclude(await SearchAsync(subject.Subject, subject, anchors, now, firstOnly: true, ct));

    /// <summary>Tries every path and returns every valid chain.</summary>
    /// <inheritdoc cref="FindAsync(EntityId, IReadOnlyList{TrustAnchor}, DateTimeOffset, CancellationToken)" />
    public Task<ChainSurvey> FindAllAsync(EntityId subject, IReadOnlyList<TrustAnchor> anchors, DateTimeOffset now, CancellationToken ct) =>
        SearchAsync(subject, null, anchors, now, firstOnly: false, ct);

    private static ChainSearch Conclude(ChainSurvey survey) =>
        survey.Chains.Count > 0 ? new ChainSearch.Found(survey.Chains[0])
            : survey.Faults.Any(fault => fault.IsTransient) ? new ChainSearch.Unavailable(survey.Faults, survey.RetryAfter)
            : new ChainSearch.NotFound(survey.Faults);

    private async Task<ChainSurvey> SearchAsync(
        EntityId subject, EntityStatement? given, IReadOnlyList<TrustAnchor> anchors, DateTimeOffset now, bool firstOnly, CancellationToken ct)
    {
        var documents = new SearchDocuments(fetcher, rules, now);
        List<TrustChain> chains = [];
        List<Path> level = await documents.GetConfigurationAsync(subject, given, ct) is { } configuration ? [new Path(configuration, [configuration])] : [];
        if (level.Count > 0)
        {
            Judge(level[0].Statements, anchors, now, chains, documents);
        }

        var followed = level.Count;
        while (level.Count > 0 && !(firstOnly && chains.Count > 0))
        {
            List<TrustChain> found = [];
            level = await ClimbAsync(level, documents, ct);
            foreach (var path in level)
            {
                Judge([.. path.Statements, path.Top], anchors, now, found, documents);
            }

            chains.AddRange(found.OrderBy(chain => IndexOf(anchors, chain.Anchor)));
            followed += level.Count;
            if (followed > rules.MaxPaths)
            {
                documents.Note(new FederationFault(FaultKind.TooLong, $"More than {rules.MaxPaths} paths lead upwards."));
                break;
            }
        }

        if (chains.Count == 0)
        {
            documents.Note(new FederationFault(FaultKind.UntrustedAnchor, "No path leads to a configured trust anchor through statements that hold."));
        }

        return new ChainSurvey(chains, documents.Faults, documents.RetryAfter);
    }

    /// <summary>All paths that are one superior longer.</summary>
    private async Task<List<Path>> ClimbAsync(List<Path> level, SearchDocuments documents, CancellationToken ct)
    {
        List<(Path Path, EntityId Superior)> steps = [];
        foreach (var path in level)
        {
            foreach (var superior in path.Top.AuthorityHints.Take(rules.MaxAuthorityHints))
            {
                // OIDFed §10.1: a hint that leads into a loop is not used.
                if (path.Contains(superior))
                {
                    documents.Note(new FederationFault(FaultKind.Loop, $"{FederationFault.Quote(superior.Value)} is a superior of itself."));
                }
                else if (path.Statements.Count + 2 > rules.MaxChainLength)
                {
                    documents.Note(new FederationFault(FaultKind.TooLong, $"A trust chain has at most {rules.MaxChainLength} statements."));
                }
                else if (steps.Count < rules.MaxPaths)
                {
                    steps.Add((path, superior));
                }
            }
        }

        await documents.FetchAsync([.. steps.Select(step => step.Superior)], ct);
        await documents.FetchAsync([.. steps.Select(step => (step.Superior, step.Path.Top.Subject))], ct);
        return
        [
            .. from step in steps
               let superior = documents.Configuration(step.Superior)
               let statement = documents.Subordinate(step.Superior, step.Path.Top.Subject)
               where superior is not null && statement is not null
               select new Path(superior, [.. step.Path.Statements, statement]),
        ];
    }

    private void Judge(
        IReadOnlyList<EntityStatement> statements, IReadOnlyList<TrustAnchor> anchors, DateTimeOffset now, List<TrustChain> chains, SearchDocuments documents)
    {
        if (IndexOf(anchors, statements[^1].Subject) < 0)
        {
            return;
        }

        switch (TrustChain.Verify(statements, anchors, now, rules))
        {
            case ChainVerification.Valid valid:
                chains.Add(valid.Chain);
                break;
            case ChainVerification.Refused refused:
                documents.Note(refused.Fault.In($"Chain by {FederationFault.Quote(string.Join(", ", statements.Skip(1).Select(one => one.Issuer.Value)))}"));
                break;
        }
    }

    private static int IndexOf(IReadOnlyList<TrustAnchor> anchors, TrustAnchor anchor) => IndexOf(anchors, anchor.Id);

    private static int IndexOf(IReadOnlyList<TrustAnchor> anchors, EntityId id)
    {
        for (var i = 0; i < anchors.Count; i++)
        {
            if (anchors[i].Id == id)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>A way upwards: the configuration it has arrived at, and the statements of the chain without it.</summary>
    private sealed record Path(EntityStatement Top, IReadOnlyList<EntityStatement> Statements)
    {
        public bool Contains(EntityId entity) => Top.Subject == entity || Statements.Any(statement => statement.Subject == entity);
    }
}
