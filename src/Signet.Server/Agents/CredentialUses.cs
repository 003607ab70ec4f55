using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Signet.Platform.Cache;
using Signet.Platform.Data;
using Signet.Server.Agents.Storage;

namespace Signet.Server.Agents;

/// <summary>
/// When each credential was last used, to the minute. Written behind the requests and apart from them: a token does not wait for it, and a database that
/// can't keep up loses a note and nothing else.
/// </summary>
public sealed class CredentialUses(Db db, TimeProvider time, ILogger<CredentialUses> log) : BackgroundService
{
    private static readonly TimeSpan Grain = TimeSpan.FromMinutes(1);

    private readonly BoundedMap<CredentialId, DateTimeOffset> noted = new(100_000);
    private readonly Channel<Use> uses = Channel.CreateBounded<Use>(new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Note(TenantId tenant, AgentId agent, CredentialId credential)
    {
        var now = time.GetUtcNow();
        if (!noted.TryGet(credential, out var last) || now - last >= Grain)
        {
            noted.Set(credential, now);
            uses.Writer.TryWrite(new Use(tenant, agent, credential, now));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var use in uses.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await db.InTenantAsync(use.Tenant, tx => CredentialRows.NoteUseAsync(tx, use.Agent, use.Credential, use.At, use.At - Grain, stoppingToken), stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                log.UseNotNoted(failure);
            }
        }
    }

    private sealed record Use(TenantId Tenant, AgentId Agent, CredentialId Credential, DateTimeOffset At);
}
