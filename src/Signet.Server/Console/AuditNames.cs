using System.Text.Json;
using Signet.Platform.Data;
using Signet.Server.Agents;
using Signet.Server.Audit;
using Signet.Server.Clients;
using Signet.Server.Governance;
using Signet.Server.Users;

namespace Signet.Server.Console;

/// <summary>What the people, applications and agents of audit entries are called now; who is gone stays an id.</summary>
public sealed class AuditNames(UserDirectory users, ClientDirectory clients, AgentDirectory agents, BlueprintDirectory blueprints)
{
    public async Task<IReadOnlyDictionary<string, string>> OfAsync(TenantId tenant, IReadOnlyList<AuditEntry> entries, CancellationToken ct)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            await AddAsync(names, tenant, SnakeCase.Of(entry.ActorKind), entry.ActorId, ct);
            await AddAsync(names, tenant, entry.TargetKind, entry.TargetId, ct);
        }

        return names;
    }

    public async Task<IReadOnlyDictionary<string, string>> OfAsync(TenantId tenant, FindAuditEntry.Detail detail, CancellationToken ct)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in (string[])["actor", "target"])
        {
            if (detail.Content is { ValueKind: JsonValueKind.Object } content && content.TryGetProperty(member, out var part)
                && part.TryGetProperty("kind", out var kind) && part.TryGetProperty("id", out var id))
            {
                await AddAsync(names, tenant, kind.GetString(), id.GetString(), ct);
            }
        }

        return names;
    }

    private async ValueTask AddAsync(Dictionary<string, string> names, TenantId tenant, string? kind, string? id, CancellationToken ct)
    {
        if (id is null || names.ContainsKey(id))
        {
            return;
        }

        var name = kind switch
        {
            "user" when UserId.TryParse(id, null, out var user) => (await users.FindAsync(tenant, user, ct))?.Name,
            "client" when ClientId.TryParse(id, null, out var client) => (await clients.FindAsync(tenant, client, ct))?.Name,
            "agent" when AgentId.TryParse(id, null, out var agent) => (await agents.FindAsync(tenant, agent, ct))?.Email,
            "blueprint" when BlueprintId.TryParse(id, null, out var blueprint) => (await blueprints.FindAsync(tenant, blueprint, ct))?.Name,
            _ => null,
        };
        if (name is not null)
        {
            names[id] = name;
        }
    }
}
