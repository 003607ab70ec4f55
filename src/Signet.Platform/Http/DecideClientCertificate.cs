using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Signet.Platform.Http;

/// <summary>
/// The one place that reads a client's certificate: from our own TLS, or, where a trusted proxy stands between, from the header in which it says whose
/// certificate it saw. From anybody else the header is taken off and counts for nothing; and the proxy's own certificate is never its client's.
/// </summary>
public static class DecideClientCertificate
{
    // Certificates of clients are 1 to 3 KiB; escaped PEM makes half as much again of it.
    private const int MaxLength = 16 * 1024;
    private const string Label = "CERTIFICATE";

    /// <summary>Comes after <see cref="DecideClientAddress"/>.</summary>
    /// <param name="header">What proxies write it into; null: no proxy is believed.</param>
    public static IApplicationBuilder UseClientCertificate(this IApplicationBuilder app, string? header) => app.Use(next => context =>
    {
        context.Features.Set(Decide(context, header));
        if (header is not null)
        {
            context.Request.Headers.Remove(header);
        }

        return next(context);
    });

    private static ClientCertificate Decide(HttpContext context, string? header) =>
        ClientAddress.Of(context).ThroughProxy ? header is null ? ClientCertificate.None : Read(context.Request.Headers[header])
        : context.Connection.ClientCertificate is { } own ? ClientCertificate.Shown(own.RawDataMemory)
        : ClientCertificate.None;

    /// <summary>Reads what proxies write: <c>Client-Cert</c> of RFC 9440, PEM in percent-encoding (nginx), or plain base64 of the DER (Caddy, HAProxy).</summary>
    internal static ClientCertificate Read(StringValues header)
    {
        // Of several nobody can say which is the proxy's own.
        if (header.Count > 1)
        {
            return ClientCertificate.Unreadable("several");
        }

        if (header is not [{ Length: > 0 } text] || string.IsNullOrWhiteSpace(text))
        {
            return ClientCertificate.None;
        }

        return text.Length > MaxLength ? ClientCertificate.Unreadable("too_long")
            : Decode(text.Trim()) is { Length: > 0 } der ? ClientCertificate.Shown(der)
            : ClientCertificate.Unreadable(text.Contains(',', StringComparison.Ordinal) ? "several" : "malformed");
    }

    private static byte[]? Decode(string text) => text switch
    {
        // RFC 9440 §2.2, RFC 8941 §3.3.5: a byte sequence between colons.
        [':', .. var inner, ':'] => FromBase64(inner),
        ['-', ..] => FromPem(Uri.UnescapeDataString(text)),
        _ => FromBase64(text),
    };

    private static byte[]? FromPem(string pem)
    {
        var text = pem.AsSpan().Trim();
        return PemEncoding.TryFind(text, out var found) && text[found.Label].SequenceEqual(Label) && text[found.Location].Length == text.Length
            ? FromBase64(text[found.Base64Data].ToString().ReplaceLineEndings(""))
            : null;
    }

    // Only what is base64 throughout; the decoder by itself would pass over spaces.
    private static byte[]? FromBase64(string text)
    {
        if (!Base64.IsValid(text) || text.AsSpan().ContainsAny(" \t\r\n"))
        {
            return null;
        }

        return Convert.FromBase64String(text);
    }
}
