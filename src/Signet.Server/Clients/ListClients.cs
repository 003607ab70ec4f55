using Signet.Server.Permissions;

namespace Signet.Server.Clients;

/// <summary>Applications of the tenant, newest first, a page at a time.</summary>
public static class ListClients
{
    /// <param name="Next">Give it as <c>before</c> to get the next page; null on the last.</param>
    public sealed record Page(IReadOnlyList<ClientView> Clients, ClientId? Next);

    public static void Map(RouteGroupBuilder clients)
    {
        clients.MapGet("", HandleAsync).Requires(Permission.ReadClients).Produces<Page>().WithSummary("List applications.");
        clients.MapGet("/{id}", FindAsync).Requires(Permission.ReadClients).Produces<ClientView>().WithSummary("One application.");
    }

    private static async Task<IResult> HandleAsync(
        Actor actor, ClientDirectory directory, CancellationToken ct, string? search = null, ClientId? before = null, int limit = 50)
    {
        var size = Math.Clamp(limit, 1, 200);
        var clients = await directory.ListAsync(actor.Tenant, search, before, size + 1, ct);
        return TypedResults.Ok(new Page([.. clients.Take(size).Select(ClientView.Of)], clients.Count > size ? clients[size - 1].Id : null));
    }

    private static async Task<IResult> FindAsync(ClientId id, Actor actor, ClientDirectory directory, CancellationToken ct) =>
        await directory.FindAsync(actor.Tenant, id, ct) is { } client ? TypedResults.Ok(ClientView.Of(client)) : ClientProblems.NotFound;
}
