using BenchmarkDotNet.Attributes;
using Signet.Platform.Crypto;

namespace Signet.Benchmarks;

/// <summary>The dearest thing in a sign-in, at the cost that new passwords get.</summary>
public class PasswordBenchmarks
{
    private readonly byte[] password = "correct horse battery staple"u8.ToArray();
    private readonly Argon2Hash stored = Argon2id.Hash("correct horse battery staple"u8, Argon2Cost.Standard);

    [Benchmark]
    public Argon2Hash Hash() => Argon2id.Hash(password, Argon2Cost.Standard);

    [Benchmark]
    public bool Verify() => Argon2id.Verify(stored, password);
}
