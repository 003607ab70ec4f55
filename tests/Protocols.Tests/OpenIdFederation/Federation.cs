using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Signet.Jose;
using Signet.OpenIdFederation;
using Signet.OpenIdFederation.Chains;
using Signet.OpenIdFederation.Statements;

namespace Protocols.Tests.OpenIdFederation;

/// <summary>An entity of a test federation, with its key.</summary>
internal sealed class Member(string id)
{
    public EntityId Id { get; } = EntityId.Parse(id);

    public SigningKey Key { get; } = SigningKey.Generate(JwsAlgorithm.ES256);

    public FederationKeys Keys => field ??= FederationKeys.Of(Key.PublicKey);

    public TrustAnchor Anchor => new(Id, Keys);
}

/// <summary>
/// A federation in memory: what its members publish, and a fetcher that reads it. Everything in it is right until a test alters one thing.
/// </summary>
internal sealed class Federation : IStatementFetcher
{
    public static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
    public static readonly FederationRules Rules = FederationRules.Standard;

    private readonly Dictionary<string, Func<FetchedDocument>> documents = new(StringComparer.Ordinal);

    public List<string> Fetched { get; } = [];

    /// <summary>The chain of the specification's figure: leaf, two intermediates, anchor.</summary>
    public static (Federation Federation, Member Leaf, Member Lower, Member Upper, Member Anchor) Line()
    {
        var federation = new Federation();
        Member leaf = new("https://leaf.example.com"), lower = new("https://lower.example.com"), upper = new("https://upper.example.com"), anchor = new("https://anchor.example.org");
        federation.Publish(leaf, [lower]);
        federation.Publish(lower, [upper], isAuthority: true);
        federation.Publish(upper, [anchor], isAuthority: true);
        federation.Publish(anchor, [], isAuthority: true);
        federation.State(lower, leaf);
        federation.State(upper, lower);
        federation.State(anchor, upper);
        return (federation, leaf, lower, upper, anchor);
    }

    public static EntityConfigurationDraft Configuration(Member entity, IReadOnlyList<Member> superiors, bool isAuthority = false) => new()
    {
        Entity = entity.Id,
        Keys = entity.Keys,
        IssuedAt = Now.AddHours(-1),
        ExpiresAt = Now.AddDays(1),
        AuthorityHints = [.. superiors.Select(superior => superior.Id)],
        Metadata = JsonElement.Parse(isAuthority
            ? "{\"federation_entity\":{\"federation_fetch_endpoint\":\"" + entity.Id.Value + "/fetch\"}}"
            : """{"openid_relying_party":{"client_name":"Leaf","grant_types":["authorization_code","implicit"]},"federation_entity":{"organization_name":"Org"}}"""),
    };

    public static SubordinateStatementDraft Statement(Member superior, Member subject) => new()
    {
        Issuer = superior.Id,
        Subject = subject.Id,
        SubjectKeys = subject.Keys,
        IssuedAt = Now.AddHours(-1),
        ExpiresAt = Now.AddHours(12),
    };

    public void Publish(Member entity, IReadOnlyList<Member> superiors, bool isAuthority = false, Func<EntityConfigurationDraft, EntityConfigurationDraft>? alter = null) =>
        Set(entity.Id.ConfigurationUrl, (alter ?? (draft => draft))(Configuration(entity, superiors, isAuthority)).Sign(entity.Key));

    public void State(Member superior, Member subject, Func<SubordinateStatementDraft, SubordinateStatementDraft>? alter = null) =>
        Set(StatementUrl(superior, subject), (alter ?? (draft => draft))(Statement(superior, subject)).Sign(superior.Key));

    public void Set(string url, string jwt) => documents[url] = () => new FetchedDocument.Found(jwt);

    public void Set(string url, FetchedDocument answer) => documents[url] = () => answer;

    public string Get(string url) => ((FetchedDocument.Found)documents[url]()).Jwt;

    public static string StatementUrl(Member superior, Member subject) => FetchUrl.For($"{superior.Id.Value}/fetch", subject.Id);

    /// <summary>The chain as JWTs, from the first member to the last.</summary>
    public List<string> Chain(params Member[] members) =>
    [
        Get(members[0].Id.ConfigurationUrl),
        .. members.Skip(1).Zip(members, (superior, subject) => Get(StatementUrl(superior, subject))),
        .. members.Length > 1 ? [Get(members[^1].Id.ConfigurationUrl)] : Array.Empty<string>(),
    ];

    public Task<FetchedDocument> FetchConfigurationAsync(EntityId entity, CancellationToken ct) => FetchAsync(entity.ConfigurationUrl);

    public Task<FetchedDocument> FetchSubordinateAsync(EntityStatement superior, EntityId subject, CancellationToken ct) =>
        FetchAsync(FetchUrl.For(superior.FetchEndpoint!, subject));

    public Task<ChainSearch> FindAsync(Member subject, params Member[] anchors) =>
        new TrustChainBuilder(this, Rules).FindAsync(subject.Id, [.. anchors.Select(anchor => anchor.Anchor)], Now, CancellationToken.None);

    private Task<FetchedDocument> FetchAsync(string url)
    {
        lock (Fetched)
        {
            Fetched.Add(url);
        }

        return Task.FromResult(documents.TryGetValue(url, out var answer) ? answer() : new FetchedDocument.Missing("404"));
    }
}

/// <summary>Tokens with one thing wrong.</summary>
internal static class Tampered
{
    /// <summary>The same token with its claims changed and signed again by this key.</summary>
    public static string With(string jwt, SigningKey key, Action<JsonObject> change, string? typ = null)
    {
        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(jwt.Split('.')[1]))!.AsObject();
        change(claims);
        return Jws.SignCompact(key, typ ?? Header(jwt)["typ"]!.GetValue<string>(), Encoding.UTF8.GetBytes(claims.ToJsonString()));
    }

    /// <summary>The same token with one claim replaced, or taken out where the value is null.</summary>
    public static string With(string jwt, SigningKey key, string claim, string? json) => With(jwt, key, claims =>
    {
        if (json is null)
        {
            claims.Remove(claim);
        }
        else
        {
            claims[claim] = JsonNode.Parse(json);
        }
    });

    /// <summary>The same claims under any header and signature.</summary>
    public static string WithHeader(string jwt, string header, ReadOnlySpan<byte> signature) =>
        $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{jwt.Split('.')[1]}.{Base64Url.EncodeToString(signature)}";

    public static JsonObject Header(string jwt) => JsonNode.Parse(Base64Url.DecodeFromChars(jwt.Split('.')[0]))!.AsObject();

    public static JsonElement Claims(string jwt) => JsonElement.Parse(Base64Url.DecodeFromChars(jwt.Split('.')[1]));

    /// <summary>The claims as given, signed.</summary>
    public static string Signed(SigningKey key, string typ, string claims) => Jws.SignCompact(key, typ, Encoding.UTF8.GetBytes(claims));
}
