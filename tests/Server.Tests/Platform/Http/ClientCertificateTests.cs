using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Signet.Platform.Http;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Platform.Http;

/// <summary>Certificates that proxies say in a header, in each of the ways they do, and whom it is believed from.</summary>
public sealed class ClientCertificateTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);
    private static readonly byte[] Der = TestCertificates.SelfSign(Now, new TestCertificateWish("CN=client")).RawData;
    private static readonly string Base64 = Convert.ToBase64String(Der);
    private static readonly string Pem = $"-----BEGIN CERTIFICATE-----\n{string.Join('\n', Base64.Chunk(64).Select(line => new string(line)))}\n-----END CERTIFICATE-----\n";

    public static TheoryData<string, string> Forms => new()
    {
        { "RFC 9440", $":{Base64}:" },
        { "nginx", Uri.EscapeDataString(Pem) },
        { "nginx, lines of CR LF", Uri.EscapeDataString(Pem.ReplaceLineEndings("\r\n")) },
        { "a load balancer that leaves plus, slash and equals", Uri.EscapeDataString(Pem).Replace("%2B", "+").Replace("%2F", "/").Replace("%3D", "=") },
        { "Caddy and HAProxy", Base64 },
        { "with spaces around it", $"  {Base64} " },
    };

    [Theory]
    [MemberData(nameof(Forms), DisableDiscoveryEnumeration = true)]
    public void Each_way_to_write_it_is_read(string way, string header) =>
        Assert.True(ClientCertificate(header).Der is { } read && read.Span.SequenceEqual(Der), way);

    public static TheoryData<string, string> Faults => new()
    {
        { $":{Base64}", "malformed" },
        { $":{Base64}:;a=1", "malformed" },
        { "::", "malformed" },
        { ":", "malformed" },
        { ": :", "malformed" },
        { "nothing at all", "malformed" },
        { Base64[..^1] + "!", "malformed" },
        { Base64[..^3], "malformed" },
        { Base64.Insert(8, " "), "malformed" },
        { "-----BEGIN%20CERTIFICATE-----", "malformed" },
        { Uri.EscapeDataString(Pem + "more"), "malformed" },
        { Uri.EscapeDataString(Pem + Pem), "malformed" },
        { Uri.EscapeDataString(Pem.Replace("CERTIFICATE", "PUBLIC KEY")), "malformed" },
        { "-%00%ff%", "malformed" },
        { $":{Base64}:, :{Base64}:", "several" },
        { $"{Base64},{Base64}", "several" },
        { new string('A', 16 * 1024 + 1), "too_long" },
    };

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public void What_is_none_is_said_to_be_none(string header, string defect)
    {
        var read = ClientCertificate(header);

        Assert.Null(read.Der);
        Assert.Equal(defect, read.Defect);
    }

    [Fact]
    public void Of_two_headers_neither_counts() => Assert.Equal("several", DecideClientCertificate.Read(new([Base64, Base64])).Defect);

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void A_proxy_says_nothing_by_an_empty_header(string header) => Assert.Same(Signet.Platform.Http.ClientCertificate.None, ClientCertificate(header));

    [Theory]
    [InlineData("127.0.0.1", "Client-Cert", true)]
    [InlineData("", "Client-Cert", false)]
    [InlineData("10.0.0.1", "Client-Cert", false)]
    [InlineData("127.0.0.1", null, false)]
    [InlineData("127.0.0.1", "X-Other", false)]
    public async Task It_counts_from_a_trusted_proxy_and_under_its_name_alone(string trusted, string? name, bool counts)
    {
        await using var app = await SmallApp.StartAsync(
            map => map.MapGet("/", (HttpContext context) =>
                $"{Signet.Platform.Http.ClientCertificate.Of(context).Der is not null} {name is not null && context.Request.Headers.ContainsKey(name)}"),
            ((TrustedProxies.Parsed.Valid)TrustedProxies.Parse(trusted)).Proxies, certificateHeader: name);
        using var request = new HttpRequestMessage(HttpMethod.Get, app.Address);
        request.Headers.TryAddWithoutValidation("Client-Cert", $":{Base64}:");
        using var answer = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        // Nobody behind it sees the header, whoever sent it.
        Assert.Equal($"{counts} False", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static ClientCertificate ClientCertificate(string header) => DecideClientCertificate.Read(header);
}
