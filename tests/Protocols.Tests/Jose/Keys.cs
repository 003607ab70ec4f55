using System.Collections.Concurrent;
using Signet.Jose;

namespace Protocols.Tests.Jose;

/// <summary>One key an algorithm for all tests that don't care which: making RSA keys takes most of a second.</summary>
internal static class Keys
{
    private static readonly ConcurrentDictionary<JwsAlgorithm, Lazy<SigningKey>> Made = new();

    public static SigningKey Of(JwsAlgorithm algorithm) =>
        Made.GetOrAdd(algorithm, static wanted => new Lazy<SigningKey>(() => SigningKey.Generate(wanted))).Value;

    public static SigningKey Of(string algorithm) => Of(JwsAlgorithm.TryParse(algorithm)!);

    public static VerificationKey Public(JwsAlgorithm algorithm) => new(Of(algorithm).PublicKey);
}
