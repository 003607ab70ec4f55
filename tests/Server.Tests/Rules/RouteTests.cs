using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Server.Tests.BadInput;
using Signet.Platform.Outbox;
using Signet.Server;
using Signet.Server.Audit;
using Signet.Server.Permissions;
using System.Reflection;
using System.Text.RegularExpressions;
using Xunit;

namespace Server.Tests.Rules;

/// <summary>What every address and every event of the real composition must have.</summary>
public sealed partial class RouteTests(WholeServer server) : IClassFixture<WholeServer>
{
    // Read by anybody, written by nobody: the pages' styles and scripts, the description of the API, the components in development.
    private static readonly string[] Open = ["/assets/", "/api/openapi.json", "/_ui"];

    [Fact]
    public void Every_route_is_of_a_family_or_is_public_to_read()
    {
        var offences = server.Endpoints
            .Where(endpoint => endpoint.Metadata.GetMetadata<RouteFamily>() is null)
            .Where(endpoint => !Open.Any(prefix => PathOf(endpoint).StartsWith(prefix, StringComparison.Ordinal)) || !MethodsOf(endpoint).All(IsReading))
            .Select(Describe);

        Rule.Holds(offences);
    }

    [Fact]
    public void Every_management_route_says_what_it_asks_of_its_caller()
    {
        var silent = server.Endpoints
            .Where(endpoint => endpoint.Metadata.GetMetadata<RouteFamily>() == RouteFamily.Management)
            .Where(endpoint => endpoint.Metadata.GetMetadata<Requirement>() is not ({ Permission: not null } or { Reason.Length: > 10 }))
            .Select(Describe);

        Rule.Holds(silent);
    }

    [Fact]
    public void Every_management_route_says_what_it_does()
    {
        var silent = server.Endpoints
            .Where(endpoint => endpoint.Metadata.GetMetadata<RouteFamily>() == RouteFamily.Management)
            .Where(endpoint => endpoint.Metadata.GetMetadata<IEndpointSummaryMetadata>() is not { Summary: [.., '.'] })
            .Select(Describe);

        Rule.Holds(silent);
    }

    [Fact]
    public async Task Every_form_is_refused_without_the_token_of_its_page()
    {
        var posts = server.Endpoints
            .Where(endpoint => endpoint.Metadata.GetMetadata<RouteFamily>() == RouteFamily.Interaction && !MethodsOf(endpoint).All(IsReading))
            .ToList();
        var accepted = new List<string>();

        foreach (var endpoint in posts)
        {
            using var form = new FormUrlEncodedContent([new("email", "user@example.test"), new("password", "x"), new("_token", "AAAA")]);
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Filled(endpoint), UriKind.Relative)) { Content = form };
            request.Headers.TryAddWithoutValidation("Cookie", server.Browser.Cookie);
            using var response = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
            if ((int)response.StatusCode is not (400 or 401 or 403))
            {
                accepted.Add($"{Describe(endpoint)}: {(int)response.StatusCode}");
            }
        }

        Assert.NotEmpty(posts);
        Rule.Holds(accepted);
    }

    [Fact]
    public async Task Every_guarded_management_route_refuses_a_stranger()
    {
        var guarded = server.Endpoints.Where(endpoint =>
            endpoint.Metadata.GetMetadata<RouteFamily>() == RouteFamily.Management && endpoint.Metadata.GetMetadata<Requirement>()?.Permission is not null);
        var open = new List<string>();

        foreach (var endpoint in guarded)
        {
            using var request = new HttpRequestMessage(new HttpMethod(MethodsOf(endpoint)[0]), new Uri(Filled(endpoint), UriKind.Relative));
            using var response = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
            if ((int)response.StatusCode != 401)
            {
                open.Add($"{Describe(endpoint)}: {(int)response.StatusCode}");
            }
        }

        Rule.Holds(open);
    }

    [Fact]
    public void Every_event_has_a_name_of_its_own_that_stays()
    {
        var names = EventTypes.All.Select(type => (Type: type.Name, EventTypes.Blank(type).Action)).ToList();

        Assert.NotEmpty(names);
        Rule.Holds(names.Where(name => !ActionName().IsMatch(name.Action)).Select(name => $"{name.Type}: {name.Action}"));
        Rule.Holds(names.GroupBy(name => name.Action).Where(group => group.Count() > 1).Select(group => $"{group.Key}: {string.Join(", ", group)}"));
    }

    [Fact]
    public void Every_event_can_be_written_to_the_record()
    {
        var offences = new List<string>();
        foreach (var type in EventTypes.All)
        {
            try
            {
                EventFields.Of(type);
            }
            catch (NotSupportedException refused)
            {
                offences.Add($"{type.Name}: {refused.Message}");
            }
        }

        Rule.Holds(offences);
    }

    [Fact]
    public void What_an_event_says_about_a_person_is_personal()
    {
        string[] aboutPeople = ["Email", "DisplayName", "FirstName", "LastName", "PhoneNumber", "Address", "Ip", "IpAddress", "UserAgent"];

        var offences =
            from type in EventTypes.All
            from property in type.GetProperties()
            where aboutPeople.Contains(property.Name) && property.GetCustomAttribute<PersonalAttribute>() is null
            select $"{type.Name}.{property.Name}";

        Rule.Holds(offences);
    }

    private static string PathOf(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.TrimStart('/');

    private static string Filled(RouteEndpoint endpoint) => Parameter().Replace(PathOf(endpoint), "0197f2a0-0000-7000-8000-000000000001");

    private static IReadOnlyList<string> MethodsOf(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"];

    private static bool IsReading(string method) => method is "GET" or "HEAD";

    private static string Describe(RouteEndpoint endpoint) => $"{string.Join(',', MethodsOf(endpoint))} {PathOf(endpoint)}";

    [GeneratedRegex("{[^}]+}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^[a-z_]+(\.[a-z_]+)+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ActionName();
}
