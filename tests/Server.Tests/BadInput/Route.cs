using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Signet.Platform.Http;
using Signet.Server;
using Signet.Server.Permissions;
using Signet.Server.Policy.AuthZen;

namespace Server.Tests.BadInput;

/// <summary>How a route says no.</summary>
internal enum Shape
{
    /// <summary>RFC 9457.</summary>
    Problem,

    /// <summary>RFC 6749 §5.2.</summary>
    OAuth,

    /// <summary>HTML for a person.</summary>
    Page,
}

/// <summary>One method of one address of the running server's route table.</summary>
internal sealed partial record Route(RouteEndpoint Endpoint, string Method)
{
    public string Template { get; } = "/" + Endpoint.RoutePattern.RawText!.Trim('/');

    public RouteFamily? Family => Endpoint.Metadata.GetMetadata<RouteFamily>();

    public bool IsGuarded => Endpoint.Metadata.GetMetadata<Requirement>()?.Permission is not null;

    public bool CallerNames => Endpoint.Metadata.GetMetadata<CallerNamesRequest>() is not null;

    public bool IsReading => Method is "GET" or "HEAD";

    public Shape Shape =>
        Endpoint.Metadata.GetMetadata<ErrorShape>() is not { } shape ? Shape.Problem
        : shape == ErrorShapes.Interaction ? Shape.Page
        : shape == ErrorShapes.Protocol ? Shape.OAuth
        // The agents' API says more in its problem+json, and nothing less.
        : Shape.Problem;

    /// <summary>What stands before the first parameter: <c>users</c> in <c>/api/v1/users/{id}/role</c>.</summary>
    public string Kind => Template.Split("/{")[0].Split('/')[^1];

    /// <summary>The routes of a table, one for each method.</summary>
    public static IReadOnlyList<Route> Of(IEnumerable<RouteEndpoint> endpoints) =>
    [
        .. endpoints
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method => new Route(endpoint, method)))
            .OrderBy(route => route.ToString(), StringComparer.Ordinal),
    ];

    /// <summary>Whether a path leads here, methods aside.</summary>
    public bool Takes(string path) => Regex.IsMatch(path, $"^{Parameter().Replace(Regex.Escape(Template).Replace("\\{", "{", StringComparison.Ordinal), "[^/]+")}$");

    /// <summary>The same for the same route whatever other routes there are, so that one more changes nothing for the rest.</summary>
    public int Seed(int seed) => ToString().Aggregate(seed, (hash, c) => unchecked((hash * 31) + c));

    public override string ToString() => $"{Method} {Template}";

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
