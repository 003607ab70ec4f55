using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Agents;

/// <summary>The commands of the runbooks, as they stand there, do what the runbooks say.</summary>
public sealed partial class RunbookTests(TestSignet signet) : IClassFixture<TestSignet>, IAsyncLifetime
{
    private string key = null!;
    private TestClient agent = null!;
    private string token = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Today => signet.Clock.GetUtcNow().ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    public async ValueTask InitializeAsync()
    {
        key = await signet.CreateApiKeyAsync(Role.Owner);
        agent = await signet.RegisterAgentAsync(key);
        signet.Clock.Advance(TimeSpan.FromSeconds(1));
        token = await TokenAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A9_A_compromised_agent_is_suspended_and_loses_its_credentials_and_tokens()
    {
        var steps = Read("compromised-agent.md");
        Assert.Equal(4, steps.Count);
        Assert.Equal("200", await RunAsync(steps[3]));

        await RunAsync(steps[0]);
        Assert.Equal("401", await RunAsync(steps[3]));
        await RunAsync(steps[1]);
        var events = await RunAsync(steps[2]);

        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync()).Status);
        await signet.CallAsync(HttpMethod.Patch, $"/api/v1/agents/{agent.Id}", key, new { status = "active" });
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync()).Status);
        Assert.Equal("401", await RunAsync(steps[3]));
        Assert.Equal(
            ["credential.revoked", "agent.suspended", "token.issued"], events.Split('\n').Take(3).Select(line => line.Split('\t')[1]));
    }

    [Fact]
    public async Task A10_A_key_is_rotated_without_signing_anybody_out_and_the_old_one_ends_at_once_when_it_is_dropped()
    {
        var steps = Read("rotate-signing-key.md");
        Assert.Equal(3, steps.Count);

        await RunAsync(steps[0]);
        var fresh = await TokenAsync();
        var states = (await RunAsync(steps[1])).Split('\n').Select(line => line.Split('\t')[1]);

        Assert.Contains("active", states);
        Assert.Contains("retiring", states);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await UseAsync(token), await UseAsync(fresh)));

        await RunAsync(steps[2]);

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await UseAsync(token), await UseAsync(fresh)));
    }

    [Fact]
    public async Task Health_is_asked_for()
    {
        foreach (var step in Read("health-check.md"))
        {
            await RunAsync(step);
        }
    }

    [Fact]
    public async Task An_incident_is_read_and_the_record_verified()
    {
        var steps = Read("incident-audit.md");
        Assert.Equal(3, steps.Count);
        signet.Clock.Advance(TimeSpan.FromSeconds(1));
        await signet.PostAsync("/oauth2/token", agent with { Secret = "sgt_as_nothing" }, [("grant_type", "client_credentials")]);

        Assert.Contains("wrong_secret", await RunAsync(steps[0]), StringComparison.Ordinal);
        Assert.Contains("auth.failed", await RunAsync(steps[1]), StringComparison.Ordinal);
        Assert.Matches("^[1-9][0-9]*$", await RunAsync(steps[2]));
    }

    [GeneratedRegex(@"^```sh\n(?<script>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Block();

    private static List<string> Read(string runbook) =>
        [.. Block().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "runbooks", runbook))).Select(match => match.Groups["script"].Value)];

    private Task<TestAnswer> AskAsync() => signet.PostAsync("/oauth2/token", agent, [("grant_type", "client_credentials")]);

    private async Task<string> TokenAsync() => (await AskAsync())["access_token"];

    private async Task<HttpStatusCode> UseAsync(string bearer) => (await signet.CallAsync(HttpMethod.Get, $"/api/v1/agents/{agent.Id}", bearer)).Status;

    // The agent's tokens are signed with the algorithm it was registered with.
    private string Algorithm => System.Text.Json.JsonDocument.Parse(
        System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[0])).RootElement.GetProperty("alg").GetString()!;

    /// <summary>What the commands print; they must succeed.</summary>
    private async Task<string> RunAsync(string script)
    {
        // Events of one moment have no order.
        signet.Clock.Advance(TimeSpan.FromSeconds(1));
        using var shell = new Process
        {
            StartInfo = new ProcessStartInfo("bash", ["-c", script]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true },
        };
        foreach (var (name, value) in (IEnumerable<(string, string)>)
            [("SIGNET", signet.Address), ("KEY", key), ("AGENT", agent.Id), ("TOKEN", token), ("SINCE", Today), ("UNTIL", Today), ("ALGORITHM", Algorithm)])
        {
            shell.StartInfo.Environment[name] = value;
        }

        shell.Start();
        var (output, errors) = (shell.StandardOutput.ReadToEndAsync(Ct), shell.StandardError.ReadToEndAsync(Ct));
        await shell.WaitForExitAsync(Ct);
        Assert.True(shell.ExitCode == 0, $"{script}\n{await output}{await errors}");
        return (await output).Trim();
    }
}
