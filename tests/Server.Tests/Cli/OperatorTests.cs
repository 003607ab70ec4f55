using System.Text.Json;
using Npgsql;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Cli;

/// <summary>An operator's way through an installation on a database of its own.</summary>
public sealed class OperatorTests(OperatorTests.Installation installed) : IClassFixture<OperatorTests.Installation>
{
    private const string Password = "correct horse battery staple";

    [Fact]
    public async Task Migrate_status_tells_what_was_applied()
    {
        var status = await installed.RunAsync("migrate", "status");

        Assert.Equal(0, status.ExitCode);
        Assert.StartsWith("0001", status.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrate_up_brings_an_empty_database_to_this_version_once()
    {
        await using var empty = await TestDatabase.CreateEmptyAsync();
        (string, string)[] environment = [("DATABASE_URL", UrlOf(empty)), ("SIGNET_DATA", installed.Folder)];

        var before = await SignetProcess.RunAsync(environment, "migrate", "status");
        var first = await SignetProcess.RunAsync(environment, "migrate", "up");
        var second = await SignetProcess.RunAsync(environment, "migrate", "up");
        var after = await SignetProcess.RunAsync(environment, "migrate", "status");

        Assert.Equal((1, 0, 0, 0), (before.ExitCode, first.ExitCode, second.ExitCode, after.ExitCode));
        Assert.Contains("applied 0001_", first.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("applied", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_authority_is_added_listed_and_removed()
    {
        var file = Path.Combine(installed.Folder, "root.pem");
        await File.WriteAllTextAsync(file, TestCertificates.MakeRoot(TimeProvider.System.GetUtcNow(), "CN=Mesh").ExportCertificatePem(), TestContext.Current.CancellationToken);

        var added = await installed.RunAsync("certificate-authority", "add", "--name", "mesh", "--certificates", file, "--json");
        Assert.True(added.ExitCode == 0, added.Errors);
        var id = JsonDocument.Parse(added.Output).RootElement.EnumerateObject().First().Value.GetString()!;
        var again = await installed.RunAsync("certificate-authority", "add", "--name", "mesh", "--certificates", file);
        var nothing = await installed.RunAsync("certificate-authority", "add", "--name", "mesh", "--certificates", file + ".gone");
        var listed = await installed.RunAsync("certificate-authority", "list");
        var removed = await installed.RunAsync("certificate-authority", "remove", id);
        var gone = await installed.RunAsync("certificate-authority", "remove", id);

        Assert.Equal((1, 1, 0, 0, 1), (again.ExitCode, nothing.ExitCode, listed.ExitCode, removed.ExitCode, gone.ExitCode));
        Assert.StartsWith("--certificates: ", nothing.Errors.Replace("error: ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("CN=Mesh", listed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_on_a_schema_that_is_behind_says_what_to_do()
    {
        await using var empty = await TestDatabase.CreateEmptyAsync();

        var result = await SignetProcess.RunAsync([("DATABASE_URL", UrlOf(empty)), ("SIGNET_DATA", installed.Folder)], "user", "list");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("migrate up", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_create_prints_what_the_application_needs_and_list_shows_it_without_its_secret()
    {
        var created = await installed.JsonAsync(
            "client", "create", "--name", "demo", "--redirect-uri", "http://localhost:9799/cb",
            "--grant", "authorization_code", "--grant", "refresh_token", "--grant", "client_credentials", "--json");
        var listed = await installed.RunAsync("client", "list", "--json");

        var id = created.GetProperty("client_id").GetString()!;
        var secret = created.GetProperty("client_secret").GetString()!;
        Assert.True(secret.Length > 40);
        Assert.Equal(3, created.GetProperty("grants").GetArrayLength());
        Assert.Contains(id, listed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, listed.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--grant", "implicit", "--grant")]
    [InlineData("--redirect-uri", "http://evil.example/cb", "redirect_uris")]
    [InlineData("--redirect-uri", "https://a.example/cb#x", "redirect_uris")]
    [InlineData("--access-token-algorithm", "none", "access_token_algorithm")]
    public async Task A_client_that_cannot_be_is_refused_by_the_name_of_what_is_wrong(string option, string value, string named)
    {
        var result = await installed.RunAsync("client", "create", "--name", "x", "--redirect-uri", "http://localhost/cb", option, value);

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains(named, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_is_rotated_and_a_client_deleted_once()
    {
        var created = await installed.JsonAsync("client", "create", "--name", "short", "--redirect-uri", "http://localhost/cb", "--json");
        var id = created.GetProperty("client_id").GetString()!;

        var rotated = await installed.JsonAsync("client", "rotate-secret", id, "--json");
        var deleted = await installed.RunAsync("client", "delete", id);
        var again = await installed.RunAsync("client", "delete", id);

        Assert.NotEqual(created.GetProperty("client_secret").GetString(), rotated.GetProperty("client_secret").GetString());
        Assert.Equal((0, 1), (deleted.ExitCode, again.ExitCode));
    }

    [Fact]
    public async Task A_webhook_is_made_listed_given_a_new_secret_and_deleted()
    {
        var created = await installed.JsonAsync("webhook", "create", "--name", "ledger", "--url", "https://receiver.example/", "--event", "users.*", "--json");
        var id = created.GetProperty("webhook").GetProperty("id").GetString()!;
        var secret = created.GetProperty("secret").GetString()!;

        var listed = await installed.RunAsync("webhook", "list");
        var rotated = await installed.JsonAsync("webhook", "rotate-secret", id, "--overlap-hours", "24", "--json");
        var deliveries = await installed.RunAsync("webhook", "deliveries", id, "--state", "dead");
        var redelivered = await installed.RunAsync("webhook", "redeliver", id, "0197f2a0-0000-7000-8000-000000000001");
        var deleted = await installed.RunAsync("webhook", "delete", id);
        var again = await installed.RunAsync("webhook", "delete", id);

        Assert.Contains(id, listed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, listed.Output, StringComparison.Ordinal);
        Assert.NotEqual(secret, rotated.GetProperty("secret").GetString());
        Assert.Equal((0, 1, 0, 1), (deliveries.ExitCode, redelivered.ExitCode, deleted.ExitCode, again.ExitCode));
        Assert.Contains("no such delivery", redelivered.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://receiver.example/", "users.*", "url: ")]
    [InlineData("https://10.0.0.1/", "users.*", "url: ")]
    [InlineData("https://receiver.example/", "users*", "events: ")]
    public async Task A_webhook_that_cannot_be_is_refused_by_the_name_of_what_is_wrong(string url, string pattern, string named)
    {
        var result = await installed.RunAsync("webhook", "create", "--name", "x", "--url", url, "--event", pattern);

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains(named, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_is_made_once_per_address()
    {
        var user = await installed.JsonAsync("user", "create", "--email", "Ada@example.test", "--password", Password, "--verified", "--json");
        var again = await installed.RunAsync("user", "create", "--email", "ada@EXAMPLE.test", "--password", Password);

        Assert.True(user.GetProperty("email_verified").GetBoolean());
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("--email", again.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not an address", Password, "default", "--email")]
    [InlineData("short@example.test", "x", "default", "--password")]
    [InlineData("lost@example.test", Password, "nowhere", "--tenant")]
    public async Task A_user_who_cannot_be_made_is_refused_by_the_name_of_the_option(string email, string password, string tenant, string named)
    {
        var result = await installed.RunAsync("user", "create", "--email", email, "--password", password, "--tenant", tenant);

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains($"error: {named}: ", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tenant_lives_from_provision_to_delete()
    {
        var made = await installed.JsonAsync(
            "tenant", "provision", "--subdomain", "acme", "--tenant-name", "Acme", "--email", "owner@acme.test",
            "--first-name", "Wile", "--last-name", "Coyote", "--password", Password, "--json");
        var taken = await installed.RunAsync("tenant", "provision", "--subdomain", "acme", "--tenant-name", "Other", "--email", "o@acme.test");
        var people = await installed.RunAsync("user", "list", "--tenant", "acme");
        var early = await installed.RunAsync("tenant", "delete", "acme", "--confirm", "acme");
        var suspended = await installed.RunAsync("tenant", "suspend", "acme");
        var unsure = await installed.RunAsync("tenant", "delete", "acme", "--confirm", "acm");
        var deleted = await installed.RunAsync("tenant", "delete", "acme", "--confirm", "acme");
        var listed = await installed.RunAsync("tenant", "list");

        Assert.Equal("acme", made.GetProperty("slug").GetString());
        Assert.Contains("--subdomain", taken.Errors, StringComparison.Ordinal);
        Assert.Contains("owner@acme.test", people.Output, StringComparison.Ordinal);
        Assert.Equal((1, 0, 1, 0), (early.ExitCode, suspended.ExitCode, unsure.ExitCode, deleted.ExitCode));
        // Its name stays taken, so that nothing made for it can reach another.
        Assert.Contains(listed.Output.Split('\n'), line => line.StartsWith("acme ", StringComparison.Ordinal) && line.Contains(" deleted ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_first_owner_gets_a_password_where_none_is_given()
    {
        var made = await installed.RunAsync("tenant", "provision", "--subdomain", "globex", "--tenant-name", "Globex", "--email", "owner@globex.test", "--by-path");
        var given = await installed.JsonAsync(
            "tenant", "provision", "--subdomain", "initech", "--tenant-name", "Initech", "--email", "owner@initech.test", "--password", Password, "--json");

        Assert.Matches("(?m)^globex  .*/t/globex$", made.Output);
        Assert.Matches(": [a-z2-9]{5}(-[a-z2-9]{5}){3}\n$", made.Output);
        Assert.False(given.TryGetProperty("owner_password", out _));
    }

    [Fact]
    public async Task A_tenants_settings_are_set_and_shown()
    {
        await installed.RunAsync("tenant", "provision", "--subdomain", "hooli", "--tenant-name", "Hooli", "--email", "owner@hooli.test", "--password", Password);
        var file = Path.Combine(installed.Folder, "brand.json");

        var set = await installed.JsonAsync("tenant", "settings", "set", "--tenant", "hooli", "--display-name", "Hooli XYZ", "--brand-colour", "#7a1fa2", "--registration", "closed", "--json");
        await File.WriteAllTextAsync(file, set.GetProperty("brand_tokens").GetRawText(), TestContext.Current.CancellationToken);
        var byHand = await installed.RunAsync("tenant", "settings", "set", "--tenant", "hooli", "--brand-file", file);
        var plain = await installed.RunAsync("tenant", "settings", "set", "--tenant", "hooli", "--no-brand", "--registration", "open");
        var shown = await installed.JsonAsync("tenant", "settings", "show", "--tenant", "hooli", "--json");

        Assert.Equal("Hooli XYZ", set.GetProperty("display_name").GetString());
        Assert.False(set.GetProperty("registration_open").GetBoolean());
        Assert.Contains("each colour by hand", byHand.Output, StringComparison.Ordinal);
        Assert.Contains("registration  open", plain.Output, StringComparison.Ordinal);
        Assert.False(shown.TryGetProperty("brand", out _));
        Assert.Equal("Hooli XYZ", shown.GetProperty("display_name").GetString());
    }

    [Theory]
    [InlineData("brand.colour", "--brand-colour", "red")]
    [InlineData("--brand-colour, --brand-file, --no-brand", "--brand-colour", "#112233", "--no-brand")]
    [InlineData("--brand-file", "--brand-file", "/nowhere")]
    [InlineData("--registration", "--registration", "maybe")]
    [InlineData("--tenant", "--tenant", "nowhere")]
    public async Task Settings_that_cannot_be_are_refused_by_name(string named, params string[] options)
    {
        var result = await installed.RunAsync(["tenant", "settings", "set", .. options]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(named, result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Acme")]
    [InlineData("-acme")]
    [InlineData("www")]
    [InlineData("a.b")]
    public async Task A_name_that_is_no_label_or_is_reserved_makes_no_tenant(string subdomain)
    {
        var result = await installed.RunAsync("tenant", "provision", $"--subdomain={subdomain}", "--tenant-name", "x", "--email", "x@example.test");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("--subdomain", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_blueprint_is_made_its_agents_registered_attested_listed_and_stopped()
    {
        const string owner = "governor@example.test";
        await installed.RunAsync("user", "create", "--email", owner, "--password", Password, "--verified");
        var blueprint = (await installed.JsonAsync(
            "blueprint", "create", "--name", "Screeners", "--capability", "invoices:read", "--attestation-days", "30", "--max-instances", "1", "--label", "team:pay", "--json"))
            .GetProperty("blueprintId").GetString()!;
        var agent = (await installed.JsonAsync("blueprint", "register", blueprint, "--email", "screener@agents.example.test", "--owner", owner, "--label", "region:eu", "--json"))
            .GetProperty("agent_id").GetString()!;
        var full = await installed.RunAsync("blueprint", "register", blueprint, "--email", "other@agents.example.test", "--owner", owner);
        var changed = await installed.RunAsync("blueprint", "change", blueprint, "--max-instances", "none", "--agent-version", "2.0.0");
        var applied = await installed.RunAsync("blueprint", "apply", blueprint);
        var attested = await installed.RunAsync("agent", "attest", agent);
        var listed = await installed.RunAsync("agent", "list", "--label", "team:pay", "--label", "region:eu", "--blueprint", blueprint);
        var none = await installed.RunAsync("agent", "list", "--label", "region:us");
        var badLabel = await installed.RunAsync("agent", "list", "--label", "eu");
        var stopped = await installed.RunAsync("agent", "stop-all", "--blueprint", blueprint);
        var retired = await installed.RunAsync("blueprint", "retire", blueprint);
        var shown = await installed.RunAsync("blueprint", "show", blueprint);
        var graced = await installed.RunAsync("tenant", "settings", "set", "--orphan-grace", "3");

        Assert.Equal((1, 0, 0, 0, 0), (full.ExitCode, changed.ExitCode, applied.ExitCode, attested.ExitCode, retired.ExitCode));
        Assert.Contains("as many agents as it may", full.Errors, StringComparison.Ordinal);
        Assert.Contains("1 changed, 0 unchanged", applied.Output, StringComparison.Ordinal);
        Assert.StartsWith("active, attested until", attested.Output, StringComparison.Ordinal);
        Assert.Contains(agent, listed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(agent, none.Output, StringComparison.Ordinal);
        Assert.Equal((1, "1 stopped"), (badLabel.ExitCode, stopped.Output.Trim()));
        Assert.Contains("retired", shown.Output, StringComparison.Ordinal);
        Assert.Contains("after 3 days without an owner", graced.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_default_tenant_stays() => Assert.Equal(1, (await installed.RunAsync("tenant", "suspend", "default")).ExitCode);

    internal static string UrlOf(TestDatabase database)
    {
        var address = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        return $"postgresql://{Uri.EscapeDataString(address.Username!)}:{Uri.EscapeDataString(address.Password ?? "")}@localhost:{address.Port}/{address.Database}?host={Uri.EscapeDataString(address.Host!)}";
    }

    /// <summary>A migrated database and a data folder for the secrets.</summary>
    public sealed class Installation : IAsyncLifetime
    {
        private readonly TestDatabase database = new();

        public string Folder { get; } = Repository.NewFolder("operator");

        public async ValueTask InitializeAsync() => await database.InitializeAsync();

        internal Task<SignetProcess.Result> RunAsync(params string[] arguments) =>
            SignetProcess.RunAsync([("DATABASE_URL", UrlOf(database)), ("SIGNET_DATA", Folder)], arguments);

        internal async Task<JsonElement> JsonAsync(params string[] arguments)
        {
            var result = await RunAsync(arguments);
            Assert.Equal((0, ""), (result.ExitCode, result.Errors));
            return JsonDocument.Parse(result.Output).RootElement;
        }

        public async ValueTask DisposeAsync()
        {
            await database.DisposeAsync();
            Directory.Delete(Folder, recursive: true);
        }
    }
}
