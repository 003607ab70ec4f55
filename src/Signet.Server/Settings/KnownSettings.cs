namespace Signet.Server.Settings;

/// <summary>The list of host settings; the reference page and <c>signet check</c> are made from it.</summary>
public static class KnownSettings
{
    public static readonly Setting DataFolder = new("SIGNET_DATA", "Folder of the embedded database and of the generated secret files.", "./.data");

    public static readonly Setting Listen = new("SIGNET_LISTEN", "Addresses to listen on, comma-separated.", "127.0.0.1:8080,[::1]:8080");

    public static readonly Setting PublicUrl = new("SIGNET_PUBLIC_URL",
        "Origin under which people and applications reach the default tenant; its issuer. https, or http for localhost.", "http://localhost:8080");

    public static readonly Setting BaseDomain = new("BASE_DOMAIN", "Domain below which other tenants live (acme.BASE_DOMAIN). Not set: the host of the public URL.", "");

    public static readonly Setting Roles = new("SIGNET_ROLES", "What this process does: web, worker, scheduler.", "web,worker,scheduler");

    public static readonly Setting DatabaseUrl = new("DATABASE_URL", "PostgreSQL to use instead of the embedded one: postgresql://user:password@host:5432/database.", "", Secret: true);

    public static readonly Setting DatabaseOwnerUrl = new("DATABASE_OWNER_URL", "Account for migrations, where it is not the one that serves.", "", Secret: true);

    public static readonly Setting Schema = new("SIGNET_SCHEMA", "Database schema that holds everything.", "signet");

    public static readonly Setting DatabasePool = new("SIGNET_DATABASE_POOL", "Connections a process may hold to the database as the application.", "20");

    public static readonly Setting PostgresBinaries = new("SIGNET_PG_BIN", "Folder of the PostgreSQL programs for the embedded database. Not set: the machine's newest.", "");

    public static readonly Setting RedisUrl = new("REDIS_URL", "Redis for shared caches and limits: redis://[:password@]host:6379. Not set: PostgreSQL and this process alone.", "", Secret: true);

    public static readonly Setting TrustedProxies = new("TRUSTED_PROXIES", "Addresses and networks whose X-Forwarded-* headers count, comma-separated.", "");

    public static readonly Setting ClientCertificateHeader = new("SIGNET_CLIENT_CERT_HEADER",
        "Header in which TRUSTED_PROXIES say their client's certificate: Client-Cert (RFC 9440), escaped PEM, or base64 of the DER. Not set: none is believed.", "");

    public static readonly Setting TlsListen = new("SIGNET_TLS_LISTEN", "Addresses to speak TLS on, comma-separated; clients may show certificates there. Not set: proxies speak it.", "");

    public static readonly Setting TlsCertificate = new("SIGNET_TLS_CERTIFICATE", "PEM file of the server's certificate and those between it and its root; required with SIGNET_TLS_LISTEN.", "");

    public static readonly Setting TlsKey = new("SIGNET_TLS_KEY", "PEM file of its private key, not encrypted; required with SIGNET_TLS_LISTEN.", "");

    public static readonly Setting MtlsUrl = new("SIGNET_MTLS_URL",
        "Origin where clients are asked for certificates, where it is not the public URL, such as https://mtls.example.com. Becomes mtls_endpoint_aliases.", "");

    public static readonly Setting EnableSetup = new("ENABLE_SETUP", "Whether /setup may make the first administrator. Setup closes itself for ever once it is done.", "false");

    public static readonly Setting SecretsFolder = new("SIGNET_SECRETS", "Folder of the secret files. Not set: secrets/ in the data folder.", "");

    public static readonly Setting PolicyFolder = new("POLICY_DIR",
        "Folder whose data/scopes.json says which scopes each route asks of access tokens. Not set: the built-in policy.", "");

    public static readonly Setting OpaUrl = new("OPA_URL",
        "Open Policy Agent that decides instead: https, or http on this machine, such as http://127.0.0.1:8181. Not together with POLICY_DIR.", "");
    public static readonly Setting DelegationDepth = new("SIGNET_DELEGATION_DEPTH", "How many agents may act one for another in a chain of delegations: 1 to 8.", "3");

    public static readonly Setting OtlpEndpoint = new("OTEL_EXPORTER_OTLP_ENDPOINT", "Where traces and metrics are sent. Not set: nowhere.", "");

    public static readonly Setting MetricsToken = new("SIGNET_METRICS_TOKEN",
        "Bearer token that /metrics asks for; at least 16 characters. Not set: anybody who reaches this node directly, and nobody through a proxy.", "", Secret: true);

    public static readonly Setting LogFormat = new("SIGNET_LOG_FORMAT", "json, or text for people.", "json");

    public static readonly Setting LogLevel = new("SIGNET_LOG_LEVEL", "Least level that is logged.", "information");

    public static readonly Setting VaultAddress = new("VAULT_ADDR",
        "HashiCorp Vault that keeps new secrets of agents: https, or http on this machine, such as http://127.0.0.1:8200. Not set: keyed hashes in the database.", "");

    public static readonly Setting VaultMount = new("VAULT_MOUNT", "Where in Vault the KV secrets engine, version 2, is mounted.", "secret");

    public static readonly Setting VaultToken = new("VAULT_TOKEN", "Token for Vault; required with VAULT_ADDR.", "", Secret: true);

    public static IReadOnlyList<Setting> All =>
    [
        DataFolder, Listen, PublicUrl, BaseDomain, Roles, DatabaseUrl, DatabaseOwnerUrl, Schema, DatabasePool, PostgresBinaries, RedisUrl,
        TrustedProxies, ClientCertificateHeader, TlsListen, TlsCertificate, TlsKey, MtlsUrl, EnableSetup, SecretsFolder, PolicyFolder, OpaUrl, DelegationDepth, OtlpEndpoint, MetricsToken, LogFormat, LogLevel,
        VaultAddress, VaultMount, VaultToken,
    ];
}
