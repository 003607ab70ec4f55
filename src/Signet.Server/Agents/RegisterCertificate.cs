using System.Text.Json.Serialization;
using Signet.Jose;
using Signet.OAuth.MutualTls;
using Signet.Platform.Data;
using Signet.Server.Agents.Storage;

namespace Signet.Server.Agents;

/// <summary>A certificate as a credential, in a request and in answers: one of <c>pem</c>, <c>thumbprint</c>, or <c>authorityId</c> with one name.</summary>
/// <param name="Pem">The certificate itself; in requests alone, we keep its thumbprint.</param>
/// <param name="Thumbprint">Its <c>x5t#S256</c>: base64url of the SHA-256 of its DER.</param>
/// <param name="AuthorityId">Who issues it.</param>
/// <param name="SubjectDn">Its whole subject (RFC 4514), such as <c>CN=worker,O=Example</c>.</param>
/// <param name="SanDns">A host name among its alternative names.</param>
/// <param name="SanUri">A URI among them, such as a SPIFFE ID.</param>
/// <param name="SanIp">An IP address among them.</param>
/// <param name="SanEmail">A mail address among them.</param>
public sealed record CertificateWish(
    string? Pem = null,
    string? Thumbprint = null,
    [property: JsonPropertyName("authorityId")] AuthorityId? AuthorityId = null,
    [property: JsonPropertyName("subjectDn")] string? SubjectDn = null,
    [property: JsonPropertyName("sanDns")] string? SanDns = null,
    [property: JsonPropertyName("sanUri")] string? SanUri = null,
    [property: JsonPropertyName("sanIp")] string? SanIp = null,
    [property: JsonPropertyName("sanEmail")] string? SanEmail = null)
{
    internal IReadOnlyList<CertificateName> Names =>
    [
        .. new CertificateName?[]
        {
            SubjectDn is null ? null : new CertificateName.SubjectDn(SubjectDn), SanDns is null ? null : new CertificateName.SanDns(SanDns),
            SanUri is null ? null : new CertificateName.SanUri(SanUri), SanIp is null ? null : new CertificateName.SanIp(SanIp),
            SanEmail is null ? null : new CertificateName.SanEmail(SanEmail),
        }.OfType<CertificateName>(),
    ];

    internal static CertificateWish? Of(RegisteredCertificate? registered) => registered switch
    {
        RegisteredCertificate.Exact exact => new CertificateWish(Thumbprint: exact.Thumbprint),
        RegisteredCertificate.Issued { Authority: var authority, Name: var name } => name switch
        {
            CertificateName.SubjectDn dn => new CertificateWish(AuthorityId: authority, SubjectDn: dn.Value),
            CertificateName.SanDns dns => new CertificateWish(AuthorityId: authority, SanDns: dns.Value),
            CertificateName.SanUri uri => new CertificateWish(AuthorityId: authority, SanUri: uri.Value),
            CertificateName.SanIp ip => new CertificateWish(AuthorityId: authority, SanIp: ip.Value),
            CertificateName.SanEmail email => new CertificateWish(AuthorityId: authority, SanEmail: email.Value),
            _ => throw new System.Diagnostics.UnreachableException(),
        },
        // The key stands beside it.
        _ => null,
    };
}

/// <summary>Takes a certificate in as a credential, whichever way it is to be known.</summary>
internal static class RegisterCertificate
{
    private const int MaxHint = 200;

    /// <summary>The row to insert; or the field that is wrong, and how.</summary>
    public static async Task<(CredentialRow? Row, string Field, string? Fault)> TakeAsync(Tx tx, ManageCredentials.Wish wish, CancellationToken ct) => wish switch
    {
        { JwksUri: not null } => (null, "jwksUri", "certificates are registered themselves, or by their key"),
        { Jwk: { } offered, Certificate: null } => CredentialKey.Take(offered) switch
        {
            (null, _, var fault) => (null, "jwk", fault),
            ({ } json, var kid, _) => (RowOf(tx, new RegisteredCertificate.OfKey(CredentialKey.Read(json).Keys[0]), kid, wish.ExpiresAt) with { Jwk = json }, "", null),
        },
        { Jwk: null, Certificate: { } certificate } => await TakeAsync(tx, certificate, wish.ExpiresAt, ct),
        _ => (null, "certificate", "one of certificate and jwk is to be given"),
    };

