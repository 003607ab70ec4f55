using Microsoft.AspNetCore.Http;

namespace Signet.Platform.Http;

/// <summary>
/// The certificate whose key the client of this request holds, as the TLS handshake has proven: decided once, and everything that knows clients by their
/// certificates reads it here. Who issued it, and whether it still holds, nobody has looked at.
/// </summary>
public sealed class ClientCertificate
{
    private ClientCertificate(ReadOnlyMemory<byte>? der, string? defect)
    {
        Der = der;
        Defect = defect;
    }

    /// <summary>The client showed none.</summary>
    public static ClientCertificate None { get; } = new(null, null);

    /// <summary>The certificate in DER; null where none was shown, or none that can be read.</summary>
    public ReadOnlyMemory<byte>? Der { get; }

    /// <summary>What is wrong with the header that should say it: <c>several</c>, <c>too_long</c>, <c>malformed</c>. For the record only.</summary>
    public string? Defect { get; }

    /// <summary>What <see cref="DecideClientCertificate"/> decided for this request.</summary>
    public static ClientCertificate Of(HttpContext context) =>
        context.Features.Get<ClientCertificate>() ?? throw new InvalidOperationException("The client's certificate is decided by an early middleware; it has not run.");

    internal static ClientCertificate Shown(ReadOnlyMemory<byte> der) => new(der, null);

    internal static ClientCertificate Unreadable(string defect) => new(null, defect);
}
