using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Signet.Server.Ui;

/// <summary>Rendering and the assets every page draws on.</summary>
public static class UiModule
{
    public static void AddUi(this IServiceCollection services)
    {
        services.AddRazorComponents();
        services.TryAddSingleton(TimeProvider.System);
    }

    /// <summary>The assets are public and the same for every tenant, so they belong to no route group.</summary>
    public static void MapUiAssets(this IEndpointRouteBuilder routes) =>
        routes.MapMethods("/assets/{hash}/{name}", [HttpMethods.Get, HttpMethods.Head], UiAssets.ServeAsync).ExcludeFromDescription();

    /// <summary>Every component in its typical, extreme and empty state. Map it in development only.</summary>
    public static void MapUiGallery(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/_ui", () => (IResult)new Page<UiGallery>()).ExcludeFromDescription();
        routes.MapGet("/_ui/{specimen}", (string specimen, HttpRequest request) =>
            (IResult)new Page<UiSpecimen>(new { Name = specimen, Query = TableQuery.From(request, "status", "role") })).ExcludeFromDescription();
    }
}
