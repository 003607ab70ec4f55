using System.Text.Json;
using Signet.Platform.Outbound;
using Signet.Server.Settings;

namespace Signet.Server.Agents;

/// <summary>Where in Vault a credential's secret is.</summary>
/// <param name="Path">Mount and path as its API has them: <c>secret/data/signet/agents/…</c>.</param>
/// <param name="Version">The one that holds.</param>
/// <param name="Previous">The one before the last rotation.</param>
public sealed record VaultPlace(string Path, int Version, int? Previous);

/// <summary>What Vault says of a version.</summary>
internal abstract record VaultReading
{
    private VaultReading()
    {
    }

    public sealed record Found(string Secret) : VaultReading
    {
        public override string ToString() => "[secret]";
    }

    /// <summary>Vault had it and has destroyed it.</summary>
    public sealed record Gone : VaultReading;

    /// <summary>Nobody can say now.</summary>
    public sealed record Unavailable : VaultReading;
}

/// <summary>
/// The operator's HashiCorp Vault, KV secrets engine version 2, by its HTTP API. Whatever is no clear answer is "unavailable", never "no".
/// <see href="https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2"/>
/// </summary>
public sealed class Vault : IDisposable
{
    private const string Member = "client_secret";
    private const string Below = "/data/signet/agents/";
    private const int MostBytes = 64 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    // A Vault that is down is not waited for by every request anew.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    private readonly OutboundHttp? door;
    private readonly string address = "";
    private readonly string mount;
    private readonly Dictionary<string, string> headers = [];
    private readonly VaultMetrics metrics;
    private readonly TimeProvider time;
    private readonly ILogger<Vault> log;
    private long pausedUntil;

    public Vault(HostSettings settings, VaultMetrics metrics, TimeProvider time, ILogger<Vault> log)
    {
        mount = settings.VaultMount;
        this.metrics = metrics;
        this.time = time;
        this.log = log;
        if (settings is { VaultAddress: { } url, VaultToken: { } token })
        {
            // A door of its own: no address that somebody else chose is asked over these connections.
            door = new OutboundHttp(new OutboundOptions(Development: false, ConnectionsPerHost: 32, Reach: OutboundReach.Operator));
            address = $"{url.AbsoluteUri.TrimEnd('/')}/v1/";
            headers["X-Vault-Token"] = token;
            // A Vault Agent may want it, so that a request can't be made by a page.
            headers["X-Vault-Request"] = "true";
        }
    }

    /// <summary>Whether new secrets go there.</summary>
    public bool IsSet => door is not null;

    public void Dispose() => door?.Dispose();

    internal string PathOf(AgentId agent, CredentialId credential) => $"{mount}{Below}{agent}/credentials/{credential}";

    /// <summary>The version it became; null where it could not be written.</summary>
    internal async Task<int?> WriteAsync(string path, string secret, CancellationToken ct)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new { data = new Dictionary<string, string> { [Member] = secret } });
        var answer = await AskAsync("write", HttpMethod.Post, path, body, ct);
        if (answer is not { Status: 200 })
        {
            return null;
        }

        return Read(answer.Body) is { } root && root.TryGetProperty("version", out var version) && version.TryGetInt32(out var number) && number > 0 ? number : null;
    }

    internal async Task<VaultReading> ReadAsync(string path, int version, CancellationToken ct)
    {
        if (time.GetUtcNow().UtcTicks < Volatile.Read(ref pausedUntil))
        {
            return new VaultReading.Unavailable();
        }

        var answer = await AskAsync("read", HttpMethod.Get, $"{path}?version={version}", null, ct);
        if (answer is null or { Status: not (200 or 404) })
        {
            Volatile.Write(ref pausedUntil, (time.GetUtcNow() + Pause).UtcTicks);
            return new VaultReading.Unavailable();
        }

        var said = Read(answer.Body);
        if (answer.Status == 200)
        {
            return said is { } found && found.TryGetProperty("data", out var pairs) && pairs.ValueKind is JsonValueKind.Object
                && pairs.TryGetProperty(Member, out var secret) && secret.ValueKind is JsonValueKind.String
                    ? new VaultReading.Found(secret.GetString()!)
                    : new VaultReading.Unavailable();
        }

        // A version that was destroyed is told of; a path that Vault does not know may as well be a mount that is not there.
        return said is { } told && told.TryGetProperty("metadata", out _) ? new VaultReading.Gone() : new VaultReading.Unavailable();
    }

    /// <summary>Takes away every version and what Vault knows of them; true also where there was nothing.</summary>
    internal async Task<bool> DestroyAsync(string path, CancellationToken ct)
    {
        var below = path.LastIndexOf(Below, StringComparison.Ordinal);
        var metadata = string.Concat(path.AsSpan(0, below), "/metadata/", path.AsSpan(below + "/data/".Length));
        return await AskAsync("destroy", HttpMethod.Delete, metadata, null, ct) is { Status: 200 or 204 or 404 };
    }

    // Null where no answer came. The log has a word for why, never what Vault said.
    private async Task<OutboundResult.Answered?> AskAsync(string operation, HttpMethod method, string pathAndQuery, byte[]? body, CancellationToken ct)
    {
        var fault = "not configured";
        if (door is not null)
        {
            var request = new OutboundRequest(method, address + pathAndQuery) { Headers = headers, Body = body, MaxBytes = MostBytes, Timeout = Patience };
            switch (await door.SendAsync(request, ct))
            {
                case OutboundResult.Answered { Status: 200 or 204 or 404 } answered:
                    metrics.Asked(operation, "answered");
                    return answered;
                case OutboundResult.Answered answered:
                    fault = $"status {answered.Status}";
                    break;
                case OutboundResult.Refused refused:
                    fault = $"address refused: {refused.Reason}";
                    break;
                case OutboundResult.Failed failed:
                    fault = $"not reached: {failed.Reason}";
                    break;
                case OutboundResult.TooLarge:
                    fault = "answer too large";
                    break;
                case OutboundResult.TimedOut:
                    fault = "no answer in time";
                    break;
            }
        }

        metrics.Asked(operation, "unavailable");
        log.VaultUnavailable(operation, fault);
        return null;
    }

    // The member "data" of an answer.
    private static JsonElement? Read(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("data", out var data) && data.ValueKind is JsonValueKind.Object
                ? data.Clone()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
