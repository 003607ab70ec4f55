using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Signet.Testing;

/// <summary>
/// Stands where Vault stands: a real HTTP server with the three requests of KV version 2 that Signet makes, as Vault's API has them. It checks the token, keeps
/// versions, and can be taken down and brought up again at the same address.
/// </summary>
public sealed class TestVault : IAsyncDisposable
{
    public const string Token = "hvs.test-token";

    private readonly ConcurrentDictionary<string, Secret> secrets = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> requests = new();
    private WebApplication? app;
    private int port;

    /// <summary>Answered to everything instead; null: as Vault answers.</summary>
    public int? Fault { get; set; }

    /// <summary>Runs before a write is answered.</summary>
    public Func<Task>? OnWrite { get; set; }

    public Uri Url => new($"http://127.0.0.1:{port}");

    /// <summary>Method, path and query of everything it was asked.</summary>
    public IReadOnlyList<string> Requests => [.. requests];

    /// <summary>Paths below the mount that have metadata.</summary>
    public IReadOnlyList<string> Paths => [.. secrets.Keys];

    public static async Task<TestVault> StartAsync()
    {
        var made = new TestVault();
        await made.UpAsync();
        return made;
    }

    public async Task UpAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync();
        port = new Uri(app.Urls.First()).Port;
    }

    public async Task DownAsync()
    {
        if (app is { } running)
        {
            app = null;
            await running.StopAsync();
            await running.DisposeAsync();
        }
    }

    /// <summary>The values of all versions, oldest first; empty where there is no such path.</summary>
    public IReadOnlyList<string> VersionsOf(string agent, string credential) =>
        secrets.TryGetValue($"secret/signet/agents/{agent}/credentials/{credential}", out var secret) ? secret.Values : [];

    /// <summary>What an operator does with <c>vault kv destroy</c>.</summary>
    public void Destroy(string agent, string credential, int version) =>
        secrets[$"secret/signet/agents/{agent}/credentials/{credential}"].Destroyed[version] = true;

    public async ValueTask DisposeAsync() => await DownAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        requests.Enqueue($"{request.Method} {request.Path}{request.QueryString}");
        if (Fault is { } fault)
        {
            await WriteAsync(context, fault, new { errors = new[] { "Vault is sealed" } });
        }
        else if (request.Headers["X-Vault-Token"] != Token)
        {
            await WriteAsync(context, 403, new { errors = new[] { "permission denied" } });
        }
        else if (request.Path.Value!.Split('/', 5) is ["", "v1", "secret", var kind, { Length: > 0 } path])
        {
            await AnswerAsync(context, $"{request.Method} {kind}", $"secret/{path}");
        }
        else
        {
            await WriteAsync(context, 404, new { errors = new[] { "no handler for route" } });
        }
    }

    private async Task AnswerAsync(HttpContext context, string operation, string path)
    {
        switch (operation)
        {
            case "POST data":
                using (var body = await JsonDocument.ParseAsync(context.Request.Body))
                {
                    var value = body.RootElement.GetProperty("data").GetProperty("client_secret").GetString()!;
                    var version = secrets.GetOrAdd(path, _ => new Secret()).Add(value);
                    if (OnWrite is { } hook)
                    {
                        await hook();
                    }

                    await WriteAsync(context, 200, new { data = new { version, destroyed = false, deletion_time = "" } });
                }

                break;
            case "GET data":
                if (!secrets.TryGetValue(path, out var secret) || !int.TryParse(context.Request.Query["version"], out var wanted) || secret.Values.Count < wanted)
                {
                    await WriteAsync(context, 404, new { errors = Array.Empty<string>() });
                }
                else if (secret.Destroyed.ContainsKey(wanted))
                {
                    await WriteAsync(context, 404, new { data = new { data = (object?)null, metadata = new { version = wanted, destroyed = true } } });
                }
                else
                {
                    await WriteAsync(context, 200, new
                    {
                        data = new { data = new { client_secret = secret.Values[wanted - 1] }, metadata = new { version = wanted, destroyed = false } },
                    });
                }

                break;
            case "DELETE metadata":
                secrets.TryRemove(path, out _);
                context.Response.StatusCode = 204;
                break;
            default:
                await WriteAsync(context, 405, new { errors = new[] { "unsupported operation" } });
                break;
        }
    }

    private static Task WriteAsync(HttpContext context, int status, object body)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(body, new JsonSerializerOptions());
    }

    private sealed class Secret
    {
        private readonly List<string> values = [];

        public ConcurrentDictionary<int, bool> Destroyed { get; } = new();

        public IReadOnlyList<string> Values
        {
            get
            {
                lock (values)
                {
                    return [.. values];
                }
            }
        }

        public int Add(string value)
        {
            lock (values)
            {
                values.Add(value);
                return values.Count;
            }
        }
    }
}
