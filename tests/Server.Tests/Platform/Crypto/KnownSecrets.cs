using Signet.Platform.Crypto;

namespace Server.Tests.Platform.Crypto;

/// <summary>Fixed bootstrap secrets, for tests whose results must be the same at every run.</summary>
internal static class KnownSecrets
{
    public static BootstrapSecrets Make(int seed = 1) => BootstrapSecrets.Load(secret =>
        new SecretSource.Value(Convert.ToHexString([.. Enumerable.Repeat((byte)((seed * 16) + (int)secret), 32)])));

    public static DerivedKeys Derive(int seed = 1) => new(Make(seed));
}
