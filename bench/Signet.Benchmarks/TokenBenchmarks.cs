using BenchmarkDotNet.Attributes;
using Signet.Jose;

namespace Signet.Benchmarks;

/// <summary>An access token made and verified, and beside it the bare signature, which is the floor.</summary>
public class TokenBenchmarks
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
    private static readonly JwtExpectations Expected = new() { Jws = JwsExpectations.OfType("at+jwt"), Issuer = "https://signet.example", Audiences = ["https://api.example"] };

    private readonly byte[] data = new byte[400];
    private readonly byte[] signature = new byte[512];
    private SigningKey key = null!;
    private Jwks keys = null!;
    private string token = null!;

    [Params("ES256", "RS256", "Ed25519")]
    public string Algorithm { get; set; } = "";

    [GlobalSetup]
    public void Prepare()
    {
        key = SigningKey.Generate(JwsAlgorithm.TryParse(Algorithm)!);
        keys = new Jwks([key.PublicKey]);
        token = Issue();
        if (Verify() is not JwtVerification.Valid)
        {
            throw new InvalidOperationException("What is measured must hold.");
        }
    }

    [Benchmark(Baseline = true)]
    public void Sign() => key.Sign(data, signature);

    [Benchmark]
    public string Issue() => Jwt.Issue(key, "at+jwt", Now, static (writer, now) =>
    {
        writer.WriteString("iss", "https://signet.example");
        writer.WriteString("sub", "019ab3c4-7d1e-7a55-9b1c-0d5f3c2a1b00");
        writer.WriteString("aud", "https://api.example");
        writer.WriteString("client_id", "019ab3c4-7d1e-7a55-9b1c-0d5f3c2a1b00");
        writer.WriteString("scope", "openid profile email");
        writer.WriteString("jti", "vT0pAq4Wq2u0m3mR0c8d9w");
        writer.WriteNumber("iat", now.ToUnixTimeSeconds());
        writer.WriteNumber("exp", now.ToUnixTimeSeconds() + 3600);
    });

    [Benchmark]
    public JwtVerification Verify() => Jwt.Verify(token, keys, Expected, Now);
}
