using System.Globalization;
using System.Net;
using Signet.Platform.Cache;
using Signet.Platform.Data;
using Signet.Platform.Http;

namespace Signet.Server.Settings;

/// <summary>Where a value came from, for <c>signet check</c>: <c>option</c>, <c>environment</c>, <c>file</c> or <c>default</c>.</summary>
/// <param name="Fault">Why it can't be read; its text is empty then.</param>
public sealed record SettingValue(string Text, string Source, string? Fault = null);

/// <summary>All of it, or every fault with the setting's name; a server never starts on half a configuration.</summary>
public abstract record SettingsReading
{
    private SettingsReading()
    {
    }

    public sealed record Valid(HostSettings Settings, IReadOnlyList<string> Warnings) : SettingsReading;

    public sealed record Invalid(IReadOnlyList<string> Faults) : SettingsReading;
}

/// <summary>Reads the host settings from whatever the host asks (environment, files, options).</summary>
public sealed class ReadSettings
{
    private static readonly string[] OtherHeaders = ["Authorization", "Content-Length", "Content-Type", "Cookie", "DPoP", "Host", "Origin", "X-Forwarded-Host", "X-Forwarded-Proto"];

    private readonly Func<string, SettingValue?> find;
    private readonly List<string> faults = [];
    private readonly List<string> warnings = [];

    private ReadSettings(Func<string, SettingValue?> find) => this.find = find;

    /// <param name="find">The value of a setting by its name; null where it is not set. An empty text counts as not set.</param>
    public static SettingsReading Run(Func<string, SettingValue?> find)
    {
        var reader = new ReadSettings(find);
        var settings = reader.Read();
        return reader.faults.Count == 0
            ? new SettingsReading.Valid(settings, reader.warnings)
            : new SettingsReading.Invalid(reader.faults);
    }

    private HostSettings Read()
    {
        var dataFolder = Path.GetFullPath(Text(KnownSettings.DataFolder));
        var listen = Parse(KnownSettings.Listen, ParseEndpoints, "a list of address:port, such as 127.0.0.1:8080,[::1]:8080") ?? [];
        var publicUrl = Parse(KnownSettings.PublicUrl, ParseOrigin, "an origin such as https://id.example.com; plain http only for localhost")
            ?? new Uri("http://localhost");
        var settings = new HostSettings
        {
            DataFolder = dataFolder,
            Listen = listen,
            PublicUrl = publicUrl,
            BaseDomain = Parse(KnownSettings.BaseDomain, ParseDomain, "a domain name such as id.example.com") ?? publicUrl.Host,
            Roles = Parse(KnownSettings.Roles, ParseRoles, "a list of web, worker, scheduler") ?? Roles.All,
            DatabaseUrl = ParseOptional(KnownSettings.DatabaseUrl, DatabaseUrl.TryParse, "postgresql://user:password@host:5432/database"),
            DatabaseOwnerUrl = ParseOptional(KnownSettings.DatabaseOwnerUrl, DatabaseUrl.TryParse, "postgresql://user:password@host:5432/database"),
            Schema = Parse(KnownSettings.Schema, text => DatabaseAddress.IsSchemaName(text) ? text : null, "letters, digits, _ and -, at most 50") ?? "signet",
            DatabasePool = Parse(KnownSettings.DatabasePool, text => Number(text, 4, 500), "a number from 4 to 500") ?? 4,
            PostgresBinaries = Optional(KnownSettings.PostgresBinaries),
            Redis = ParseOptional(KnownSettings.RedisUrl, text => RedisAddress.TryParse(text, out var redis) ? redis : null, "redis://[user:password@]host:6379[/database], or rediss:// for TLS"),
            TrustedProxies = ReadTrustedProxies(),
            ClientCertificateHeader = ParseOptional(KnownSettings.ClientCertificateHeader, ParseHeaderName, "a header name such as Client-Cert, and none that means something else"),
            Tls = ReadTls(),
            MtlsUrl = ParseOptional(KnownSettings.MtlsUrl, ParseOrigin, "an origin such as https://mtls.example.com; plain http only for localhost"),
            EnableSetup = Parse(KnownSettings.EnableSetup, Flag, "true or false") ?? false,
            SecretsFolder = Path.GetFullPath(Optional(KnownSettings.SecretsFolder) ?? Path.Combine(dataFolder, "secrets")),
            PolicyFolder = Optional(KnownSettings.PolicyFolder) is { } folder ? Path.GetFullPath(folder) : null,
            OpaUrl = ParseOptional(KnownSettings.OpaUrl, ParseOperatorUrl, "a URL such as http://127.0.0.1:8181 without query; https for any machine but this one"),
            DelegationDepth = Parse(KnownSettings.DelegationDepth, text => Number(text, 1, 8), "a number from 1 to 8") ?? 3,
            OtlpEndpoint = ParseOptional(KnownSettings.OtlpEndpoint, text => Uri.TryCreate(text, UriKind.Absolute, out var uri) ? uri : null, "a URL such as http://collector:4317"),
            MetricsToken = ParseOptional(KnownSettings.MetricsToken, text => text.Length >= 16 ? text : null, "16 characters or more"),
            LogFormat = Parse(KnownSettings.LogFormat, text => Name<LogFormat>(text), "text or json") ?? LogFormat.Json,
            LogLevel = Parse(KnownSettings.LogLevel, text => Name<LogLevel>(text), "trace, debug, information, warning, error or critical") ?? LogLevel.Information,
            VaultAddress = ParseOptional(KnownSettings.VaultAddress, ParseOperatorUrl, "a URL such as http://127.0.0.1:8200 without query; https for any machine but this one"),
            VaultMount = Parse(KnownSettings.VaultMount, ParseMount, "a mount path such as secret: letters, digits, - _ and single slashes, at most 100") ?? "secret",
            VaultToken = ParseOptional(KnownSettings.VaultToken, ParseHeaderText, "a token of visible characters"),
        };
        RefuseCombinations(settings);
        return settings;
    }

