using FsCheck;
using FsCheck.Fluent;
using Signet.OAuth;
using Xunit;

namespace Protocols.Tests.OAuth;

public sealed class RedirectUriTests
{
    private const string Registered = "https://app.example/cb?tenant=acme";

    /// <summary>Spellings that have fooled other servers, and mechanical damage to one registered URI.</summary>
    public static IReadOnlyList<string> Corpus { get; } = [.. Mutations().Where(uri => uri != Registered).Distinct()];

    [Fact]
    public void The_registered_uri_matches_itself() => Assert.True(RedirectUri.MatchesAny(["https://other.example/", Registered], Registered));

    [Fact]
    public void No_mutated_uri_matches()
    {
        Assert.True(Corpus.Count >= 300, $"{Corpus.Count}");

        Assert.All(Corpus, uri => Assert.False(RedirectUri.Matches(Registered, uri), uri));
    }

    [Theory]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:49152/cb")]
    [InlineData("http://127.0.0.1:3000/cb", "http://127.0.0.1:1/cb")]
    [InlineData("http://127.0.0.1:3000/cb", "http://127.0.0.1/cb")]
    [InlineData("http://[::1]/cb", "http://[::1]:65535/cb")]
    [InlineData("http://127.0.0.1", "http://127.0.0.1:8080")]
    [InlineData("http://127.0.0.1/cb?a=b", "http://127.0.0.1:8080/cb?a=b")]
    public void The_port_of_a_loopback_literal_may_differ(string registered, string requested) =>
        Assert.True(RedirectUri.Matches(registered, requested));

    [Theory]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:0/cb")]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:65536/cb")]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:/cb")]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:+80/cb")]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1: 80/cb")]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:80@evil.example/cb")]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1@evil.example/cb")]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1.evil.example/cb")]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1\\@evil.example/cb")]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.10/cb")]
    [InlineData("http://127.0.0.1/cb", "http://127.1:80/cb")]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:8080/CB")]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:8080/cb/")]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:8080/cb#")]
    [InlineData("http://127.0.0.1/cb", "https://127.0.0.1:8080/cb")]
    [InlineData("http://127.0.0.1/cb", "http://localhost:8080/cb")]
    [InlineData("http://127.0.0.1/cb", "http://[::1]:8080/cb")]
    [InlineData("http://[::1]/cb", "http://[::1].evil.example/cb")]
    [InlineData("http://[::1]/cb", "http://[0:0:0:0:0:0:0:1]/cb")]
    [InlineData("http://localhost/cb", "http://localhost:8080/cb")]
    [InlineData("http://localhost:3000/cb", "http://localhost:3001/cb")]
    [InlineData("http://localhost/cb", "http://localhost.evil.example/cb")]
    [InlineData("https://127.0.0.1/cb", "https://127.0.0.1:8443/cb")]
    [InlineData("http://10.0.0.1/cb", "http://10.0.0.1:8080/cb")]
    [InlineData("http://127.0.0.1.evil.example/cb", "http://127.0.0.1:80.evil.example/cb")]
    [InlineData("http://127.0.0.1@evil.example/cb", "http://127.0.0.1:80@evil.example/cb")]
    public void Nothing_but_the_port_of_a_loopback_literal_may_differ(string registered, string requested) =>
        Assert.False(RedirectUri.Matches(registered, requested));

    [Fact]
    public void A_match_means_equal_bytes_wherever_there_is_no_loopback_literal() =>
        Prop.ForAll<string, string>((a, b) => RedirectUri.Matches($"https://{a}", $"https://{b}") == (a == b)).QuickCheckThrowOnFailure();

    private static IEnumerable<string> Mutations()
    {
        for (var i = 0; i < Registered.Length; i++)
        {
            var upper = char.ToUpperInvariant(Registered[i]);
            yield return Registered[..i] + upper + Registered[(i + 1)..];
            yield return Registered.Remove(i, 1);
            yield return Registered[..i] + Uri.HexEscape(Registered[i]) + Registered[(i + 1)..];
            yield return Registered.Insert(i, "%00");
            yield return Registered.Insert(i, "\t");
            yield return Registered.Insert(i, "@");
            yield return Registered.Insert(i, "/");
            yield return Registered.Insert(i, "\u200b");
        }

        string[] hosts =
        [
            "app.example.evil.example", "evil.example", "app.example@evil.example", "evil.example@app.example", "a@b@app.example",
            "app.example:443", "app.example:8443", "app.example.", "APP.example", "app.example%2eevil.example", "app.example%00.evil.example",
            "app.example\\.evil.example", "evil.example\\@app.example", "evil.example#@app.example", "evil.example?@app.example", "xapp.example",
            "app-example", "appxexample", "*.example", "app.*", "*", "аpp.example", "app。example", "app.exаmple", "127.0.0.1", "localhost", "[::1]",
        ];
        foreach (var host in hosts)
        {
            yield return $"https://{host}/cb?tenant=acme";
        }

        string[] paths =
        [
            "", "/", "/cb", "/cb/", "/cb?", "/CB?tenant=acme", "/cb/../cb?tenant=acme", "/./cb?tenant=acme", "/x/..;/cb?tenant=acme", "/cb;x?tenant=acme",
            "//cb?tenant=acme", "/cb%2f?tenant=acme", "/%63b?tenant=acme", "/cb?tenant=acme&x=y", "/cb?tenant=acm", "/cb?tenant=Acme", "/cb?x=y&tenant=acme",
            "/cb?tenant=acme#", "/cb?tenant=acme#x", "/cb?tenant=acme&", "/cb?tenant=ac%6de", "/cb?tenant=acme%20", "/cb?tenant=acme ", "/cb?tenant=*",
        ];
        foreach (var path in paths)
        {
            yield return "https://app.example" + path;
        }

        foreach (var scheme in (string[])["http:", "HTTPS:", "javascript:", "JavaScript:", "data:", "vbscript:", "file:", "", " https:", "https", "ftp:", "wss:", "app.example:"])
        {
            yield return scheme + "//app.example/cb?tenant=acme";
        }
    }
}
