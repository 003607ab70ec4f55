using FsCheck;
using FsCheck.Fluent;
using Signet.OAuth;
using Xunit;

namespace Protocols.Tests.OAuth;

public sealed class RedirectUriRulesTests
{
    [Theory]
    [InlineData("https://app.example/cb")]
    [InlineData("https://app.example")]
    [InlineData("https://app.example:8443/cb?x=y&z=%C3%A9")]
    [InlineData("https://203.0.113.7/cb")]
    [InlineData("https://[2001:db8::1]:8443/cb")]
    [InlineData("https://xn--bcher-kva.example/cb")]
    [InlineData("https://app.example/@user/cb")]
    public void Accepts_https_for_every_kind_of_client(string uri)
    {
        Assert.Null(RedirectUriRules.Check(uri, ApplicationType.Web));
        Assert.Null(RedirectUriRules.Check(uri, ApplicationType.Native));
    }

    [Theory]
    [InlineData("http://127.0.0.1/cb", RedirectUriDefect.Scheme)]
    [InlineData("http://127.0.0.1:3000/cb", RedirectUriDefect.Scheme)]
    [InlineData("http://[::1]:3000/cb", RedirectUriDefect.Scheme)]
    [InlineData("http://localhost:3000/cb", RedirectUriDefect.Scheme)]
    [InlineData("com.example.app:/cb", RedirectUriDefect.Scheme)]
    [InlineData("com.example.app://cb", RedirectUriDefect.Scheme)]
    public void Accepts_loopback_and_private_schemes_for_native_clients_only(string uri, RedirectUriDefect forWeb)
    {
        Assert.Null(RedirectUriRules.Check(uri, ApplicationType.Native));
        Assert.Equal(forWeb, RedirectUriRules.Check(uri, ApplicationType.Web));
    }