    private void RefuseCombinations(HostSettings settings)
    {
        if (settings.DatabaseOwnerUrl is not null && settings.DatabaseUrl is null)
        {
            faults.Add($"{KnownSettings.DatabaseOwnerUrl.Name}: has no meaning without {KnownSettings.DatabaseUrl.Name}.");
        }

        if (settings is { MtlsUrl: not null, SeesCertificates: false })
        {
            faults.Add($"{KnownSettings.MtlsUrl.Name}: has no meaning without {KnownSettings.ClientCertificateHeader.Name} or {KnownSettings.TlsListen.Name}.");
        }

        if (settings.ClientCertificateHeader is not null && Optional(KnownSettings.TrustedProxies) is null)
        {
            faults.Add($"{KnownSettings.ClientCertificateHeader.Name}: has no meaning without {KnownSettings.TrustedProxies.Name}.");
        }

        if (settings is { PolicyFolder: not null, OpaUrl: not null })
        {
            faults.Add($"{KnownSettings.OpaUrl.Name}: only one can decide; set it or {KnownSettings.PolicyFolder.Name}, not both.");
        }

        // A token that could not be read is named already.
        if (settings is { VaultAddress: not null, VaultToken: null } && Optional(KnownSettings.VaultToken) is null && find(KnownSettings.VaultToken.Name)?.Fault is null)
        {
            faults.Add($"{KnownSettings.VaultToken.Name}: is required when {KnownSettings.VaultAddress.Name} is set.");
        }
    }

    private TlsSettings? ReadTls()
    {
        var listen = ParseOptional(KnownSettings.TlsListen, ParseEndpoints, "a list of address:port, such as 0.0.0.0:8443");
        var (certificate, key) = (Optional(KnownSettings.TlsCertificate), Optional(KnownSettings.TlsKey));
        foreach (var (setting, path) in ((Setting, string?)[])[(KnownSettings.TlsCertificate, certificate), (KnownSettings.TlsKey, key)])
        {
            if (Optional(KnownSettings.TlsListen) is not null && path is null)
            {
                faults.Add($"{setting.Name}: is required when {KnownSettings.TlsListen.Name} is set.");
            }

            if (Optional(KnownSettings.TlsListen) is null && path is not null)
            {
                faults.Add($"{setting.Name}: has no meaning without {KnownSettings.TlsListen.Name}.");
            }
        }

        return listen is not null && certificate is not null && key is not null ? new TlsSettings(listen, Path.GetFullPath(certificate), Path.GetFullPath(key)) : null;
    }

