using System.Collections.Frozen;
using Microsoft.AspNetCore.Routing.Patterns;
using Signet.Platform.Http;

namespace Signet.Server;

/// <summary>
/// What no route takes (an address that is none, a method that its address has not): a browser gets a page; anybody else is refused in the words of the
/// routes around it, so that an application that misses an OAuth endpoint reads its JSON.
/// </summary>
internal static class UnroutedShapes
{
    /// <summary>Comes after routing, before everything that answers.</summary>
    public static void UseUnroutedShapes(this WebApplication app)
    {
        // The routes are mapped after the pipeline is built.
        var shapes = new Lazy<FrozenDictionary<string, ErrorShape?>>(() => ReadRoutes(app));
        app.Use(next => context =>
        {
            // A method that is not allowed is an endpoint of the framework's own, of no family.
            if (context.GetEndpoint() is not RouteEndpoint && Find(shapes.Value, context.Request) is { } shape)
            {
                context.Features.Set(shape);
            }

            return next(context);
        });
    }

    private static ErrorShape? Find(FrozenDictionary<string, ErrorShape?> shapes, HttpRequest request)
    {
        // A person in a browser gets a page, whatever they missed.
        if (request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
        {
            return ErrorShapes.Interaction;
        }

        var path = request.Path.Value!.Trim('/');
        if (shapes.TryGetValue(path, out var shape))
        {
            return shape;
        }

        for (var end = path.LastIndexOf('/'); end > 0; end = path.LastIndexOf('/', end - 1))
        {
            if (shapes.TryGetValue(path[..end], out shape))
            {
                return shape;
            }
        }

        return null;
    }

    // By each beginning of a path that is fixed: as the route does whose path it is, else as most do that begin so. Pages have no voice beside
    // what applications call: whoever wants a page has said so.
    private static FrozenDictionary<string, ErrorShape?> ReadRoutes(IEndpointRouteBuilder routes)
    {
        var shapes = new Dictionary<string, ErrorShape?>(StringComparer.OrdinalIgnoreCase);
        var all = routes.ServiceProvider.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(endpoint => (Segments: FixedSegmentsOf(endpoint.RoutePattern), Shape: endpoint.Metadata.GetMetadata<ErrorShape>()))
            .ToList();
        foreach (var (segments, shape) in all)
        {
            shapes.TryAdd(string.Join('/', segments), shape);
        }

        var beginnings =
            from route in all
            from count in Enumerable.Range(1, Math.Max(0, route.Segments.Count - 1))
            group route.Shape by string.Join('/', route.Segments.Take(count)).ToLowerInvariant();
        foreach (var beginning in beginnings)
        {
            shapes.TryAdd(beginning.Key, beginning.GroupBy(shape => shape).MaxBy(same => (same.Key != ErrorShapes.Interaction, same.Count()))!.Key);
        }

        return shapes.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    private static List<string> FixedSegmentsOf(RoutePattern pattern) =>
    [
        .. pattern.PathSegments
            .TakeWhile(segment => segment.IsSimple && segment.Parts[0].IsLiteral)
            .Select(segment => ((RoutePatternLiteralPart)segment.Parts[0]).Content),
    ];
}
