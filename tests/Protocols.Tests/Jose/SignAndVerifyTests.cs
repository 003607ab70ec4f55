using System.Text;
using Signet.Jose;
using Xunit;

namespace Protocols.Tests.Jose;

public sealed class SignAndVerifyTests
{
    private static readonly JwsExpectations Expected = JwsExpectations.OfType("JWT");
    private static readonly byte[] Payload = "{\"iss\":\"https://issuer.example\"}"u8.ToArray();

    public static TheoryData<string> Algorithms => [.. JwsAlgorithm.All.Select(algorithm => algorithm.Name)];

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void What_a_key_signs_its_public_key_verifies(string name)
    {
        var key = Keys.Of(name);

        var token = Jws.SignCompact(key, "JWT", Payload);
        var result = Jws.Verify(token, new Jwks([key.PublicKey]), Expected);

        var valid = Assert.IsType<JwsVerification.Valid>(result);
        Assert.Equal(Payload, valid.Payload.ToArray());
        Assert.Equal(key.PublicKey.Thumbprint, valid.Header.Kid);
        Assert.Equal(name, valid.Header.Algorithm);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void An_exported_key_signs_as_the_same_key(string name)
    {
        var key = Keys.Of(name);

        using var imported = SigningKey.TryImport(key.ExportPrivateIndented());

        Assert.NotNull(imported);
        Assert.True(imported.PublicKey.IsSameKeyAs(key.PublicKey));
        Assert.Equal(key.ExportPrivate(), imported.ExportPrivate());
        Assert.IsType<JwsVerification.Valid>(
            Jws.Verify(Jws.SignCompact(imported, "JWT", Payload), new VerificationKey(key.PublicKey), Expected));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Sixteen_threads_sign_with_one_key_and_every_signature_is_good(string name)
    {
        var key = Keys.Of(name);
        using var verification = new VerificationKey(key.PublicKey);
        using var together = new Barrier(16);

        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(worker => Task.Factory.StartNew(
            () =>
            {
                together.SignalAndWait(TestContext.Current.CancellationToken);
                return Enumerable.Range(0, 10).All(round =>
                {
                    var data = Encoding.UTF8.GetBytes($"{worker}/{round}");
                    return verification.Verify(data, key.Sign(data));
                });
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        Assert.All(results, Assert.True);
    }
}
