using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Server.Tests.BadInput;
using Server.Tests.Rules;
using Signet.Platform.Data;
using Signet.Server;
using Signet.Server.Permissions;
using Signet.Server.Policy;
using Xunit;

namespace Server.Tests.Policy;

/// <summary>The built-in policy knows every route of ours, and no other.</summary>
public sealed partial class BuiltInPolicyTests(WholeServer server) : IClassFixture<WholeServer>
{
    private static readonly IReadOnlyList<PolicyRule> Rules = ScopesEngine.BuiltIn().Rules;

    private IEnumerable<(string Rule, RouteEndpoint Endpoint)> Routes =>
        from endpoint in server.Endpoints
        where endpoint.Metadata.GetMetadata<RouteFamily>() is var family && (family == RouteFamily.Management || family == RouteFamily.Protocol)
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
        select ($"{method} /{Constraint().Replace(endpoint.RoutePattern.RawText!.Trim('/'), "{${name}}")}", endpoint);

    [Fact]
    public void Every_route_has_a_rule()
    {
        var known = Rules.Select(rule => $"{rule.Method} {rule.Path}").ToHashSet();

        Assert.NotEmpty(Routes);
        Rule.Holds(Routes.Select(route => route.Rule).Where(route => !known.Contains(route)).Select(route => $"\"{route}\" has no rule in Policy/Rules/scopes.json"));
    }

    [Fact]
    public void Every_rule_has_a_route()
    {
        var there = Routes.Select(route => route.Rule).ToHashSet();

        Rule.Holds(Rules.Select(rule => $"{rule.Method} {rule.Path}").Where(rule => !there.Contains(rule)));
    }

    [Fact]
    public void A_rule_asks_for_the_scope_of_its_routes_permission()
    {
        var rules = Rules.ToDictionary(rule => $"{rule.Method} {rule.Path}", rule => string.Join(' ', rule.Scopes));

        Rule.Holds(
            from route in Routes
            where route.Endpoint.Metadata.GetMetadata<RouteFamily>() == RouteFamily.Management && rules.ContainsKey(route.Rule)
            let wanted = ScopeOf(route.Endpoint.Metadata.GetMetadata<Requirement>()!.Permission)
            where rules[route.Rule] != wanted
            select $"\"{route.Rule}\" is to ask for \"{wanted}\"");
    }

    // read_users: users:read; manage_users: users:write; a verb of its own: policy:evaluate.
    private static string ScopeOf(Permission? permission) => permission switch
    {
        null => "",
        Permission.ManageOwnAccount => "account",
        // An agent's write is on itself; who manages all of them is their administrator.
        Permission.ManageOwnAgent => "agents:write",
        Permission.ManageAgents => "agents:admin",
        { } named => SnakeCase.Of(named).Split('_', 2) switch
        {
            ["manage", var thing] => $"{thing.Replace('_', '-')}:write",
            [var verb, var thing] => $"{thing.Replace('_', '-')}:{verb}",
            _ => throw new InvalidOperationException($"{named} is to be a verb and a thing."),
        },
    };

    [GeneratedRegex(@"\{(?<name>\w+)(:[^}]+)?\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Constraint();
}
