using Signet.Server.Agents;
using Signet.Server.Clients;
using Signet.Server.Permissions;
using Signet.Server.Tenants;
using Signet.Server.Users;

namespace Signet.Server.Console;

/// <summary>Finds people, applications and agents by a few letters, for the console's palette: only kinds the caller may read, and only a handful.</summary>
public static class SearchRecords
{
    private const int Most = 8;
    private const int Longest = 200;

    /// <param name="Href">The page of it, on this origin.</param>
    public sealed record Found(string Label, string Href, string Kind);

    public static void Map(RouteGroupBuilder management) =>
        management.MapGet("/search", HandleAsync).Requires(Permission.ManageOwnAccount).WithTags("Search").WithSummary("Find users, applications and agents.");

    private static async Task<Found[]> HandleAsync(
        HttpContext context, Tenant tenant, Actor actor, UserDirectory users, ClientDirectory clients, AgentDirectory agents, CancellationToken ct, string? q = null)
    {
        if (q?.Trim() is not { Length: >= 2 and <= Longest } text || text.Any(char.IsControl))
        {
            return [];
        }

        var pathBase = context.Request.PathBase.Value ?? "";
        IReadOnlyList<Client> applications = actor.May(Permission.ReadClients) ? await clients.ListAsync(tenant.Id, text, null, Most / 4, ct) : [];
        IReadOnlyList<Agent> programs = actor.May(Permission.ReadAgents)
            ? await agents.ListAsync(tenant.Id, new AgentsWanted(text), null, Most / 4, ct)
            : [];
        IReadOnlyList<User> people = actor.May(Permission.ReadUsers) ? await users.ListAsync(tenant.Id, text, null, null, Most - applications.Count - programs.Count, ct) : [];
        return
        [
            .. people.Select(user => new Found(user.DisplayName is { } name ? $"{name} ({user.Email.Value})" : user.Email.Value, $"{pathBase}/console/users/{user.Id}", "User")),
            .. applications.Select(client => new Found(client.Name, $"{pathBase}/console/clients/{client.IdText}", "Application")),
            .. programs.Select(agent => new Found(agent.Email, $"{pathBase}/console/agents/{agent.Id}", "Agent")),
        ];
    }
}
