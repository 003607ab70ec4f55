using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Signet.Platform.Http;
using Signet.Platform.Telemetry;
using Xunit;

namespace Server.Tests.Platform.Telemetry;

public sealed partial class LogTests
{
    private const string Hidden = "s3cr3t-value";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_line_carries_the_reference_the_tenant_and_the_trace_of_its_request()
    {
        using var logs = new CapturedLogs(new JsonLog(TimeProvider.System));
        await using var app = await StartAsync(logs, routes => routes.MapGet("/", (HttpContext context, ILoggerFactory loggers) =>
        {
            RequestId.Of(context).Tenant = "acme";
            SignedIn(loggers.CreateLogger("Signet.Tests"), 7);
        }));

        using var response = await app.Client.GetAsync("/", Ct);

        var line = JsonDocument.Parse(Assert.Single(logs.LinesOf("Signet.Tests"))).RootElement;
        Assert.Equal("info", line.GetProperty("level").GetString());
        Assert.Equal("Signet.Tests", line.GetProperty("category").GetString());
        Assert.Equal("Signed in 7", line.GetProperty("message").GetString());
        Assert.Equal("acme", line.GetProperty("tenant").GetString());
        Assert.Equal("7", line.GetProperty("fields").GetProperty("UserId").GetString());
        Assert.Equal(response.Headers.GetValues("X-Request-Id").Single(), line.GetProperty("request_id").GetString());
        Assert.Matches("^[0-9a-f]{32}$", line.GetProperty("trace_id").GetString());
        Assert.True(line.TryGetProperty("timestamp", out _));
    }

    [Fact]
    public async Task The_trace_of_a_request_is_not_its_callers_and_goes_on_in_a_job()
    {
        const string CallersTrace = "0af7651916cd43dd8448eb211c80319c";
        using var logs = new CapturedLogs(new JsonLog(TimeProvider.System));
        using var jobs = new System.Diagnostics.ActivitySource("Signet.Tests.Jobs");
        await using var app = await StartAsync(logs, routes => routes.MapGet("/", (ILoggerFactory loggers) =>
        {
            var log = loggers.CreateLogger("Signet.Tests");
            log.LogInformation("in the request");
            var row = System.Diagnostics.Activity.Current?.Id;
            System.Diagnostics.Activity.Current = null;
            using var job = jobs.StartActivity("job", System.Diagnostics.ActivityKind.Consumer, row);
            log.LogInformation("in the job");
        }));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("traceparent", $"00-{CallersTrace}-b7ad6b7169203331-01");

        using var response = await app.Client.SendAsync(request, Ct);

        var traces = logs.LinesOf("Signet.Tests").Select(line => JsonDocument.Parse(line).RootElement.GetProperty("trace_id").GetString()).ToList();
        Assert.Equal(2, traces.Count);
        Assert.Equal(traces[0], traces[1]);
        Assert.NotEqual(CallersTrace, traces[0]);
    }

