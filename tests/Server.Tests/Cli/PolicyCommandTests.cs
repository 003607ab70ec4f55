using System.Diagnostics;
using System.Text.Json;
using Server.Tests.Policy;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Cli;

/// <summary><c>signet policy check</c>, a server that refuses to start on a bad policy, and one that reads it again when it is told by a signal.</summary>
public sealed class PolicyCommandTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Check_prints_the_built_in_rules_where_there_are_no_others()
    {
        var result = await SignetProcess.RunAsync("policy", "check", "--json");

        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.Contains(JsonDocument.Parse(result.Output).RootElement.EnumerateArray(), rule => rule.GetProperty("path").GetString() == "/api/v1/users/{id}");
    }

    [Fact]
    public async Task Check_reads_a_folder_by_option_and_by_setting()
    {
        using var file = new PolicyFile("""{"GET /agents/{id}": ["agents:read"], "POST /agents": []}""");

        var byOption = await SignetProcess.RunAsync([("OPA_URL", "http://127.0.0.1:1")], "policy", "check", "--dir", file.Folder);
        var bySetting = await SignetProcess.RunAsync([("POLICY_DIR", file.Folder)], "policy", "check");

        Assert.Equal((0, ""), (byOption.ExitCode, byOption.Errors));
        Assert.Equal(["POST  /agents       -", "GET   /agents/{id}  agents:read", "2 rules", ""], byOption.Output.Split('\n'));
        Assert.Equal(byOption.Output, bySetting.Output);
    }

    [Fact]
    public async Task Check_says_what_is_wrong_with_a_folder()
    {
        using var file = new PolicyFile("""{"GET /agents/": []}""");

        var result = await SignetProcess.RunAsync("policy", "check", "--dir", file.Folder);

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("error: POLICY_DIR: ", result.Errors, StringComparison.Ordinal);
        Assert.Contains("\"GET /agents/\"", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_asks_opa_whether_it_answers()
    {
        await using var opa = await TableOpa.StartAsync(200, """{"result":{"allow":false}}""");
        await using var empty = await TableOpa.StartAsync(200, "{}");

        var good = await SignetProcess.RunAsync([("OPA_URL", opa.Url.ToString())], "policy", "check");
        var bad = await SignetProcess.RunAsync([("OPA_URL", empty.Url.ToString())], "policy", "check");

        Assert.Equal((0, ""), (good.ExitCode, good.Errors));
        Assert.Equal(1, bad.ExitCode);
        Assert.StartsWith("error: OPA_URL: ", bad.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("scopes.json", "data/scopes.json")]
    [InlineData("authz.wasm", "OPA_URL")]
    public async Task A_server_does_not_start_on_a_folder_it_can_not_use(string wrong, string said)
    {
        using var file = new PolicyFile(wrong == "scopes.json" ? "{}" : DecisionTable.Policy);
        await File.WriteAllTextAsync(Path.Combine(file.Folder, wrong), "", Ct);
        await using var database = await TestDatabase.CreateAsync();

        var result = await SignetProcess.RunAsync(
            [("DATABASE_URL", OperatorTests.UrlOf(database)), ("SIGNET_DATA", file.Folder), ("POLICY_DIR", file.Folder), ("SIGNET_LISTEN", "127.0.0.1:0")], "serve");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("error: POLICY_DIR: ", result.Errors, StringComparison.Ordinal);
        Assert.Contains(said, result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("is ready", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A12_A_hangup_reads_the_policy_again_and_ends_nothing()
    {
        using var file = new PolicyFile("""{"GET /agents": []}""");
        await using var database = await TestDatabase.CreateAsync();
        var lines = new List<string>();
        using var server = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "signet.dll"), "serve"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
                Environment =
                {
                    ["DATABASE_URL"] = OperatorTests.UrlOf(database),
                    ["SIGNET_DATA"] = file.Folder,
                    ["POLICY_DIR"] = file.Folder,
                    ["SIGNET_LISTEN"] = "127.0.0.1:0",
                    ["SIGNET_LOG_FORMAT"] = "text",
                },
            },
        };
        DataReceivedEventHandler keep = (_, line) =>
        {
            lock (lines)
            {
                lines.Add(line.Data ?? "");
            }
        };
        server.OutputDataReceived += keep;
        server.ErrorDataReceived += keep;
        server.Start();
        try
        {
            server.BeginOutputReadLine();
            server.BeginErrorReadLine();
            await Until.TrueAsync(() => Said(lines, "is ready") || (server.HasExited ? throw new InvalidOperationException(string.Join('\n', lines)) : false), Ct);

            file.Write("""{"GET /agents": [], "GET /agents/{id}": [], "GET /agents/{id}/keys": []}""");
            await HangUpAsync(server);
            await Until.TrueAsync(async () => await ActionsAsync(database) is ["policy.reloaded"], Ct);

            file.Write("{}");
            await HangUpAsync(server);
            await Until.TrueAsync(async () => await ActionsAsync(database) is ["policy.reloaded", "policy.reload_failed"], Ct);
            Assert.False(server.HasExited);
            Assert.True(Said(lines, "loaded anew: 3 rules"));
            Assert.True(Said(lines, "the old one holds"));
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static bool Said(List<string> lines, string text)
    {
        lock (lines)
        {
            return lines.Exists(line => line.Contains(text, StringComparison.Ordinal));
        }
    }

    // What a node found by itself is recorded as the system's.
    private static Task<List<string>> ActionsAsync(TestDatabase database) => database.Db().InTenantAsync(
        Signet.Platform.Data.TenantId.Default,
        tx => tx.ListAsync<string>("select action from audit_events where target_kind = 'policy' and actor_kind = 'operator' order by id", new { }, Ct), Ct);

    private static async Task HangUpAsync(Process server)
    {
        using var kill = Process.Start("kill", ["-HUP", $"{server.Id}"]);
        await kill.WaitForExitAsync(Ct);
    }
}
