using Microsoft.Extensions.Logging;
using Signet.Testing;
using Xunit;

[assembly: AssemblyFixture(typeof(Server.Tests.A20_LogsAreClean))]

namespace Server.Tests;

/// <summary>When every test is done: no server of the suite logged a secret.</summary>
public sealed class A20_LogsAreClean : IAsyncDisposable
{
    public ValueTask DisposeAsync()
    {
        Assert.True(LogWatch.Shared.Found.IsEmpty, $"Secrets in the log:\n{string.Join('\n', LogWatch.Shared.Found.Take(5))}");
        return ValueTask.CompletedTask;
    }
}

/// <summary>What has logs clean sees a secret where there is one.</summary>
public sealed class LogWatchTests
{
    [Theory]
    [InlineData("sgt_as_0123456789abcdefXYZ")]
    [InlineData("eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0abc.c2lnbmF0dXJlLXNpZ25hdHVyZQ")]
    [InlineData("-----BEGIN PRIVATE KEY-----")]
    [InlineData("{\"kty\":\"EC\",\"d\":\"0123456789abcdefghijk\"}")]
    [InlineData("a password of the suite")]
    public void A_secret_is_seen_in_a_line_a_field_and_an_exception(string secret)
    {
        using var watch = new LogWatch();
        LogWatch.Hide("a password of the suite");

        Log(watch, "clean", null, (state, _) => state);
        Assert.Empty(watch.Found);
        Log(watch, $"x {secret}", null, (state, _) => state);
        Log(watch, new Dictionary<string, object?> { ["Field"] = secret }, null, (_, _) => "clean");
        Log(watch, "clean", new InvalidOperationException(secret), (state, _) => state);

        Assert.Equal(3, watch.Found.Count);
    }

    private static void Log<T>(LogWatch watch, T state, Exception? exception, Func<T, Exception?, string> formatter) =>
        watch.Log(LogLevel.Information, default, state, exception, formatter);
}
