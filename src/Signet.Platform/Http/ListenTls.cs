using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Signet.Platform.Http;

/// <summary>
/// Our own TLS, for clients with certificates. Who has one is asked for it and proves to hold its key; whose it is, and whether it is any good, the tenant
/// says later. Who has none is welcome.
/// </summary>
public static class ListenTls
{
    /// <summary>The server's certificate with its key, and those that stand behind it in the file.</summary>
    /// <exception cref="StartRefusedException">A file can't be read, or the key is another's.</exception>
    public static (X509Certificate2 Certificate, X509Certificate2Collection Chain) Load(string certificatePath, string keyPath)
    {
        try
        {
            var all = new X509Certificate2Collection();
            all.ImportFromPemFile(certificatePath);
            return (X509Certificate2.CreateFromPemFile(certificatePath, keyPath), [.. all.Skip(1)]);
        }
        catch (Exception refused) when (refused is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new StartRefusedException($"The certificate {certificatePath} can't be served with the key {keyPath}: {refused.Message}", refused);
        }
    }

    /// <param name="certificate">The server's, with its key.</param>
    /// <param name="chain">Those between it and its root, which clients get to see.</param>
    public static void ListenWithTls(this KestrelServerOptions server, IPEndPoint endpoint, X509Certificate2 certificate, X509Certificate2Collection chain) =>
        server.Listen(endpoint, listener => listener.UseHttps(https =>
        {
            https.ServerCertificate = certificate;
            https.ServerCertificateChain = chain;
            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
            https.ClientCertificateValidation = (_, _, _) => true;
            https.OnAuthenticate = (_, options) =>
            {
                // What a stranger's certificate says where its issuer is must not make us fetch anything.
                options.CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,
                    DisableCertificateDownloads = true,
                    VerificationFlags = X509VerificationFlags.AllFlags,
                };
                // A resumed session proves nothing anew.
                options.AllowTlsResume = false;
            };
        }));
}
