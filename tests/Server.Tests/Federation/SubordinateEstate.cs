using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Signet.Jose;
using Signet.OpenIdFederation;
using Signet.OpenIdFederation.Statements;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Federation;

/// <summary>A trust anchor, entities of other people, and what is done with both.</summary>
public abstract class SubordinateEstate : IAsyncDisposable
{
    protected const string Path = "/api/v1/subordinates";

    protected TestSignet Server { get; private set; } = null!;

    private protected Anchor Superior { get; private set; } = null!;

    private protected TestEntities Entities { get; private set; } = null!;

    protected async Task OpenAsync(TestSignet server)
    {
        Server = server;
        Superior = await Anchor.StartAsync(server);
        Entities = await TestEntities.StartAsync(server.Clock);
    }

    public virtual async ValueTask DisposeAsync()
    {
        await Entities.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected async Task<TestAnswer> EnrolAsync(TestEntity entity, params (string Name, object Value)[] more)
    {
        var answer = await Superior.CallAsync(HttpMethod.Post, Path, Body(entity, more));
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Text);
        return answer;
    }

    private protected static Dictionary<string, object> Body(TestEntity entity, params (string Name, object Value)[] more)
    {
        var body = new Dictionary<string, object> { ["entityid"] = entity.Id.Value };
        foreach (var (name, value) in more)
        {
            body[name] = value;
        }

        return body;
    }

    protected Task<TestAnswer> ActAsync(string id, string act, string? reason) =>
        Superior.CallAsync(HttpMethod.Post, $"{Path}/{id}/{act}", reason is null ? "{}" : new { reason });

    protected Task<TestAnswer> PatchAsync(string id, string tag, object body)
    {
        var request = new HttpRequestMessage(HttpMethod.Patch, Server.At($"{Path}/{id}")) { Content = TestAnswer.JsonOf(body) };
        request.Headers.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", Superior.Key);
        request.Headers.TryAddWithoutValidation("If-Match", tag);
        return Server.SendAsync(request);
    }

    private protected async Task<EntityStatement> StatementAsync(TestEntity entity)
    {
        var served = await Server.CallAsync(HttpMethod.Get, FetchPath(entity));
        var read = EntityStatement.TryReadSubordinate(served.Text, await Superior.ConfigurationAsync(), entity.Id, Server.Clock.GetUtcNow(), FederationRules.Standard, out var fault);
        Assert.True(read is not null, fault?.Detail ?? served.Text);
        return read;
    }

    protected async Task<IReadOnlyList<string>> ListAsync(string query = "") =>
        [.. (await Server.CallAsync(HttpMethod.Get, $"/list{query}")).Json.EnumerateArray().Select(one => one.GetString()!)];

    // As everybody reads it; the signature is the entity's.
    private protected async Task<IReadOnlyList<string>> HistoryAsync(TestEntity entity)
    {
        var answer = await Server.CallAsync(HttpMethod.Get, $"/subordinate_events?sub={Uri.EscapeDataString(entity.Id.Value)}");
        Assert.Equal("application/entity-events-statement+jwt", answer.Headers["Content-Type"]);
        var claims = JsonElement.Parse(Base64Url.DecodeFromChars(answer.Text.Split('.')[1]));
        Assert.Equal(Superior.Id.Value, claims.GetProperty("iss").GetString());
        return [.. claims.GetProperty("federation_registration_events").EnumerateArray().Select(one => one.GetProperty("event").GetString()!)];
    }

    private protected static string FetchPath(TestEntity entity) => $"/fetch?sub={Uri.EscapeDataString(entity.Id.Value)}";

    protected static Task RedirectAsync(HttpContext context, string url)
    {
        context.Response.Redirect(url);
        return Task.CompletedTask;
    }

    protected static Task StatusAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    protected static Task WriteAsync(HttpContext context, string text)
    {
        context.Response.ContentType = "application/entity-statement+jwt";
        return context.Response.WriteAsync(text);
    }

    private protected static string KeysOf(TestEntity entity) => ClaimsOf(entity)["jwks"]!.ToJsonString();

    private protected static JsonObject ClaimsOf(TestEntity entity) =>
        JsonNode.Parse(Base64Url.DecodeFromChars(entity.Configuration().Split('.')[1]))!.AsObject();

    private protected static string Resigned(TestEntity entity, Action<JsonObject> change)
    {
        var claims = ClaimsOf(entity);
        change(claims);
        return Jws.SignCompact(entity.Key, JwtTypes.EntityStatement, Encoding.UTF8.GetBytes(claims.ToJsonString()));
    }
}
