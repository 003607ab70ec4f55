using System.Net.Http.Headers;
using System.Text;
using Signet.OpenIdFederation;
using Signet.OpenIdFederation.Chains;
using Signet.OpenIdFederation.Statements;
using Signet.Platform.Outbound;
using Signet.Server.Settings;

namespace Signet.Server.Federation;

/// <summary>Gets statements from other entities, through the one door: no redirect, no private network, no more than is ever right (OIDFed §18.1).</summary>
public sealed class FetchStatements(OutboundHttp door, HostSettings host) : IStatementFetcher
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(10);
    private static readonly Dictionary<string, string> Accept = new() { ["Accept"] = $"application/{JwtTypes.EntityStatement}" };

    public Task<FetchedDocument> FetchConfigurationAsync(EntityId entity, CancellationToken ct) => FetchAsync(entity.ConfigurationUrl, ct);

    public Task<FetchedDocument> FetchSubordinateAsync(EntityStatement superior, EntityId subject, CancellationToken ct) =>
        superior.FetchEndpoint is { } endpoint
            ? FetchAsync(FetchUrl.For(endpoint, subject), ct)
            : Task.FromResult<FetchedDocument>(new FetchedDocument.Missing($"{superior.Subject.Value} has no fetch endpoint."));

    private async Task<FetchedDocument> FetchAsync(string url, CancellationToken ct)
    {
        var request = OutboundRequest.Get(Reachable(url)) with { Headers = Accept, MaxBytes = FederationRules.Standard.MaxLength, Timeout = TimeLimit };
        return await door.SendAsync(request, ct) switch
        {
            OutboundResult.Answered { Status: 200 } answer when IsStatement(answer) => new FetchedDocument.Found(Encoding.UTF8.GetString(answer.Body).Trim()),
            OutboundResult.Answered { Status: 200 } => new FetchedDocument.Missing($"{url} answered with something other than application/{JwtTypes.EntityStatement}."),
            OutboundResult.Answered { Status: 429 or >= 500 } answer => new FetchedDocument.Unavailable($"{url} answered {answer.Status}.", RetryAfter(answer)),
            OutboundResult.Answered answer => new FetchedDocument.Missing($"{url} answered {answer.Status}."),
            OutboundResult.Refused { Reason: OutboundRefusal.Address } => new FetchedDocument.Missing($"{url} leads to an address that is not the public Internet."),
            OutboundResult.Refused => new FetchedDocument.Missing($"{url} is no address that is asked."),
            OutboundResult.TooLarge => new FetchedDocument.Missing($"{url} answered with more than {FederationRules.Standard.MaxLength} bytes."),
            OutboundResult.TimedOut => new FetchedDocument.Unavailable($"{url} did not answer in time.", null),
            OutboundResult.Failed => new FetchedDocument.Unavailable($"{url} could not be connected to.", null),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    // On a machine of a developer, which has only http, an entity of its own is the same address with the other scheme; see FederationDirectory.IdOf.
    private string Reachable(string url) =>
        host.IsDevelopment && new Uri(url) is { IsDefaultPort: false } address && (address.Host is "localhost" || address.Host.EndsWith(".localhost", StringComparison.Ordinal))
            ? $"http{url["https".Length..]}"
            : url;

    private static bool IsStatement(OutboundResult.Answered answer) =>
        answer.Headers.TryGetValue("Content-Type", out var text) && MediaTypeHeaderValue.TryParse(text, out var type)
        && string.Equals(type.MediaType, $"application/{JwtTypes.EntityStatement}", StringComparison.OrdinalIgnoreCase);

    private static TimeSpan? RetryAfter(OutboundResult.Answered answer) =>
        answer.Headers.TryGetValue("Retry-After", out var text) && int.TryParse(text, out var seconds) && seconds is >= 0 and <= 86_400 ? TimeSpan.FromSeconds(seconds) : null;
}