    [Theory]
    [InlineData(null, RedirectUriDefect.Length)]
    [InlineData("", RedirectUriDefect.Length)]
    [InlineData("/cb", RedirectUriDefect.NotAbsolute)]
    [InlineData("//app.example/cb", RedirectUriDefect.NotAbsolute)]
    [InlineData("app.example/cb", RedirectUriDefect.NotAbsolute)]
    [InlineData("https:app.example/cb", RedirectUriDefect.NotAbsolute)]
    [InlineData("https:/app.example/cb", RedirectUriDefect.NotAbsolute)]
    [InlineData("https:///cb", RedirectUriDefect.Host)]
    [InlineData("https://", RedirectUriDefect.Host)]
    [InlineData("https://:443/cb", RedirectUriDefect.Host)]
    [InlineData("https://app.example:0/cb", RedirectUriDefect.Host)]
    [InlineData("https://app.example:65536/cb", RedirectUriDefect.Host)]
    [InlineData("https://app.example:/cb", RedirectUriDefect.Host)]
    [InlineData("https://app.example:443:443/cb", RedirectUriDefect.Host)]
    [InlineData("https://app.example./cb", RedirectUriDefect.Host)]
    [InlineData("https://APP.example/cb", RedirectUriDefect.Host)]
    [InlineData("https://app..example/cb", RedirectUriDefect.Host)]
    [InlineData("https://-app.example/cb", RedirectUriDefect.Host)]
    [InlineData("https://app.ex%61mple/cb", RedirectUriDefect.Host)]
    [InlineData("https://2130706433/cb", RedirectUriDefect.Host)]
    [InlineData("https://0x7f.1/cb", RedirectUriDefect.Host)]
    [InlineData("https://127.0.0.01/cb", RedirectUriDefect.Host)]
    [InlineData("https://127.0.0.256/cb", RedirectUriDefect.Host)]
    [InlineData("https://app.example.0x7f000001/cb", RedirectUriDefect.Host)]
    [InlineData("https://[::1/cb", RedirectUriDefect.Host)]
    [InlineData("https://[]/cb", RedirectUriDefect.Host)]
    [InlineData("https://[::1%25eth0]/cb", RedirectUriDefect.Host)]
    [InlineData("https://user@app.example/cb", RedirectUriDefect.UserInfo)]
    [InlineData("https://user:password@app.example/cb", RedirectUriDefect.UserInfo)]
    [InlineData("https://app.example@evil.example@app.example/cb", RedirectUriDefect.UserInfo)]
    [InlineData("https://app.example/cb#", RedirectUriDefect.Fragment)]
    [InlineData("https://app.example/cb#x", RedirectUriDefect.Fragment)]
    [InlineData("https://*.example/cb", RedirectUriDefect.Wildcard)]
    [InlineData("https://app.example/*", RedirectUriDefect.Wildcard)]
    [InlineData("https://app.example/../cb", RedirectUriDefect.DotSegment)]
    [InlineData("https://app.example/x/%2e%2E/cb", RedirectUriDefect.DotSegment)]
    [InlineData("https://app.example/x/..;/cb", RedirectUriDefect.DotSegment)]
    [InlineData("https://app.example/x%2f..%2fcb", RedirectUriDefect.DotSegment)]
    [InlineData("https://app.example/.", RedirectUriDefect.DotSegment)]
    [InlineData("https://app.example\\@evil.example/cb", RedirectUriDefect.Characters)]
    [InlineData("https://app.example/c b", RedirectUriDefect.Characters)]
    [InlineData(" https://app.example/cb", RedirectUriDefect.Characters)]
    [InlineData("https://app.example/cb\n", RedirectUriDefect.Characters)]
    [InlineData("https://app.example/cb\0", RedirectUriDefect.Characters)]
    [InlineData("https://bücher.example/cb", RedirectUriDefect.Characters)]
    [InlineData("https://app.example/%", RedirectUriDefect.Characters)]
    [InlineData("https://app.example/%4", RedirectUriDefect.Characters)]
    [InlineData("https://app.example/%zz", RedirectUriDefect.Characters)]
    [InlineData("https://app.example/<script>", RedirectUriDefect.Characters)]
    [InlineData("HTTPS://app.example/cb", RedirectUriDefect.Scheme)]
    [InlineData("http://app.example/cb", RedirectUriDefect.Host)]
    [InlineData("http://127.0.0.1.evil.example/cb", RedirectUriDefect.Host)]
    [InlineData("http://localhost.evil.example/cb", RedirectUriDefect.Host)]
    [InlineData("http://0.0.0.0/cb", RedirectUriDefect.Host)]
    [InlineData("http://127.1/cb", RedirectUriDefect.Host)]
    [InlineData("http:/cb", RedirectUriDefect.Host)]
    [InlineData("javascript:alert(1)", RedirectUriDefect.Scheme)]
    [InlineData("JavaScript:alert(1)", RedirectUriDefect.Scheme)]
    [InlineData("javascript://app.example/%0aalert(1)", RedirectUriDefect.Scheme)]
    [InlineData("data:text/html,x", RedirectUriDefect.Scheme)]
    [InlineData("DATA:text/html,x", RedirectUriDefect.Scheme)]
    [InlineData("vbscript:x", RedirectUriDefect.Scheme)]
    [InlineData("file:///etc/passwd", RedirectUriDefect.Scheme)]
    [InlineData("blob:https://app.example/1", RedirectUriDefect.Scheme)]
    [InlineData("about:blank", RedirectUriDefect.Scheme)]
    [InlineData("myapp://cb", RedirectUriDefect.Scheme)]
    [InlineData("myapp.:/cb", RedirectUriDefect.Scheme)]
    [InlineData(".myapp:/cb", RedirectUriDefect.Scheme)]
    [InlineData("1.app:/cb", RedirectUriDefect.Scheme)]
    [InlineData("Com.Example.App:/cb", RedirectUriDefect.Scheme)]
    [InlineData("urn:ietf:wg:oauth:2.0:oob", RedirectUriDefect.Scheme)]
    [InlineData("com.example.app:cb", RedirectUriDefect.NotAbsolute)]
    [InlineData("com.example.app://user@host/cb", RedirectUriDefect.UserInfo)]
    public void Refuses_and_says_why(string? uri, RedirectUriDefect defect) => Assert.Equal(defect, RedirectUriRules.Check(uri, ApplicationType.Native));

    [Fact]
    public void Has_a_limit_of_2048_characters()
    {
        var uri = "https://app.example/" + new string('a', 2028);

        Assert.Null(RedirectUriRules.Check(uri, ApplicationType.Web));
        Assert.Equal(RedirectUriDefect.Length, RedirectUriRules.Check(uri + "a", ApplicationType.Web));
    }

    [Fact]
    public void No_text_makes_it_throw() =>
        Prop.ForAll<string?>(text =>
        {
            _ = RedirectUriRules.Check(text, ApplicationType.Native);
            _ = RedirectUriRules.Check($"https://{text}", ApplicationType.Native);
            _ = RedirectUriRules.Check($"http://[{text}", ApplicationType.Native);
            _ = RedirectUriRules.Check($"{text}:/", ApplicationType.Native);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void What_it_accepts_over_https_the_platform_reads_as_the_same_host() =>
        Prop.ForAll(Gen.Elements("app.example", "a", ":", "@", "/", "?", "8443", "[::1]", "%2e", ".", "-", "evil.example").ListOf(6).ToArbitrary(), parts =>
        {
            var uri = "https://" + string.Concat(parts);
            if (RedirectUriRules.Check(uri, ApplicationType.Web) is not null)
            {
                return true;
            }

            var host = uri[8..].Split('/', '?')[0];
            return Uri.TryCreate(uri, UriKind.Absolute, out var parsed) && parsed.UserInfo.Length == 0
                && (host.StartsWith('[') || parsed.Host == host.Split(':')[0]);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
}