    private static async Task<(CredentialRow? Row, string Field, string? Fault)> TakeAsync(Tx tx, CertificateWish wish, DateTimeOffset? end, CancellationToken ct) => wish switch
    {
        { Pem: { } pem, Thumbprint: null, AuthorityId: null, Names: [] } => TakeWhole(tx, pem, end),
        { Pem: null, Thumbprint: { } thumbprint, AuthorityId: null, Names: [] } => StrictBase64Url.TryDecode(thumbprint) is { Length: 32 }
            ? (RowOf(tx, new RegisteredCertificate.Exact(thumbprint), thumbprint[..12], end) with { CertificateThumbprint = thumbprint }, "", null)
            : (null, "certificate", "thumbprint is to be the base64url of a SHA-256: 43 characters"),
        { Pem: null, Thumbprint: null, AuthorityId: { } authority, Names: [var name] } => await TakeNameAsync(tx, authority, name, end, ct),
        { AuthorityId: not null, Pem: null, Thumbprint: null } => (null, "certificate", "one of subjectDn, sanDns, sanUri, sanIp and sanEmail is to be given with authorityId"),
        { AuthorityId: null, Names: not [] } => (null, "certificate", "a name needs the authorityId of who issues the certificates that have it"),
        _ => (null, "certificate", "one of pem, thumbprint, and authorityId with one name is to be given"),
    };

    private static (CredentialRow? Row, string Field, string? Fault) TakeWhole(Tx tx, string pem, DateTimeOffset? end)
    {
        if (TlsCertificate.TryReadPem(pem, 1) is not [var der])
        {
            return (null, "certificate", DescribePem(pem, "pem is to be one certificate in PEM"));
        }

        if (TlsCertificate.TryRead(der) is not { } certificate)
        {
            return (null, "certificate", "pem holds what is no certificate, or one whose key is too weak or of an unknown kind");
        }

        if (certificate.NotAfter <= tx.Now)
        {
            return (null, "certificate", "the certificate's time is over");
        }

        // The credential never outlives the certificate.
        var ends = end < certificate.NotAfter ? end : certificate.NotAfter;
        var hint = certificate.Subject.Length > 0 ? certificate.Subject : certificate.Thumbprint[..12];
        return (RowOf(tx, new RegisteredCertificate.Exact(certificate.Thumbprint), hint, ends) with { CertificateThumbprint = certificate.Thumbprint }, "", null);
    }

    private static async Task<(CredentialRow? Row, string Field, string? Fault)> TakeNameAsync(
        Tx tx, AuthorityId authority, CertificateName name, DateTimeOffset? end, CancellationToken ct)
    {
        var (kind, value) = RegisteredCertificate.Describe(name);
        return !name.IsWellFormed ? (null, "certificate", $"{System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(name.GetType().Name)} is no such name; a wildcard is none")
            : await AuthorityRows.HoldAsync(tx, authority, ct) is null ? (null, "certificate", "authorityId is to be a certificate authority of the tenant")
            : (RowOf(tx, new RegisteredCertificate.Issued(authority, name), value, end) with { AuthorityId = authority, CertificateNameKind = kind, CertificateName = value }, "", null);
    }

    /// <summary>What is wrong with text that is not what was wanted.</summary>
    // Whoever sees the request has the key now.
    internal static string DescribePem(string pem, string wanted) => pem.Contains("PRIVATE KEY", StringComparison.Ordinal)
        ? "holds a private key; register a certificate for a new key, without it: this one has been shown"
        : $"{wanted}, and nothing else";

    private static CredentialRow RowOf(Tx tx, RegisteredCertificate registered, string hint, DateTimeOffset? end)
    {
        var text = new string([.. hint.Where(c => !char.IsControl(c) && !char.IsSurrogate(c)).Take(MaxHint)]);
        return CredentialRow.Of(tx.NewId<CredentialId>(), CredentialKind.Certificate, text, tx.Now, end) with { CertificateOf = registered.Digest };
    }
}
