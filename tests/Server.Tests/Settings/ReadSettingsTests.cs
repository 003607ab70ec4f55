using System.Net;
using Signet.Server.Settings;
using Xunit;

namespace Server.Tests.Settings;

/// <summary>Each setting by itself: what it takes, what it refuses by name, and that a refusal repeats no secret.</summary>
public sealed class ReadSettingsTests
{
    public static TheoryData<string, string> Good => new()
    {
        { "SIGNET_DATA", "/srv/signet" },
        { "SIGNET_LISTEN", "0.0.0.0:80,[::]:80" },
        { "SIGNET_LISTEN", " 127.0.0.1:8080 , [::1]:8080 " },
        { "SIGNET_PUBLIC_URL", "https://id.example.com" },
        { "SIGNET_PUBLIC_URL", "https://id.example.com:8443/" },
        { "SIGNET_PUBLIC_URL", "http://localhost:8080" },
        { "SIGNET_PUBLIC_URL", "http://signet.localhost:8080" },
        { "BASE_DOMAIN", "example.com" },
        { "SIGNET_ROLES", "web" },
        { "SIGNET_ROLES", "Worker, scheduler" },
        { "DATABASE_URL", "postgresql://signet:secret@db.example:5432/signet" },
        { "SIGNET_SCHEMA", "signet_2" },
        { "SIGNET_DATABASE_POOL", "4" },
        { "SIGNET_DATABASE_POOL", "500" },
        { "SIGNET_PG_BIN", "/usr/lib/postgresql/17/bin" },
        { "REDIS_URL", "redis://:secret@cache.example:6379" },
        { "TRUSTED_PROXIES", "10.20.30.40,2001:db8::/64" },
        { "ENABLE_SETUP", "true" },
        { "ENABLE_SETUP", "0" },
        { "SIGNET_SECRETS", "/run/secrets" },
        { "POLICY_DIR", "/etc/signet/policy" },
        { "OPA_URL", "http://127.0.0.1:8181" },
        { "OPA_URL", "http://localhost:8181/opa/" },
        { "OPA_URL", "https://opa.internal" },
        { "VAULT_MOUNT", "kv/team-1" },
        { "SIGNET_DELEGATION_DEPTH", "8" },
        { "OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4317" },
        { "SIGNET_LOG_FORMAT", "text" },
        { "SIGNET_LOG_FORMAT", "JSON" },
        { "SIGNET_METRICS_TOKEN", "a-token-of-the-scraper" },
        { "SIGNET_LOG_LEVEL", "warning" },
    };