    private TrustedProxies ReadTrustedProxies()
    {
        switch (TrustedProxies.Parse(Text(KnownSettings.TrustedProxies)))
        {
            case TrustedProxies.Parsed.Valid valid:
                warnings.AddRange(valid.Proxies.Warnings.Select(warning => $"{KnownSettings.TrustedProxies.Name}: {warning}"));
                return valid.Proxies;
            case TrustedProxies.Parsed.Invalid invalid:
                faults.Add($"{KnownSettings.TrustedProxies.Name}: {invalid.Message}");
                return TrustedProxies.None;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private string? Optional(Setting setting)
    {
        var value = find(setting.Name);
        if (value?.Fault is { } fault && !faults.Contains(fault))
        {
            faults.Add(fault);
        }

        return value?.Text is { Length: > 0 } text ? text : null;
    }

    private string Text(Setting setting) => Optional(setting) ?? setting.Fallback;

    private T? Parse<T>(Setting setting, Func<string, T?> parse, string wanted) where T : class
    {
        var value = Optional(setting) is { } text ? parse(text) : setting.Fallback.Length > 0 ? parse(setting.Fallback) : null;
        return value ?? Refuse<T>(setting, wanted);
    }

    private T? Parse<T>(Setting setting, Func<string, T?> parse, string wanted) where T : struct
    {
        if (parse(Text(setting)) is { } value)
        {
            return value;
        }

        Refuse<object>(setting, wanted);
        return null;
    }

    private T? ParseOptional<T>(Setting setting, Func<string, T?> parse, string wanted) where T : class =>
        Optional(setting) is { } text ? parse(text) ?? Refuse<T>(setting, wanted) : null;

    // The text itself is not repeated: it may be a secret.
    private T? Refuse<T>(Setting setting, string wanted) where T : class
    {
        if (Optional(setting) is not null)
        {
            faults.Add($"{setting.Name}: is to be {wanted}.");
        }

        return null;
    }

    private static IReadOnlyList<IPEndPoint>? ParseEndpoints(string text)
    {
        var endpoints = new List<IPEndPoint>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!IPEndPoint.TryParse(part, out var endpoint) || !part.Contains(':', StringComparison.Ordinal))
            {
                return null;
            }

            endpoints.Add(endpoint);
        }

        return endpoints.Count > 0 ? endpoints : null;
    }

    private static Uri? ParseOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri is { PathAndQuery: "/", Fragment: "", UserInfo: "" }
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && IsThisMachine(uri)))
            ? new Uri(uri.GetLeftPart(UriPartial.Authority))
            : null;

    private static Uri? ParseOperatorUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri is { Query: "", Fragment: "", UserInfo: "" }
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
            ? uri
            : null;

    private static string? ParseMount(string text) =>
        text.Length <= 100 && text.Split('/').All(part => part.Length > 0 && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')) ? text : null;

    // RFC 9110 §5.1. A header that says something else already must not be taken off every request.
    private static string? ParseHeaderName(string text) =>
        text.Length <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
        && !OtherHeaders.Contains(text, StringComparer.OrdinalIgnoreCase) && !text.StartsWith("X-Forwarded-For", StringComparison.OrdinalIgnoreCase)
            ? text
            : null;

    private static string? ParseHeaderText(string text) => text.Length <= 4096 && text.All(c => c is > ' ' and < '\x7f') ? text : null;

    private static bool IsThisMachine(Uri uri) =>
        uri.IsLoopback || uri.Host.EndsWith(".localhost", StringComparison.Ordinal);

    private static string? ParseDomain(string text) =>
        Uri.CheckHostName(text) == UriHostNameType.Dns && text.Length <= 200 ? text.ToLowerInvariant() : null;

    private static Roles? ParseRoles(string text)
    {
        var roles = Roles.None;
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (Name<Roles>(part) is not { } role || role is Roles.None)
            {
                return null;
            }

            roles |= role;
        }

        return roles is Roles.None ? null : roles;
    }

    private static int? Number(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null;

    private static bool? Flag(string text) => text switch
    {
        "true" or "1" => true,
        "false" or "0" => false,
        _ => null,
    };

    private static T? Name<T>(string text) where T : struct, Enum =>
        Enum.GetNames<T>().Contains(text, StringComparer.OrdinalIgnoreCase) ? Enum.Parse<T>(text, ignoreCase: true) : null;
}
