using System.Text.Json;
using Signet.OpenIdFederation;
using Signet.OpenIdFederation.Chains;
using Signet.OpenIdFederation.Policy;
using Signet.OpenIdFederation.Statements;
using Signet.Platform.Data;
using Signet.Server.Federation.Storage;

namespace Signet.Server.Federation;

/// <summary>What we say of a subordinate, and what comes of its metadata under us.</summary>
/// <param name="Statement">The claims.</param>
/// <param name="Metadata">What it is to those who trust us.</param>
public sealed record StatementPreview(JsonElement Statement, JsonElement Metadata);

/// <summary>Writes, signs and shelves statements about subordinates (OIDFed §3.1).</summary>
internal static class SignSubordinate
{
    /// <summary>What would be said; null, with the field and the reason, where nobody would take it.</summary>
    public static StatementPreview? Preview(Superior superior, Subordinate about, DateTimeOffset now, out (string Field, string Detail)? fault)
    {
        fault = null;
        if (MergePolicy(superior, about.Terms, out var conflict) is not { } policy)
        {
            fault = ("metadata_policy", conflict!.Detail);
            return null;
        }

        var draft = Draft(superior, about, policy, now);
        // Operators beyond the standard ones are for those who know them.
        var rules = FederationRules.Standard with { UnderstoodClaims = about.Terms.Crit };
        if ((draft with { CriticalOperators = [] }).FindFault(rules) is { } wrong)
        {
            fault = ("statement", wrong.Detail);
            return null;
        }

        var statement = EntityStatement.TryParse((draft with { CriticalOperators = [] }).Sign(superior.Keys.Signing), rules, out _)!;
        if (MetadataResolution.TryResolve(about.Metadata, [statement], out var refused) is not { } resolved)
        {
            fault = ("metadata_policy", refused!.Detail);
            return null;
        }

        return new StatementPreview(JsonElement.Parse(draft.ToUtf8Json()), resolved.Metadata);
    }

    /// <summary>Signs and shelves it; the end of it.</summary>
    public static async Task<DateTimeOffset> RunAsync(Tx tx, Superior superior, Subordinate about, CancellationToken ct)
    {
        var policy = MergePolicy(superior, about.Terms, out var fault)
            ?? throw new InvalidOperationException($"Policies that were merged before can't be: {fault!.Detail}");
        var draft = Draft(superior, about, policy, tx.Now);
        var row = new StatementRow(draft.Sign(superior.Keys.Signing), superior.Keys.Signing.Kid, tx.Now, draft.ExpiresAt);
        await StatementRows.PutAsync(tx, StatementKind.Subordinate, about.Entity.Value, row, ct);
        StatementShelf.Forget(tx, about.Entity.Value);
        return draft.ExpiresAt;
    }

    /// <summary>Nothing is said of it any more, on every node with the commit.</summary>
    public static async Task TakeAwayAsync(Tx tx, EntityId about, CancellationToken ct)
    {
        await StatementRows.DeleteAsync(tx, StatementKind.Subordinate, about.Value, ct);
        StatementShelf.Forget(tx, about.Value);
    }

    private static SubordinateStatementDraft Draft(Superior superior, Subordinate about, MetadataPolicy policy, DateTimeOffset now) => new()
    {
        Issuer = superior.Id,
        Subject = about.Entity,
        SubjectKeys = about.Keys,
        IssuedAt = now,
        ExpiresAt = now + LifeOf(superior, about.Terms),
        Metadata = about.Terms.Metadata,
        MetadataPolicy = policy.EntityTypes.Count == 0 ? null : JsonElement.Parse(policy.ToUtf8Json()),
        CriticalOperators = [.. superior.Settings.MetadataPolicyCrit.Union(about.Terms.MetadataPolicyCrit)],
        Constraints = about.Terms.Constraints,
        SourceEndpoint = $"{superior.Id.Value}{ServeSubordinates.FetchPath}",
        Critical = about.Terms.Crit,
        ExtraClaims = about.Terms.ExtraClaims,
    };

    private static TimeSpan LifeOf(Superior superior, SubordinateTerms terms)
    {
        var longest = TimeSpan.FromSeconds(superior.Settings.SubordinateSeconds);
        return terms.ValidHours is { } hours && TimeSpan.FromHours(hours) < longest ? TimeSpan.FromHours(hours) : longest;
    }

    private static MetadataPolicy? MergePolicy(Superior superior, SubordinateTerms terms, out FederationFault? fault)
    {
        fault = null;
        return Parse(superior.Settings.MetadataPolicy, out fault) is { } general && Parse(terms.MetadataPolicy, out fault) is { } own ? general.TryMerge(own, out fault) : null;
    }

    private static MetadataPolicy? Parse(JsonElement? policy, out FederationFault? fault)
    {
        fault = null;
        return policy is { } given ? MetadataPolicy.TryParse(given, PolicyOperators.Standard, out fault) : MetadataPolicy.Empty;
    }
}