    public static TheoryData<string, string> Bad => new()
    {
        { "SIGNET_LISTEN", "8080" },
        { "SIGNET_LISTEN", "127.0.0.1:99999" },
        { "SIGNET_LISTEN", "," },
        { "SIGNET_PUBLIC_URL", "id.example.com" },
        { "SIGNET_PUBLIC_URL", "http://id.example.com" },
        { "SIGNET_PUBLIC_URL", "https://id.example.com/path" },
        { "SIGNET_PUBLIC_URL", "https://user@id.example.com" },
        { "SIGNET_PUBLIC_URL", "https://id.example.com/#x" },
        { "SIGNET_PUBLIC_URL", "ftp://id.example.com" },
        { "BASE_DOMAIN", "https://example.com" },
        { "BASE_DOMAIN", "127.0.0.1" },
        { "SIGNET_ROLES", "web,cook" },
        { "SIGNET_ROLES", "none" },
        { "SIGNET_ROLES", "7" },
        { "DATABASE_URL", "mysql://u:hunter22@db/x" },
        { "DATABASE_OWNER_URL", "hunter22" },
        { "SIGNET_SCHEMA", "signet; drop table users" },
        { "SIGNET_DATABASE_POOL", "3" },
        { "SIGNET_DATABASE_POOL", "501" },
        { "SIGNET_DATABASE_POOL", "many" },
        { "REDIS_URL", "http://:hunter22@cache" },
        { "TRUSTED_PROXIES", "proxy.example" },
        { "TRUSTED_PROXIES", "10.0.0.1,10.0.0.0/33" },
        { "SIGNET_CLIENT_CERT_HEADER", "Client Cert" },
        { "SIGNET_CLIENT_CERT_HEADER", "authorization" },
        { "SIGNET_CLIENT_CERT_HEADER", "X-Forwarded-For" },
        { "SIGNET_CLIENT_CERT_HEADER", "Client-Cert" },
        { "SIGNET_TLS_LISTEN", "8443" },
        { "SIGNET_TLS_CERTIFICATE", "/etc/signet/tls.pem" },
        { "SIGNET_TLS_KEY", "/etc/signet/tls.key" },
        { "SIGNET_MTLS_URL", "mtls.example.com" },
        { "SIGNET_MTLS_URL", "https://mtls.example.com" },
        { "ENABLE_SETUP", "yes" },
        { "OPA_URL", "opa:8181" },
        { "VAULT_ADDR", "http://vault.internal:8200" },
        { "VAULT_ADDR", "https://user:hunter22@vault.internal" },
        { "VAULT_MOUNT", "../sys" },
        { "VAULT_MOUNT", "/secret" },
        { "VAULT_TOKEN", "hunter22 hunter22" },
        { "OPA_URL", "http://opa.internal:8181" },
        { "OPA_URL", "https://user:hunter22@opa.internal" },
        { "OPA_URL", "https://opa.internal/?x=1" },
        { "SIGNET_DELEGATION_DEPTH", "0" },
        { "SIGNET_DELEGATION_DEPTH", "9" },
        { "OTEL_EXPORTER_OTLP_ENDPOINT", "collector" },
        { "SIGNET_LOG_FORMAT", "xml" },
        { "SIGNET_METRICS_TOKEN", "short" },
        { "SIGNET_LOG_LEVEL", "loud" },
        { "SIGNET_LOG_LEVEL", "3" },
    };

    [Fact]
    public void Nothing_set_is_a_server_for_this_machine()
    {
        var settings = Valid().Settings;

        Assert.Equal("http://localhost:8080", settings.Origin);
        Assert.Equal("localhost", settings.BaseDomain);
        Assert.True(settings.IsDevelopment);
        Assert.Equal(Roles.All, settings.Roles);
        Assert.False(settings.EnableSetup);
        Assert.Null(settings.DatabaseUrl);
        Assert.Null(settings.Redis);
        Assert.All(settings.Listen, endpoint => Assert.True(IPAddress.IsLoopback(endpoint.Address)));
        Assert.Equal(Path.Combine(settings.DataFolder, "secrets"), settings.SecretsFolder);
    }

