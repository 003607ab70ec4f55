using Signet.OpenIdFederation.Statements;

namespace Signet.OpenIdFederation.Chains;

/// <summary>
/// Where a search gets its documents. An implementation bounds sizes and times, follows no redirect, does not reach into private networks, and
/// may keep documents; it need not verify anything. It is called from several tasks at once.
/// </summary>
public interface IStatementFetcher
{
    /// <summary>Gets what is at <see cref="EntityId.ConfigurationUrl"/>.</summary>
    Task<FetchedDocument> FetchConfigurationAsync(EntityId entity, CancellationToken ct);

    /// <summary>Gets what a superior says about a subject, at <see cref="FetchUrl.For"/> its <see cref="EntityStatement.FetchEndpoint"/>.</summary>
    Task<FetchedDocument> FetchSubordinateAsync(EntityStatement superior, EntityId subject, CancellationToken ct);
}

/// <summary>What can come of fetching a document.</summary>
public abstract record FetchedDocument
{
    private FetchedDocument()
    {
    }

    /// <summary>The document.</summary>
    /// <param name="Jwt">Its text.</param>
    public sealed record Found(string Jwt) : FetchedDocument;

    /// <summary>There is none, and asking again will not help: a status of 4xx, another content type, a refused address.</summary>
    /// <param name="Detail">One sentence for whoever has to mend it.</param>
    public sealed record Missing(string Detail) : FetchedDocument;

    /// <summary>It could not be had now: no connection, a timeout, a status of 429 or 5xx.</summary>
    /// <param name="Detail">One sentence for whoever has to mend it.</param>
    /// <param name="RetryAfter">When to ask again, as the other side said.</param>
    public sealed record Unavailable(string Detail, TimeSpan? RetryAfter) : FetchedDocument;
}

/// <summary>Addresses at fetch endpoints (OIDFed §8.1.1).</summary>
public static class FetchUrl
{
    /// <summary>The address to ask about a subject. The endpoint may have a query of its own; the identifier is encoded.</summary>
    public static string For(string endpoint, EntityId subject) =>
        $"{endpoint}{(endpoint.Contains('?', StringComparison.Ordinal) ? '&' : '?')}sub={Uri.EscapeDataString(subject.Value)}";
}
