using System.Text;
using System.Text.Json;
using Signet.Jose;
using Signet.OpenIdFederation.Chains;
using Signet.OpenIdFederation.Statements;

namespace Signet.OpenIdFederation.Messages;

/// <summary>
/// A relying party's request to be registered explicitly (OIDFed §12.2.1): its entity configuration, made for one provider, alone or at the
/// beginning of a trust chain. Its form passed; <see cref="Verify"/> or a search from <see cref="Configuration"/> tells whether to believe it.
/// </summary>
public sealed class RegistrationRequest
{
    /// <summary>The content type of a request that is a configuration alone.</summary>
    public const string StatementContentType = "application/" + JwtTypes.EntityStatement;

    private RegistrationRequest(EntityStatement configuration, IReadOnlyList<string> superiors, IReadOnlyList<string> peerChain)
    {
        Configuration = configuration;
        Superiors = superiors;
        PeerChain = peerChain;
    }

    /// <summary>The relying party's configuration: the metadata in it are those to register.</summary>
    public EntityStatement Configuration { get; }

    /// <summary>Whether the request brings a chain, so that nothing has to be fetched.</summary>
    public bool HasChain => Superiors.Count > 0;

    /// <summary>The provider's chain the relying party has chosen, unverified; empty when there is none.</summary>
    public IReadOnlyList<string> PeerChain { get; }

    private IReadOnlyList<string> Superiors { get; }

    /// <summary>Reads a request; null, with the reason, when its form is wrong or it is meant for another provider. Never throws.</summary>
    /// <param name="contentType">The content type of the request, without parameters.</param>
    /// <param name="body">Its body.</param>
    /// <param name="provider">The provider that was asked.</param>
    /// <param name="entityType">The type to register: <c>openid_relying_party</c>, or <c>oauth_client</c> at an authorization server.</param>
    /// <param name="rules">What is accepted.</param>
    /// <param name="fault">Why not.</param>
    public static RegistrationRequest? TryRead(
        string contentType, string body, EntityId provider, string entityType, FederationRules rules, out FederationFault? fault)
    {
        var isChain = string.Equals(contentType, JwtTypes.TrustChainContentType, StringComparison.OrdinalIgnoreCase);
        if (!isChain && !string.Equals(contentType, StatementContentType, StringComparison.OrdinalIgnoreCase))
        {
            fault = new FederationFault(FaultKind.WrongType, $"The content type is {StatementContentType} or {JwtTypes.TrustChainContentType}.");
            return null;
        }

        string[] jwts = isChain ? ReadChain(body, rules) : [body];
        if (jwts is not [var jwt, .. var rest])
        {
            fault = new FederationFault(FaultKind.Malformed, "A trust chain is a JSON array of statements.");
            return null;
        }

        if (EntityStatementReader.TryRead(jwt, StatementForm.RegistrationRequest, rules, out fault) is not { } configuration)
        {
            return null;
        }

        var header = new ClaimsReader(configuration.Header);
        var inHeader = header.FindTexts("trust_chain");
        var peer = header.FindTexts("peer_trust_chain");
        fault = header.Fault ?? FindFault(configuration, provider, entityType)
            ?? (isChain && (inHeader.Count > 0 || peer.Count > 0)
                ? new FederationFault(FaultKind.MisplacedClaim, "A request that is a chain has no chain in its header.")
                : null)
            ?? FindHeaderChainFault(inHeader, configuration, rules);
        return fault is null ? new RegistrationRequest(configuration, isChain ? rest : [.. inHeader.Skip(1)], peer) : null;
    }

    /// <summary>
    /// Verifies the chain the request brings, with the configuration of the request at its beginning: so the metadata that are resolved are
    /// those that were sent, and the key that signed them is one the immediate superior vouches for.
    /// </summary>
    public ChainVerification Verify(IReadOnlyList<TrustAnchor> anchors, DateTimeOffset now, FederationRules rules)
    {
        List<EntityStatement> statements = [Configuration];
        foreach (var jwt in Superiors)
        {
            if (EntityStatement.TryParse(jwt, rules, out var fault) is not { } statement)
            {
                return new ChainVerification.Refused(fault!.In($"Statement {statements.Count}"));
            }

            statements.Add(statement);
        }

        return TrustChain.Verify(statements, anchors, now, rules);
    }

    /// <summary>Signs a request.</summary>
    /// <param name="draft">The configuration, with the metadata to register and the authority hints chosen.</param>
    /// <param name="key">A federation key of the relying party.</param>
    /// <param name="provider">The provider asked.</param>
    /// <param name="chain">A chain to spare the provider the search; empty for none.</param>
    /// <param name="peerChain">The provider's chain we have chosen; empty for none.</param>
    public static string Sign(EntityConfigurationDraft draft, SigningKey key, EntityId provider, IReadOnlyList<string> chain, IReadOnlyList<string> peerChain)
    {
        draft.Require(key);
        List<(string, IReadOnlyList<string>)> chains = [];
        if (chain.Count > 0)
        {
            chains.Add(("trust_chain", chain));
        }

        if (peerChain.Count > 0)
        {
            chains.Add(("peer_trust_chain", peerChain));
        }

        return DraftWriter.Sign(key, JwtTypes.EntityStatement, (draft, provider), static (writer, request) =>
        {
            request.draft.WriteTo(writer);
            writer.WriteString("aud"u8, request.provider.Value);
        }, chains);
    }

    private static FederationFault? FindFault(EntityStatement configuration, EntityId provider, string entityType)
    {
        if (!configuration.IsConfiguration)
        {
            return new FederationFault(FaultKind.WrongIssuer, "A registration request is issued by its subject.");
        }

        // OIDFed §12.2.1: the provider, and no other audience beside it.
        if (configuration.Audiences is not [var audience] || !provider.Is(audience))
        {
            return new FederationFault(FaultKind.WrongAudience, "aud is not this provider alone.");
        }

        if (configuration.AuthorityHints.Count == 0)
        {
            return new FederationFault(FaultKind.MissingClaim, "authority_hints is missing.");
        }

        return configuration.Metadata is { } metadata && metadata.TryGetProperty(entityType, out _)
            ? null
            : new FederationFault(FaultKind.MissingClaim, $"metadata has no {entityType}.");
    }

    private static FederationFault? FindHeaderChainFault(IReadOnlyList<string> chain, EntityStatement configuration, FederationRules rules)
    {
        if (chain.Count == 0)
        {
            return null;
        }

        return EntityStatement.TryParse(chain[0], rules, out var fault) is not { } first ? fault!.In("trust_chain")
            : !first.IsConfiguration || first.Subject != configuration.Subject ? new FederationFault(FaultKind.WrongSubject, "trust_chain does not begin with this entity.")
            : null;
    }

    private static string[] ReadChain(string body, FederationRules rules)
    {
        if (body.Length > (long)rules.MaxLength * rules.MaxChainLength
            || StrictJson.TryParseElement(Encoding.UTF8.GetBytes(body), int.MaxValue) is not { ValueKind: JsonValueKind.Array } array
            || array.EnumerateArray().Any(item => item.ValueKind is not JsonValueKind.String))
        {
            return [];
        }

        return [.. array.EnumerateArray().Select(item => item.GetString()!)];
    }
}
