using System.Text.Json.Serialization;
using Signet.Server.Agents;
using Signet.Server.Tenants;

namespace Signet.Server.AgentCards;

/// <summary>A card on the wire, as it was stated.</summary>
/// <param name="Served">Whether anybody gets it at this moment: it is published, and its agent active and not expired.</param>
/// <param name="CardUrl">Where.</param>
/// <param name="Did">The agent's identifier (did:web), which resolves for as long as the card is served.</param>
public sealed record CardView(
    [property: JsonPropertyName("agentId")] AgentId AgentId,
    bool Published,
    bool Served,
    [property: JsonPropertyName("cardUrl")] string CardUrl,
    string Did,
    string Name,
    string Description,
    [property: JsonPropertyName("supportedInterfaces")] IReadOnlyList<CardInterface> SupportedInterfaces,
    IReadOnlyList<CardSkill> Skills,
    IReadOnlyList<string> Scopes,
    CardProvider? Provider,
    [property: JsonPropertyName("documentationUrl")] string? DocumentationUrl,
    [property: JsonPropertyName("iconUrl")] string? IconUrl,
    CardCapabilities Capabilities,
    [property: JsonPropertyName("defaultInputModes")] IReadOnlyList<string> DefaultInputModes,
    [property: JsonPropertyName("defaultOutputModes")] IReadOnlyList<string> DefaultOutputModes,
    [property: JsonPropertyName("createdAt")] DateTimeOffset CreatedAt,
    [property: JsonPropertyName("updatedAt")] DateTimeOffset UpdatedAt)
{
    public static CardView Of(Tenant tenant, Agent agent, AgentCard card, DateTimeOffset now)
    {
        var content = card.Content;
        return new CardView(
            card.Agent, card.Published, card.Published && agent.IsActive(now), ServeCard.AddressOf(tenant, card.Agent), DidWeb.Of(tenant, card.Agent),
            content.Name, content.Description, content.SupportedInterfaces, content.Skills, content.Scopes, content.Provider, content.DocumentationUrl,
            content.IconUrl, content.Capabilities, content.DefaultInputModes, content.DefaultOutputModes, card.CreatedAt, card.UpdatedAt);
    }
}
