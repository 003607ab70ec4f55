using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Signet.Platform.Cache;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Platform.Telemetry;

/// <summary>The six metrics that dashboards are built on (AG-A13): names, kinds, labels, edges, and that no caller makes series.</summary>
public sealed class BaseMetricsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A13_The_six_have_their_names_kinds_labels_and_edges()
    {
        await using var redis = await RedisProcess.StartNewAsync(Ct);
        Assert.True(RedisAddress.TryParse(redis.Url, out var address));
        await using var signet = await TestSignet.StartAsync(configure: settings => settings with { Redis = address });
        var key = await signet.CreateApiKeyAsync(Role.Owner);
        var agent = await signet.RegisterAgentAsync(key);
        await signet.PostAsync("/oauth2/token", agent, [("grant_type", "client_credentials")]);
        await signet.CreateUserAsync();
        // Limits are counted in Redis as soon as it is connected.
        await Until.TrueAsync(async () =>
        {
            await signet.CallAsync(HttpMethod.Post, "/api/v1/leaked-secrets", body: new { Secret = "nothing" });
            return (await signet.MetricsAsync()).Contains("signet_redis_command_duration_seconds", StringComparison.Ordinal);
        }, Ct);

        var text = await signet.MetricsAsync();

        (string Name, string Kind, string[] Labels)[] six =
        [
            ("signet_tokens_issued_total", "counter", ["scope"]),
            ("signet_agents_registered_total", "counter", ["deployment_env"]),
            ("signet_http_requests_total", "counter", ["method", "route", "status_code"]),
            ("signet_http_request_duration_seconds", "histogram", ["method", "route", "status_code"]),
            ("signet_db_query_duration_seconds", "histogram", ["operation"]),
            ("signet_redis_command_duration_seconds", "histogram", ["command"]),
        ];
        foreach (var (name, kind, labels) in six)
        {
            Assert.Contains($"# TYPE {name} {kind}\n", text, StringComparison.Ordinal);
            var series = Regex.Matches(text, $@"^{name}(_bucket)?\{{(?<labels>[^}}]*)\}}", RegexOptions.Multiline | RegexOptions.ExplicitCapture);
            Assert.NotEmpty(series);
            Assert.All(series, one => Assert.Equal(
                labels, Regex.Matches(one.Groups["labels"].Value, "(?<name>\\w+)=\"", RegexOptions.ExplicitCapture).Select(label => label.Groups["name"].Value).Where(label => label != "le").Order()));
        }

        Assert.Equal(["0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "+Inf"], EdgesOf("signet_http_request_duration_seconds"));
        Assert.Equal(["0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "+Inf"], EdgesOf("signet_db_query_duration_seconds"));
        Assert.Equal(["0.0005", "0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "+Inf"], EdgesOf("signet_redis_command_duration_seconds"));

        IEnumerable<string> EdgesOf(string name) =>
            Regex.Matches(text, $"^{name}_bucket\\{{[^}}]*le=\"(?<edge>[^\"]+)\"", RegexOptions.Multiline | RegexOptions.ExplicitCapture).Select(edge => edge.Groups["edge"].Value).Distinct();
    }

    [Fact]
    public async Task A13_Two_ids_are_one_series_and_addresses_nobody_serves_are_one()
    {
        await using var signet = await TestSignet.StartAsync();
        var key = await signet.CreateApiKeyAsync(Role.Owner);
        foreach (var agent in new[] { await signet.RegisterAgentAsync(key), await signet.RegisterAgentAsync(key) })
        {
            await signet.CallAsync(HttpMethod.Get, $"/api/v1/agents/{agent.Id}", key);
        }

        for (var number = 0; number < 20; number++)
        {
            await signet.CallAsync(HttpMethod.Get, $"/nowhere-{number}/{Guid.NewGuid()}");
        }

        var routes = Regex.Matches(await signet.MetricsAsync(), "^signet_http_requests_total\\{[^}]*route=\"(?<route>[^\"]*)\"", RegexOptions.Multiline | RegexOptions.ExplicitCapture);

        Assert.Contains(routes, route => route.Groups["route"].Value == "/api/v1/agents/:id");
        Assert.DoesNotContain(routes, route => route.Groups["route"].Value.Contains("nowhere", StringComparison.Ordinal) || route.Groups["route"].Value.Contains('{', StringComparison.Ordinal));
        Assert.DoesNotContain(routes, route => Regex.IsMatch(route.Groups["route"].Value, "[0-9a-f]{8}-[0-9a-f]{4}"));
    }

    [Fact]
    public async Task A13_Scopes_of_others_are_one_series_whatever_they_are_called()
    {
        await using var signet = await TestSignet.StartAsync();
        var key = await signet.CreateApiKeyAsync(Role.Owner);
        for (var number = 0; number < 5; number++)
        {
            var agent = await signet.RegisterAgentAsync(key, "agents:read", $"strange-{number}:read");
            await signet.PostAsync("/oauth2/token", agent, [("grant_type", "client_credentials")]);
        }

        var scopes = Regex.Matches(await signet.MetricsAsync(), "^signet_tokens_issued_total\\{scope=\"(?<scope>[^\"]*)\"\\}", RegexOptions.Multiline | RegexOptions.ExplicitCapture).Select(scope => scope.Groups["scope"].Value).ToList();

        Assert.Contains("agents:read", scopes);
        Assert.Contains("other", scopes);
        Assert.DoesNotContain(scopes, scope => scope.StartsWith("strange", StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_a_token_set_metrics_ask_for_it_and_give_them_through_a_proxy_too()
    {
        await using var signet = await TestSignet.StartAsync(configure: settings => settings with { MetricsToken = "a-token-of-the-scraper" });

        var none = await AskAsync(null);
        var wrong = await AskAsync("another-token-of-it");
        var right = await AskAsync("a-token-of-the-scraper");

        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.OK], [none.Status, wrong.Status, right.Status]);
        Assert.StartsWith("Bearer", none.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        Assert.Contains("signet_http_requests_total", right.Text, StringComparison.Ordinal);

        Task<TestAnswer> AskAsync(string? token)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, signet.At("/metrics"));
            request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
            return signet.SendAsync(request);
        }
    }
}
