namespace Signet.OpenIdFederation.Chains;

/// <summary>What can come of looking for a trust chain.</summary>
public abstract record ChainSearch
{
    private ChainSearch()
    {
    }

    /// <summary>The shortest valid chain.</summary>
    /// <param name="Chain">The chain.</param>
    public sealed record Found(TrustChain Chain) : ChainSearch;

    /// <summary>There is none.</summary>
    /// <param name="Faults">Why each path failed; never empty.</param>
    public sealed record NotFound(IReadOnlyList<FederationFault> Faults) : ChainSearch;

    /// <summary>None was found, and there might be one: some document could not be had now (OIDFed §10.5).</summary>
    /// <param name="Faults">Why each path failed; never empty.</param>
    /// <param name="RetryAfter">The longest wait a source asked for, if any did.</param>
    public sealed record Unavailable(IReadOnlyList<FederationFault> Faults, TimeSpan? RetryAfter) : ChainSearch;
}

/// <summary>Everything a search over all paths found.</summary>
/// <param name="Chains">The valid chains, the shortest first; of equally long ones that of the earlier named anchor.</param>
/// <param name="Faults">Why other paths failed.</param>
/// <param name="RetryAfter">The longest wait a source asked for, if any did.</param>
public sealed record ChainSurvey(IReadOnlyList<TrustChain> Chains, IReadOnlyList<FederationFault> Faults, TimeSpan? RetryAfter);
