using System.Text.Json;
using Signet.Server.Settings;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Cli;

/// <summary><c>signet check</c>, and that <c>serve</c> refuses what it names.</summary>
public sealed class CheckTests : IDisposable
{
    private readonly string folder = Repository.NewFolder("check");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task It_prints_every_setting_with_its_source()
    {
        var file = Path.Combine(folder, "roles");
        await File.WriteAllTextAsync(file, "web\n", TestContext.Current.CancellationToken);

        var result = await SignetProcess.RunAsync(
            [("SIGNET_SCHEMA", "elsewhere"), ("SIGNET_ROLES_FILE", file), ("SIGNET_LOG_LEVEL", "")], "check", "--json", "--data", folder);

        Assert.Equal(0, result.ExitCode);
        var settings = Settings(result);
        Assert.Equal(KnownSettings.All.Select(setting => setting.Name), settings.Keys);
        Assert.Equal((folder, "option"), settings["SIGNET_DATA"]);
        Assert.Equal(("elsewhere", "environment"), settings["SIGNET_SCHEMA"]);
        Assert.Equal(("web", "file"), settings["SIGNET_ROLES"]);
        Assert.Equal(("information", "default"), settings["SIGNET_LOG_LEVEL"]);
    }

    [Fact]
    public async Task A_variable_wins_over_its_file_and_an_option_over_both()
    {
        var file = Path.Combine(folder, "data");
        await File.WriteAllTextAsync(file, "/from/file", TestContext.Current.CancellationToken);
        (string, string)[] both = [("SIGNET_DATA", "/from/environment"), ("SIGNET_DATA_FILE", file)];

        var withoutOption = Settings(await SignetProcess.RunAsync(both, "check", "--json"));
        var withOption = Settings(await SignetProcess.RunAsync(both, "check", "--json", "--data", "/from/option"));

        Assert.Equal(("/from/environment", "environment"), withoutOption["SIGNET_DATA"]);
        Assert.Equal(("/from/option", "option"), withOption["SIGNET_DATA"]);
    }

    [Fact]
    public async Task It_shows_no_secret()
    {
        var result = await SignetProcess.RunAsync(
            [
                ("DATABASE_URL", "postgresql://u:hunter22@db/signet"), ("DATABASE_OWNER_URL", "postgresql://o:hunter22@db/signet"),
                ("REDIS_URL", "redis://:hunter22@cache:6379"),
            ],
            "check");

        Assert.Equal(0, result.ExitCode);
        Assert.DoesNotContain("hunter22", result.Output + result.Errors, StringComparison.Ordinal);
        Assert.Contains("(set)", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_warns_of_proxies_that_are_half_the_internet()
    {
        var result = await SignetProcess.RunAsync([("TRUSTED_PROXIES", "0.0.0.0/0")], "check");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("warning: TRUSTED_PROXIES: ", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_a_fault_and_never_a_default()
    {
        var result = await SignetProcess.RunAsync([("DATABASE_URL_FILE", Path.Combine(folder, "absent"))], "check");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("error: DATABASE_URL_FILE: ", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SIGNET_LISTEN", "x")]
    [InlineData("SIGNET_PUBLIC_URL", "http://id.example.com")]
    [InlineData("SIGNET_ROLES", "cook")]
    [InlineData("DATABASE_URL", "mysql://u:hunter22@db/x")]
    [InlineData("TRUSTED_PROXIES", "proxy")]
    [InlineData("SIGNET_DATABASE_POOL", "0")]
    public async Task A1_Serve_stops_at_a_wrong_setting_with_its_name(string name, string value)
    {
        var result = await SignetProcess.RunAsync([(name, value)], "serve", "--data", folder);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"error: {name}: ", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter22", result.Output + result.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    private static Dictionary<string, (string Value, string Source)> Settings(SignetProcess.Result result) =>
        JsonDocument.Parse(result.Output).RootElement.GetProperty("settings").EnumerateArray()
            .ToDictionary(row => row.GetProperty("name").GetString()!, row => (row.GetProperty("value").GetString()!, row.GetProperty("source").GetString()!));
}
