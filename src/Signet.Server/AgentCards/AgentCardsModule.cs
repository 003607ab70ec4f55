using Signet.Server.Agents;

namespace Signet.Server.AgentCards;

public static class AgentCardsModule
{
    public static void AddAgentCards(this IServiceCollection services)
    {
        services.AddSingleton<CardDirectory>();
        services.AddSingleton<SetCard>();
    }

    public static void MapAgentCards(RouteGroups groups)
    {
        var card = groups.Management.MapGroup("/agents/{id}/card").WithTags("Agents").WithMetadata(AgentErrors.Shape);
        ShowCard.Map(card);
        SetCard.Map(card);
        ServeCard.Map(groups.Protocol);
        ServeDidDocument.Map(groups.Protocol);
    }
}
