using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Signet.Jose;
using Signet.OpenIdFederation;
using Signet.OpenIdFederation.Chains;
using Signet.OpenIdFederation.Statements;

namespace Signet.Benchmarks;

/// <summary>A subordinate statement signed and read, beside the bare signature over as many bytes; a chain of four verified.</summary>
[MemoryDiagnoser]
public class FederationBenchmarks
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
    private static readonly EntityId Anchor = EntityId.Parse("https://anchor.example.org");
    private static readonly EntityId Upper = EntityId.Parse("https://upper.example.com");
    private static readonly EntityId Leaf = EntityId.Parse("https://leaf.example.com");

    private readonly SigningKey key = SigningKey.Generate(JwsAlgorithm.ES256);
    private readonly byte[] signature = new byte[64];
    private byte[] data = [];
    private SubordinateStatementDraft draft = null!;
    private EntityStatement superior = null!;
    private string statement = "";
    private string[] chain = [];

    [GlobalSetup]
    public void Prepare()
    {
        var keys = FederationKeys.Of(key.PublicKey);
        draft = Statement(Upper, Leaf, keys);
        statement = draft.Sign(key);
        data = new byte[statement.LastIndexOf('.')];
        chain = [Configuration(Leaf, keys, [Upper]), statement, Statement(Anchor, Upper, keys).Sign(key), Configuration(Anchor, keys, [])];
        superior = EntityStatement.TryReadConfiguration(Configuration(Upper, keys, [Anchor]), Upper, Now, FederationRules.Standard, out _)!;
        if (Verify() is not ChainVerification.Valid || Read() is null)
        {
            throw new InvalidOperationException("What is measured must hold.");
        }
    }

    [Benchmark(Baseline = true)]
    public void BareSignature() => key.Sign(data, signature);

    [Benchmark]
    public string SignStatement() => draft.Sign(key);

    [Benchmark]
    public EntityStatement? Parse() => EntityStatement.TryParse(statement, FederationRules.Standard, out _);

    [Benchmark]
    public EntityStatement? Read() => EntityStatement.TryReadSubordinate(statement, superior, Leaf, Now, FederationRules.Standard, out _);

    [Benchmark]
    public ChainVerification Verify() =>
        TrustChain.Verify(chain, [new TrustAnchor(Anchor, FederationKeys.Of(key.PublicKey))], Now, FederationRules.Standard);

    private string Configuration(EntityId entity, FederationKeys keys, IReadOnlyList<EntityId> superiors) => new EntityConfigurationDraft
    {
        Entity = entity,
        Keys = keys,
        IssuedAt = Now,
        ExpiresAt = Now.AddDays(1),
        AuthorityHints = superiors,
        Metadata = JsonElement.Parse("""{"federation_entity":{"federation_fetch_endpoint":"https://x.example/fetch"},"openid_relying_party":{"grant_types":["authorization_code"]}}"""),
    }.Sign(key);

    private static SubordinateStatementDraft Statement(EntityId issuer, EntityId subject, FederationKeys keys) => new()
    {
        Issuer = issuer,
        Subject = subject,
        SubjectKeys = keys,
        IssuedAt = Now,
        ExpiresAt = Now.AddDays(1),
        SourceEndpoint = "https://x.example/fetch",
        Constraints = JsonElement.Parse("""{"max_path_length":2}"""),
        MetadataPolicy = JsonElement.Parse("""
            {"openid_relying_party":{"grant_types":{"subset_of":["authorization_code","refresh_token"]},"contacts":{"add":["help@x.example"]},
             "token_endpoint_auth_method":{"one_of":["private_key_jwt","self_signed_tls_client_auth"]}}}
            """),
    };
}
