using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Server.Tests.Platform;
using Signet.Testing;

namespace Server.Tests.Webhooks;

/// <summary>Somebody else's server: keeps what it is sent and answers as the test says.</summary>
public sealed class Receiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<Received> all = new();
    private readonly TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SmallApp? app;

    public string Url => new Uri(app!.Address, "/hook").ToString();

    public string HangingUrl => new Uri(app!.Address, "/hanging").ToString();

    /// <summary>The status of the answer to the n-th request, from 1.</summary>
    public Func<int, int> Answer { get; set; } = _ => 204;

    public IReadOnlyList<Received> All => [.. all];

    public static async Task<Receiver> StartAsync()
    {
        var made = new Receiver();
        made.app = await SmallApp.StartAsync(routes =>
        {
            routes.MapPost("/hook", async context =>
            {
                await made.KeepAsync(context);
                context.Response.StatusCode = made.Answer(made.all.Count);
                if (context.Response.StatusCode is 302)
                {
                    context.Response.Headers.Location = "/elsewhere";
                }
            });
            routes.MapPost("/hanging", async context =>
            {
                await made.KeepAsync(context);
                await made.held.Task.WaitAsync(context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            });
            routes.Map("/elsewhere", made.KeepAsync);
        });
        return made;
    }

    /// <summary>The first so many requests, as soon as they are there.</summary>
    public async Task<IReadOnlyList<Received>> WaitForAsync(int count, CancellationToken ct)
    {
        await Until.TrueAsync(() => all.Count >= count, ct);
        return All;
    }

    public async ValueTask DisposeAsync()
    {
        held.TrySetResult();
        await app!.DisposeAsync();
    }

    private async Task KeepAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        all.Enqueue(new Received(
            context.Request.Path, await reader.ReadToEndAsync(), context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
    }
}

/// <summary>One request, as it came.</summary>
public sealed record Received(string Path, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Body => JsonDocument.Parse(Text).RootElement;

    public string Delivery => Headers["Signet-Delivery"];

    public string Event => Headers["Signet-Event"];

    public string[] Signatures => [.. Headers["Signet-Signature"].Split(',').Where(part => part.StartsWith("v1=", StringComparison.Ordinal)).Select(part => part[3..])];

    public string Time => Headers["Signet-Signature"].Split(',')[0]["t=".Length..];

    /// <summary>As the guide tells receivers to.</summary>
    public bool IsSignedWith(string secret) => Signatures.Contains(
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{Time}.{Text}"))));
}
