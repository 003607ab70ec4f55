using System.Net;
using Signet.Platform.Cache;
using Signet.Platform.Http;

namespace Signet.Server.Settings;

/// <summary>
/// Everything the host is told from outside, checked as a whole before anything starts. What a tenant may choose is not here: that is tenant data.
/// </summary>
public sealed record HostSettings
{
    /// <summary>Folder of the embedded database and of the secret files.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Addresses the web role listens on.</summary>
    public required IReadOnlyList<IPEndPoint> Listen { get; init; }

    /// <summary>Canonical origin of the default tenant: scheme, host and, where not the scheme's own, port. Never ends in a slash.</summary>
    public required Uri PublicUrl { get; init; }

    /// <summary>Other tenants live below it: <c>acme.BASE_DOMAIN</c>.</summary>
    public required string BaseDomain { get; init; }

    public required Roles Roles { get; init; }

    /// <summary>Null: the embedded cluster under the data folder.</summary>
    public string? DatabaseUrl { get; init; }

    public string? DatabaseOwnerUrl { get; init; }

    public required string Schema { get; init; }

    public required int DatabasePool { get; init; }

    public string? PostgresBinaries { get; init; }

    public RedisAddress? Redis { get; init; }

    public required TrustedProxies TrustedProxies { get; init; }

    /// <summary>Header in which trusted proxies say their clients' certificates; null: none is believed.</summary>
    public string? ClientCertificateHeader { get; init; }

    /// <summary>Our own TLS; null: proxies alone speak it.</summary>
    public TlsSettings? Tls { get; init; }

    /// <summary>Origin where clients are asked for certificates, where it is not the public URL.</summary>
    public Uri? MtlsUrl { get; init; }

    /// <summary>Whether clients' certificates get as far as here.</summary>
    public bool SeesCertificates => ClientCertificateHeader is not null || Tls is not null;

    public required bool EnableSetup { get; init; }

    public required string SecretsFolder { get; init; }

    /// <summary>Full path of the folder with <c>data/scopes.json</c>; null: the built-in policy, or OPA's.</summary>
    public string? PolicyFolder { get; init; }

    /// <summary>Where Open Policy Agent answers: https, or http on this machine. Null: the built-in engine decides.</summary>
    public Uri? OpaUrl { get; init; }
    /// <summary>How many agents may act one for another before nobody knows who is responsible.</summary>
    public int DelegationDepth { get; init; } = 3;

    public Uri? OtlpEndpoint { get; init; }

    /// <summary>What a scraper has to show; null: it has to reach this node directly.</summary>
    public string? MetricsToken { get; init; }

    public required LogFormat LogFormat { get; init; }

    public required LogLevel LogLevel { get; init; }

    /// <summary>Vault, which keeps new secrets of agents; null: the database does.</summary>
    public Uri? VaultAddress { get; init; }

    public string VaultMount { get; init; } = "secret";

    /// <summary>Not null where <see cref="VaultAddress"/> is not.</summary>
    public string? VaultToken { get; init; }

    /// <summary>Plain http is for this machine alone; a public address is always https.</summary>
    public bool IsDevelopment => PublicUrl.Scheme == Uri.UriSchemeHttp;

    public string Origin => PublicUrl.GetLeftPart(UriPartial.Authority);
}

/// <summary>Where the web role speaks TLS itself, and as whom.</summary>
/// <param name="Certificate">Path of a PEM file: the certificate, and those between it and its root.</param>
/// <param name="Key">Path of a PEM file: its private key, not encrypted.</param>
public sealed record TlsSettings(IReadOnlyList<IPEndPoint> Listen, string Certificate, string Key);

/// <summary>What one process does. Production runs them apart; one process does all by itself.</summary>
[Flags]
public enum Roles
{
    None = 0,
    Web = 1,
    Worker = 2,
    Scheduler = 4,
    All = Web | Worker | Scheduler,
}

public enum LogFormat
{
    Text,
    Json,
}
