using Signet.Platform.Http;

namespace Signet.Server;

/// <summary>
/// The families of routes, made once, so that a use case can't forget what its family always needs.
/// <see cref="Permissions.Gate"/> reads the family of the endpoint that was chosen.
/// </summary>
public sealed class RouteGroups(IEndpointRouteBuilder app)
{
    /// <summary>OAuth, OpenID Connect: errors of the protocol, never cached, no browser token.</summary>
    public RouteGroupBuilder Protocol { get; } = Family(app, "", RouteFamily.Protocol);

    /// <summary>Pages for people: every POST carries the browser token.</summary>
    public RouteGroupBuilder Interaction { get; } = Family(app, "", RouteFamily.Interaction);

    /// <summary>The management API: a session or an API key, a permission, problem+json.</summary>
    public RouteGroupBuilder Management { get; } = Family(app, "/api/v1", RouteFamily.Management);

    /// <summary>The accounts API, with the rules of the management API.</summary>
    public RouteGroupBuilder Accounts { get; } = Family(app, "/v1", RouteFamily.Management);

    /// <summary>Questions to the policy decision point (AuthZEN), with the rules of the management API.</summary>
    public RouteGroupBuilder Access { get; } = Family(app, "/access/v1", RouteFamily.Management);

    /// <summary>Health, metrics, assets: of the machine, not of a tenant.</summary>
    public RouteGroupBuilder Probes { get; } = Family(app, "", RouteFamily.Probe);

    private static RouteGroupBuilder Family(IEndpointRouteBuilder app, string prefix, RouteFamily family)
    {
        var group = app.MapGroup(prefix).WithMetadata(family);
        if (family.Errors is { } shape)
        {
            group.WithMetadata(shape);
        }

        return family == RouteFamily.Management ? group : group.ExcludeFromDescription();
    }
}

/// <summary>What every route of a family has in common.</summary>
/// <param name="Errors">How its refusals are written; null: problem+json.</param>
public sealed record RouteFamily(string Name, bool NeedsTenant, ErrorShape? Errors = null)
{
    public static readonly RouteFamily Protocol = new("protocol", NeedsTenant: true, ErrorShapes.Protocol);
    public static readonly RouteFamily Interaction = new("interaction", NeedsTenant: true, ErrorShapes.Interaction);
    public static readonly RouteFamily Management = new("management", NeedsTenant: true);
    public static readonly RouteFamily Probe = new("probe", NeedsTenant: false);
}
