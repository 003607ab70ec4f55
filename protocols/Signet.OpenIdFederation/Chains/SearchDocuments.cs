using Signet.OpenIdFederation.Statements;

namespace Signet.OpenIdFederation.Chains;

/// <summary>The documents of one search: each fetched at most once, verified as far as it can be by itself, and counted.</summary>
internal sealed class SearchDocuments(IStatementFetcher fetcher, FederationRules rules, DateTimeOffset now)
{
    private readonly Dictionary<EntityId, EntityStatement?> configurations = [];
    private readonly Dictionary<(EntityId Superior, EntityId Subject), EntityStatement?> subordinates = [];
    private readonly List<FederationFault> faults = [];
    private int fetched;

    public IReadOnlyList<FederationFault> Faults => faults;

    public TimeSpan? RetryAfter { get; private set; }

    public void Note(FederationFault fault)
    {
        if (!faults.Contains(fault))
        {
            faults.Add(fault);
        }
    }

    public EntityStatement? Configuration(EntityId entity) => configurations.GetValueOrDefault(entity);

    public EntityStatement? Subordinate(EntityId superior, EntityId subject) => subordinates.GetValueOrDefault((superior, subject));

    /// <summary>The subject's configuration: the one given, else the one it publishes.</summary>
    public async Task<EntityStatement?> GetConfigurationAsync(EntityId entity, EntityStatement? given, CancellationToken ct)
    {
        if (given is null)
        {
            await FetchAsync([entity], ct);
        }
        else
        {
            configurations[entity] = given;
        }

        return Configuration(entity);
    }

    /// <summary>Fetches the configurations that are not there yet.</summary>
    public Task FetchAsync(IReadOnlyList<EntityId> entities, CancellationToken ct) => FetchAllAsync(
        [.. entities.Distinct().Where(entity => !configurations.ContainsKey(entity))],
        entity => fetcher.FetchConfigurationAsync(entity, ct),
        (entity, document) => configurations[entity] = Read(
            document, entity.Value, jwt => (EntityStatement.TryReadConfiguration(jwt, entity, now, rules, out var fault), fault)));

    /// <summary>Fetches the subordinate statements that are not there yet, from superiors whose configurations are.</summary>
    public async Task FetchAsync(IReadOnlyList<(EntityId Superior, EntityId Subject)> pairs, CancellationToken ct)
    {
        List<(EntityId Superior, EntityId Subject)> wanted = [];
        foreach (var pair in pairs.Distinct().Where(pair => Configuration(pair.Superior) is not null && !subordinates.ContainsKey(pair)))
        {
            if (Configuration(pair.Superior)!.FetchEndpoint is not null)
            {
                wanted.Add(pair);
            }
            else
            {
                subordinates[pair] = null;
                Note(new FederationFault(FaultKind.NotFound, $"{FederationFault.Quote(pair.Superior.Value)} publishes no federation_fetch_endpoint."));
            }
        }

        await FetchAllAsync(
            wanted,
            pair => fetcher.FetchSubordinateAsync(Configuration(pair.Superior)!, pair.Subject, ct),
            (pair, document) => subordinates[pair] = Read(
                document,
                $"{pair.Superior.Value} about {pair.Subject.Value}",
                jwt => (EntityStatement.TryReadSubordinate(jwt, Configuration(pair.Superior)!, pair.Subject, now, rules, out var fault), fault)));
    }

    private async Task FetchAllAsync<T>(List<T> wanted, Func<T, Task<FetchedDocument>> fetch, Action<T, FetchedDocument> keep)
    {
        foreach (var some in wanted.Chunk(rules.MaxConcurrentFetches))
        {
            var allowed = some.Take(Math.Max(0, rules.MaxFetches - fetched)).ToArray();
            fetched += allowed.Length;
            if (allowed.Length < some.Length)
            {
                Note(new FederationFault(FaultKind.TooLong, $"The search would take more than {rules.MaxFetches} documents."));
            }

            var documents = await Task.WhenAll(allowed.Select(fetch));
            foreach (var (item, document) in allowed.Zip(documents))
            {
                keep(item, document);
            }
        }
    }

    private EntityStatement? Read(FetchedDocument document, string what, Func<string, (EntityStatement?, FederationFault?)> read)
    {
        switch (document)
        {
            case FetchedDocument.Found found:
                var (statement, fault) = read(found.Jwt);
                if (fault is not null)
                {
                    Note(fault.In(FederationFault.Quote(what)));
                }

                return statement;
            case FetchedDocument.Missing missing:
                Note(new FederationFault(FaultKind.NotFound, missing.Detail).In(FederationFault.Quote(what)));
                return null;
            case FetchedDocument.Unavailable unavailable:
                Note(new FederationFault(FaultKind.Unreachable, unavailable.Detail).In(FederationFault.Quote(what)));
                RetryAfter = unavailable.RetryAfter is { } wait && !(RetryAfter >= wait) ? wait : RetryAfter;
                return null;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }
}
