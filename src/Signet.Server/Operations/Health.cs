using System.Text.Json;
using Signet.Platform.Data;

namespace Signet.Server.Operations;

/// <summary>
/// <c>/health</c> tells whether this node can serve, <c>/healthz</c> the same for orchestrators, <c>/health/live</c> only that the process answers.
/// Nothing about versions or addresses: anybody may ask.
/// </summary>
public static class Health
{
    public static void Map(RouteGroupBuilder probes)
    {
        probes.MapGet("/health", (RequestDelegate)ReadyAsync);
        probes.MapGet("/healthz", (RequestDelegate)ReadyAsync);
        probes.MapGet("/health/live", (RequestDelegate)(context => WriteAsync(context, StatusCodes.Status200OK, ("status", "ok"))));
    }

    private static async Task ReadyAsync(HttpContext context)
    {
        var probes = context.RequestServices.GetRequiredService<HealthProbes>();
        var postgres = await probes.Postgres.CheckAsync(context.RequestAborted);
        var redis = await probes.Redis.CheckAsync(context.RequestAborted);
        // Redis is an accelerator: without it the node serves on.
        var ready = postgres is Platform.Telemetry.Health.Connected;
        await WriteAsync(
            context, ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable,
            ("status", ready ? "ok" : "error"), ("postgres", SnakeCase.Of(postgres)), ("redis", SnakeCase.Of(redis)));
    }

    private static async Task WriteAsync(HttpContext context, int status, params (string Name, string Value)[] members)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        foreach (var (name, value) in members)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
    }
}
