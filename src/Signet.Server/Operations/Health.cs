using System.Text.Json;
using Signet.Platform.Cache;
using Signet.Platform.Data;

namespace Signet.Server.Operations;

/// <summary>
/// <c>/health</c> tells whether this node can serve, <c>/healthz</c> the same for orchestrators, <c>/health/live</c> only that the process answers.
/// Nothing about versions or addresses: anybody may ask.
/// </summary>
public static class Health
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static void Map(RouteGroupBuilder probes)
    {
        probes.MapGet("/health", (RequestDelegate)ReadyAsync);
        probes.MapGet("/healthz", (RequestDelegate)ReadyAsync);
        probes.MapGet("/health/live", (RequestDelegate)(context => WriteAsync(context, StatusCodes.Status200OK, ("status", "ok"))));
    }

    private static async Task ReadyAsync(HttpContext context)
    {
        var postgres = await AnswersAsync(context.RequestServices.GetRequiredService<Db>(), context.RequestAborted) ? "connected" : "error";
        var redis = SnakeCase.Of(context.RequestServices.GetRequiredService<RedisConnection>().Status);
        // Redis is an accelerator: without it the node serves on.
        var ready = postgres == "connected";
        await WriteAsync(
            context, ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable,
            ("status", ready ? "ok" : "error"), ("postgres", postgres), ("redis", redis));
    }

    private static async Task<bool> AnswersAsync(Db db, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            return await db.ListInTenantAsync<int>(TenantId.Default, "select 1", null, patience.Token) is [1];
        }
        catch (Exception failure) when (failure is Npgsql.NpgsqlException or OperationCanceledException or TimeoutException)
        {
            return false;
        }
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
