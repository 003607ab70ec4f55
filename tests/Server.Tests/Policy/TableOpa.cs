using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Server.Tests.Platform;

namespace Server.Tests.Policy;

/// <summary>
/// Stands where OPA stands: a real HTTP server that takes exactly OPA's request for <c>data.signet.authz</c> and answers from the table's own column,
/// not by any engine of ours. Other answers are for tests of what goes wrong.
/// </summary>
internal sealed class TableOpa : IAsyncDisposable
{
    private readonly SmallApp server;

    private TableOpa(SmallApp server) => this.server = server;

    public Uri Url => server.Address;

    public static Task<TableOpa> StartAsync() => StartAsync(AnswerAsync);

    /// <summary>One that gives this answer, whatever it is asked.</summary>
    public static Task<TableOpa> StartAsync(int status, string body) => StartAsync(async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body);
    });

    public static async Task<TableOpa> StartAsync(RequestDelegate answer) =>
        new(await SmallApp.StartAsync(app => app.MapFallback("{**path}", answer)));

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private static async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        if (request is not { Method: "POST", Path.Value: "/v1/data/signet/authz", QueryString.HasValue: false, ContentType: "application/json" })
        {
            context.Response.StatusCode = (int)HttpStatusCode.NotFound;
            return;
        }

        using var body = await JsonDocument.ParseAsync(request.Body);
        var input = body.RootElement.GetProperty("input");
        var members = input.EnumerateObject().Select(member => member.Name).Order();
        var row = DecisionTable.Rows.SingleOrDefault(row =>
            row.Method == input.GetProperty("method").GetString()
            && row.Path == input.GetProperty("path").GetString()
            && row.AgentId == input.GetProperty("agentId").GetString()
            && row.Scopes == string.Join(' ', input.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString())));
        if (row is null || body.RootElement.EnumerateObject().Count() != 1 || !members.SequenceEqual(["agentId", "method", "path", "scopes"]))
        {
            context.Response.StatusCode = (int)HttpStatusCode.BadRequest;
            return;
        }

        await context.Response.WriteAsJsonAsync(new { result = new { allow = row.Reason is null, reason = row.Reason ?? "" } });
    }
}
