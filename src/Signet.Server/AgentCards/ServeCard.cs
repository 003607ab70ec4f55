using Signet.Platform.Http;
using Signet.Server.Agents;
using Signet.Server.Keys;
using Signet.Server.Tenants;

namespace Signet.Server.AgentCards;

/// <summary>The signed card of an agent, where clients of A2A look for it (A2A §8.2): below the agent's own address.</summary>
internal static class ServeCard
{
    private const string Path = "/.well-known/agent-card.json";

    public static void Map(RouteGroupBuilder protocol) => protocol.MapGet($"/agents/{{id}}{Path}", HandleAsync);

    public static string AddressOf(Tenant tenant, AgentId agent) => $"{tenant.Origin}/agents/{agent}{Path}";

    private static async Task HandleAsync(string id, HttpContext context, Tenant tenant, CardDirectory cards, KeyRings keys)
    {
        var ct = context.RequestAborted;
        if (await cards.FindPublishedAsync(tenant, id, ct) is not { } published)
        {
            await HttpProblems.NotFound.ExecuteAsync(context);
            return;
        }

        var card = WriteCard.Canonical(tenant, published);
        var key = await keys.GetSigningKeyAsync(tenant.Id, "ES256", ct);
        // Another key is another version, lest a copy outlive the key that signed it.
        await PublicDocument.AnswerAsync(context, "application/json", [.. card, .. System.Text.Encoding.ASCII.GetBytes(key.Kid)], () => WriteCard.Sign(tenant, card, key));
    }
}
