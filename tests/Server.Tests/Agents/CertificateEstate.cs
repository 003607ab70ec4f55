using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Signet.Server.Settings;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Agents;

/// <summary>
/// A server that its proxies tell clients' certificates, and that speaks TLS itself on a second port; with an authority, and an agent's certificates. The
/// tests are the proxy: they come from its address.
/// </summary>
public sealed class CertificateEstate : IAsyncLifetime
{
    public const string Header = "Client-Cert";

    private readonly string folder = Directory.CreateTempSubdirectory("signet-tls").FullName;

    public TestSignet Signet { get; private set; } = null!;

    public AgentDesk Desk { get; private set; } = null!;

    public X509Certificate2 Root { get; private set; } = null!;

    public X509Certificate2 Server { get; private set; } = null!;

    /// <summary>Where the server speaks TLS.</summary>
    public IPEndPoint TlsEndpoint { get; } = FreeEndpoint();

    public DateTimeOffset Now => Signet.Clock.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        Server = TestCertificates.SelfSign(TimeProvider.System.GetUtcNow(), new TestCertificateWish("CN=localhost") { Purpose = TestCertificates.ServerAuth });
        var (certificate, key) = (Path.Combine(folder, "server.pem"), Path.Combine(folder, "server.key"));
        await File.WriteAllTextAsync(certificate, Server.ExportCertificatePem());
        await File.WriteAllTextAsync(key, Server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        Signet = await TestSignet.StartAsync(configure: settings => settings with
        {
            ClientCertificateHeader = Header,
            Tls = new TlsSettings([TlsEndpoint], certificate, key),
            MtlsUrl = new Uri("https://mtls.example.test"),
        });
        Desk = await AgentDesk.OpenAsync(Signet);
        Root = TestCertificates.MakeRoot(Now);
    }

    public async ValueTask DisposeAsync()
    {
        if (Signet is not null)
        {
            await Signet.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    /// <summary>A node whose TLS is on a port of its own.</summary>
    public async Task<(TestSignet Node, IPEndPoint Tls)> StartNodeAsync(Func<HostSettings, HostSettings>? change = null)
    {
        var endpoint = FreeEndpoint();
        return (await Signet.StartNodeAsync(configure: settings =>
        {
            var own = settings with { Tls = settings.Tls! with { Listen = [endpoint] } };
            return change?.Invoke(own) ?? own;
        }), endpoint);
    }

    /// <summary>An agent, and a certificate that is registered for it.</summary>
    public async Task<(string Agent, X509Certificate2 Certificate)> RegisterAsync(params IEnumerable<(string Name, object Value)> more)
    {
        var (agent, certificate) = (await Desk.RegisterAsync(more), SelfSigned());
        var answer = await GiveAsync(agent, ("pem", certificate.ExportCertificatePem()));
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Text);
        return (agent, certificate);
    }

    public X509Certificate2 SelfSigned(Func<TestCertificateWish, TestCertificateWish>? change = null)
    {
        var wish = new TestCertificateWish($"CN={TestSignet.NewName("agent")}");
        return TestCertificates.SelfSign(Now, change?.Invoke(wish) ?? wish);
    }

    /// <summary>A credential of kind <c>certificate</c>, with these members.</summary>
    public Task<TestAnswer> GiveAsync(string agent, params IEnumerable<(string Name, object Value)> members) => Desk.GiveAsync(
        agent, ("kind", "certificate"), ("certificate", members.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal)));

    public async Task<string> AddAuthorityAsync(params X509Certificate2[] certificates)
    {
        var answer = await Signet.CallAsync(HttpMethod.Post, "/api/v1/certificate-authorities", Desk.ApiKey, AuthorityBody(TestCertificates.PemOf(certificates)));
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Text);
        return answer["authorityId"];
    }

    public static Dictionary<string, object> AuthorityBody(string pem) => new(StringComparer.Ordinal) { ["name"] = TestSignet.NewName("authority"), ["pem"] = pem };

    /// <summary>What a proxy writes for a client with this certificate.</summary>
    public static string HeaderOf(X509Certificate2 certificate) => $":{Convert.ToBase64String(certificate.RawDataMemory.Span)}:";

    public static string CredentialOf(TestAnswer made) => made.Json.GetProperty("credential").GetProperty("credentialId").GetString()!;

    public static string ThumbprintOf(X509Certificate2 certificate) =>
        System.Buffers.Text.Base64Url.EncodeToString(System.Security.Cryptography.SHA256.HashData(certificate.RawDataMemory.Span));

    /// <summary>Asks for a token over a proxy whose client shows this certificate; null: none.</summary>
    public Task<TestAnswer> AskAsync(string agent, X509Certificate2? certificate, TestSignet? node = null, params IEnumerable<(string Name, string Value)> fields) =>
        PostAsync("/oauth2/token", agent, certificate is null ? [] : [HeaderOf(certificate)], node, fields.Any() ? fields : [("grant_type", "client_credentials")]);

    public Task<TestAnswer> PostAsync(
        string path, string agent, IEnumerable<string> headers, TestSignet? node, IEnumerable<(string Name, string Value)> fields, string? from = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, (node ?? Signet).At(path)) { Content = TestAnswer.FormOf([.. fields, ("client_id", agent)]) };
        return SendAsync(request, headers, node, from);
    }

    /// <summary>A call of our own API with a token.</summary>
    public Task<TestAnswer> CallAsync(string path, string token, X509Certificate2? certificate, TestSignet? node = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, (node ?? Signet).At(path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return SendAsync(request, certificate is null ? [] : [HeaderOf(certificate)], node);
    }

    /// <summary>Introspection as the agent itself, by its certificate.</summary>
    public Task<TestAnswer> IntrospectAsync(string agent, X509Certificate2 certificate, string token, TestSignet? node = null) =>
        PostAsync("/oauth2/introspect", agent, [HeaderOf(certificate)], node, [("token", token)]);

    /// <summary>A client of our own TLS, with or without a certificate.</summary>
    public HttpClient Connect(X509Certificate2? certificate, IPEndPoint? endpoint = null) => new(new SocketsHttpHandler
    {
        SslOptions =
        {
            // Offline: the client too would look for its certificate's issuer.
            ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true),
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null && shown.GetRawCertData().AsSpan().SequenceEqual(Server.RawDataMemory.Span),
        },
    })
    { BaseAddress = new Uri($"https://localhost:{(endpoint ?? TlsEndpoint).Port}") };

    private Task<TestAnswer> SendAsync(HttpRequestMessage request, IEnumerable<string> headers, TestSignet? node, string? from = null)
    {
        foreach (var header in headers)
        {
            request.Headers.TryAddWithoutValidation(Header, header);
        }

        if (from is not null)
        {
            request.Headers.Add("X-Forwarded-For", from);
        }

        return (node ?? Signet).SendAsync(request);
    }

    private static IPEndPoint FreeEndpoint()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }
}