    [Theory]
    [MemberData(nameof(Good))]
    public void A_good_value_is_taken(string name, string value) => Assert.IsType<SettingsReading.Valid>(Read((name, value)));

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_bad_value_is_refused_by_the_name_of_its_setting(string name, string value)
    {
        var faults = Assert.IsType<SettingsReading.Invalid>(Read((name, value))).Faults;

        Assert.Contains(faults, fault => fault.StartsWith($"{name}: ", StringComparison.Ordinal));
        Assert.DoesNotContain("hunter22", string.Join('\n', faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_setting_that_can_be_wrong_is_among_the_bad()
    {
        string[] anyText = ["SIGNET_DATA", "SIGNET_PG_BIN", "SIGNET_SECRETS", "POLICY_DIR"];

        var tried = Bad.Select(row => row.Data.Item1).Concat(anyText).Distinct();

        Assert.Equal(KnownSettings.All.Select(setting => setting.Name).Order(), tried.Order());
    }

    [Theory]
    [InlineData("SIGNET_CLIENT_CERT_HEADER=Client-Cert TRUSTED_PROXIES=10.1.2.3", true)]
    [InlineData("SIGNET_CLIENT_CERT_HEADER=Client-Cert TRUSTED_PROXIES=10.1.2.3 SIGNET_MTLS_URL=https://mtls.example.com:8443", true)]
    [InlineData("SIGNET_TLS_LISTEN=0.0.0.0:8443 SIGNET_TLS_CERTIFICATE=a.pem SIGNET_TLS_KEY=a.key SIGNET_MTLS_URL=https://mtls.example.com", true)]
    [InlineData("SIGNET_TLS_LISTEN=0.0.0.0:8443 SIGNET_TLS_CERTIFICATE=a.pem", false)]
    [InlineData("SIGNET_TLS_LISTEN=0.0.0.0:8443 SIGNET_TLS_KEY=a.key", false)]
    public void Certificates_of_clients_need_a_way_in(string set, bool good)
    {
        var reading = Read([.. set.Split(' ').Select(pair => (pair.Split('=')[0], pair.Split('=')[1]))]);

        Assert.Equal(good, reading is SettingsReading.Valid { Settings.SeesCertificates: true });
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var faults = Assert.IsType<SettingsReading.Invalid>(Read(("SIGNET_LISTEN", "x"), ("ENABLE_SETUP", "x"), ("SIGNET_LOG_LEVEL", "x"))).Faults;

        Assert.Equal(3, faults.Count);
    }

    [Fact]
    public void An_owner_account_alone_is_a_fault()
    {
        var faults = Assert.IsType<SettingsReading.Invalid>(Read(("DATABASE_OWNER_URL", "postgresql://o:p@db/signet"))).Faults;

        Assert.Contains(faults, fault => fault.StartsWith("DATABASE_OWNER_URL: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("hvs.hunter22", true)]
    public void A_Vault_needs_a_token(string token, bool good)
    {
        var reading = Read(("VAULT_ADDR", "http://127.0.0.1:8200"), ("VAULT_TOKEN", token));

        if (good)
        {
            var settings = Assert.IsType<SettingsReading.Valid>(reading).Settings;
            Assert.Equal(("http://127.0.0.1:8200/", token, "secret"), (settings.VaultAddress?.AbsoluteUri, settings.VaultToken, settings.VaultMount));
        }
        else
        {
            Assert.Equal(["VAULT_TOKEN: is required when VAULT_ADDR is set."], Assert.IsType<SettingsReading.Invalid>(reading).Faults);
        }
    }

    [Fact]
    public void Two_policy_engines_are_a_fault()
    {
        var faults = Assert.IsType<SettingsReading.Invalid>(Read(("POLICY_DIR", "/etc/signet/policy"), ("OPA_URL", "http://127.0.0.1:8181"))).Faults;

        Assert.StartsWith("OPA_URL: ", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_text_is_not_set() => Assert.Equal(20, Valid(("SIGNET_DATABASE_POOL", "")).Settings.DatabasePool);

    [Theory]
    [InlineData("0.0.0.0/0")]
    [InlineData("10.0.0.0/8")]
    [InlineData("::/0")]
    public void A_network_so_wide_that_anybody_may_be_in_it_is_warned_of(string networks)
    {
        var warnings = Valid(("TRUSTED_PROXIES", networks)).Warnings;

        Assert.StartsWith("TRUSTED_PROXIES: ", Assert.Single(warnings));
    }

    [Fact]
    public void Proxies_named_one_by_one_need_no_warning() => Assert.Empty(Valid(("TRUSTED_PROXIES", "10.1.2.3,2001:db8::1")).Warnings);

    [Fact]
    public void There_are_at_most_forty_settings_each_with_a_name_of_its_own_and_a_sentence()
    {
        Assert.InRange(KnownSettings.All.Count, 1, 40);
        Assert.Distinct(KnownSettings.All.Select(setting => setting.Name));
        Assert.All(KnownSettings.All, setting => Assert.EndsWith(".", setting.Help, StringComparison.Ordinal));
    }

    [Fact]
    public void What_carries_a_password_is_secret()
    {
        var urls = KnownSettings.All.Where(setting => setting.Help.Contains("password", StringComparison.Ordinal) || setting.Name.StartsWith("DATABASE_", StringComparison.Ordinal));

        Assert.All(urls, setting => Assert.True(setting.Secret, setting.Name));
    }

    private static SettingsReading.Valid Valid(params (string Name, string Value)[] set) => Assert.IsType<SettingsReading.Valid>(Read(set));

    private static SettingsReading Read(params (string Name, string Value)[] set) =>
        ReadSettings.Run(name => set.FirstOrDefault(one => one.Name == name) is { Name: not null } found ? new SettingValue(found.Value, "environment") : null);
}