    [Theory]
    [InlineData(LogLevel.Trace)]
    [InlineData(LogLevel.Information)]
    public async Task No_header_cookie_query_or_body_reaches_the_log_at_any_level(LogLevel level)
    {
        using var logs = new CapturedLogs(new JsonLog(TimeProvider.System));
        await using var app = await StartAsync(
            logs,
            routes =>
            {
                routes.MapGet("/bug", string () => throw new InvalidOperationException("A bug."));
                routes.MapPost("/person", (Dictionary<string, int> body) => body.Count);
                routes.MapGet("/number", (int many) => many);
                routes.MapGet("/ok", () => "fine");
            },
            level);
        foreach (var path in new[] { $"/bug?code={Hidden}", $"/number?many={Hidden}", $"/ok?state={Hidden}", $"/nothing?token={Hidden}", $"/person?x={Hidden}" })
        {
            using var request = new HttpRequestMessage(path.StartsWith("/person", StringComparison.Ordinal) ? HttpMethod.Post : HttpMethod.Get, path);
            request.Content = new StringContent($$"""{"{{Hidden}}":"{{Hidden}}"}""", Encoding.UTF8, "application/json");
            request.Headers.Add("Authorization", $"Bearer {Hidden}");
            request.Headers.Add("Cookie", $"session={Hidden}");
            request.Headers.Add("DPoP", Hidden);
            request.Headers.Add("X-Anything", Hidden);
            using var response = await app.Client.SendAsync(request, Ct);
        }

        Assert.Contains(logs.Lines, line => line.Contains("\"route\"", StringComparison.OrdinalIgnoreCase) && line.Contains("/bug", StringComparison.Ordinal));
        Assert.DoesNotContain(logs.Lines, line => line.Contains(Hidden, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_client_that_goes_away_in_the_middle_is_no_error()
    {
        using var logs = new CapturedLogs(new JsonLog(TimeProvider.System));
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (var app = await StartAsync(logs, routes => routes.MapGet("/events", async (HttpContext context) =>
        {
            try
            {
                await context.Response.WriteAsync("first", Ct);
                await context.Response.Body.FlushAsync(Ct);
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }
            finally
            {
                ended.SetResult();
            }
        })))
        {
            using (await app.Client.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead, Ct))
            {
                // Leaves without reading on.
            }

            await ended.Task.WaitAsync(Ct);
        }

        Assert.DoesNotContain(logs.Lines, line => line.Contains("\"level\":\"error\"", StringComparison.Ordinal));
    }

    [Fact]
    public void A_secret_shows_itself_nowhere()
    {
        var secret = new Secret(Hidden);

        var json = Write(new JsonLog(TimeProvider.System), LogLevel.Information, $"Key {secret}", null);

        Assert.Contains("[secret]", json, StringComparison.Ordinal);
        Assert.DoesNotContain(Hidden, json, StringComparison.Ordinal);
        Assert.Equal("\"[secret]\"", JsonSerializer.Serialize(secret));
        Assert.Equal(Hidden, secret.Reveal());
        Assert.Equal(secret, JsonSerializer.Deserialize<Secret>($"\"{Hidden}\""));
        Assert.NotEqual(secret, new Secret("another"));
    }

    [Fact]
    public void A_message_cannot_forge_a_second_line()
    {
        const string Message = "one\r\n{\"level\":\"info\",\"message\":\"forged\"}\u001b[31m";

        var json = Write(new JsonLog(TimeProvider.System), LogLevel.Warning, Message, null);
        var plain = Write(new PlainLog(TimeProvider.System), LogLevel.Warning, Message, null);

        Assert.Single(json.TrimEnd().Split('\n'));
        Assert.Equal(Message, JsonDocument.Parse(json).RootElement.GetProperty("message").GetString());
        Assert.Single(plain.TrimEnd().Split('\n'));
        Assert.DoesNotContain('\u001b', plain);
    }

    [Theory]
    [InlineData(LogLevel.Warning, false)]
    [InlineData(LogLevel.Error, true)]
    public void An_exceptions_text_is_for_errors_only(LogLevel level, bool detailed)
    {
        var json = Write(new JsonLog(TimeProvider.System), level, "It failed", new InvalidOperationException("the text"));

        var exception = JsonDocument.Parse(json).RootElement.GetProperty("exception");
        Assert.Equal("System.InvalidOperationException", exception.GetProperty("type").GetString());
        Assert.Equal(detailed, exception.TryGetProperty("detail", out _));
    }

    [LoggerMessage(LogLevel.Information, "Signed in {UserId}")]
    private static partial void SignedIn(ILogger log, int userId);

    private static Task<SmallApp> StartAsync(CapturedLogs logs, Action<WebApplication> map, LogLevel level = LogLevel.Information) =>
        SmallApp.StartAsync(map, build: builder =>
        {
            builder.Services.AddTelemetry(new TelemetryOptions(null, null, "test", JsonLogs: true, level));
            builder.Logging.ClearProviders().AddProvider(logs);
        });

    private static string Write(ConsoleFormatter formatter, LogLevel level, string message, Exception? exception)
    {
        var text = new StringWriter();
        formatter.Write(new LogEntry<string>(level, "Signet.Tests", default, message, exception, (state, _) => state), null, text);
        return text.ToString();
    }
}
