using System.Text.Json;
using Signet.Platform.Http;
using Signet.Server;
using Signet.Testing;
using Xunit;

namespace Server.Tests.BadInput;

/// <summary>Who asks.</summary>
internal enum Caller
{
    Nobody,

    /// <summary>In a browser: session, and the token of our pages.</summary>
    Owner,

    /// <summary>With an API key; at the protocol's endpoints the application, with its secret or a token.</summary>
    Key,
}

/// <summary>A request of each route that is right in everything the server lets us know of it.</summary>
internal sealed class GoodRequests
{
    private readonly WholeServer server;
    private readonly Stage stage;
    private readonly GoodValues values;
    private readonly Parameters parameters;

    private GoodRequests(WholeServer server, Stage stage, Parameters parameters) =>
        (this.server, this.stage, this.parameters, values) = (server, stage, parameters, new GoodValues(server, stage));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Reads the description of the API, and every page for the forms that are on it.</summary>
    public static async Task<GoodRequests> FindAsync(WholeServer server, Stage stage)
    {
        using var document = JsonDocument.Parse(await server.Client.GetStringAsync(new Uri("/api/openapi.json", UriKind.Relative), Ct));
        var description = document.RootElement.Clone();
        var withoutForms = new GoodRequests(server, stage, new Parameters(description, []));
        var forms = new List<PageForm>();
        var lead = await stage.MakeOwnerAsync();
        await using var connection = new WireConnection(server.Client.BaseAddress!.Port);
        foreach (var route in Route.Of(server.Endpoints).Where(route => route.Family == RouteFamily.Interaction && route.IsReading))
        {
            foreach (var caller in (Caller[])[Caller.Nobody, Caller.Owner])
            {
                var request = withoutForms.Make(route, caller, await stage.SetAsync(route, lead));
                var answer = await connection.AskAsync(request.ToBytes(), isHead: false, Ct);
                forms.AddRange(PageForm.In(answer!.Body));
            }
        }

        return new GoodRequests(server, stage, new Parameters(description, forms));
    }

    public IReadOnlyList<Parameter> ParametersOf(Route route) => parameters.Of(route);

    /// <summary>Pages know no keys, and what belongs to no tenant knows nobody.</summary>
    public static IReadOnlyList<Caller> CallersOf(Route route) =>
        route.Family == RouteFamily.Interaction || route.Shape is Shape.Page ? [Caller.Owner, Caller.Nobody]
        : route.Family == RouteFamily.Management || route.Family == RouteFamily.Protocol ? [Caller.Key, Caller.Owner, Caller.Nobody]
        : [Caller.Nobody];

    public WireRequest Make(Route route, Caller caller, Scene scene)
    {
        var taken = parameters.Of(route);
        var isJson = taken.Any(parameter => parameter.Place is Place.Json);
        var request = new WireRequest(route.Method, route.Template)
        {
            Form = route.IsReading || isJson || route.Family == RouteFamily.Management ? null : [],
            Json = isJson ? [] : null,
            IsList = route.Template.EndsWith("/github", StringComparison.Ordinal),
        };
        foreach (var parameter in taken)
        {
            switch (parameter.Place)
            {
                case Place.Route:
                    request.RouteValues[parameter.Name] = GoodValues.OfRoute(parameter.Name, scene);
                    break;
                case Place.Json when values.JsonOf(route, parameter.Name, parameter.Schema, parameter.Required, parameters.Document, scene) is { } json:
                    request.Json!.Add((parameter.Name, json));
                    break;
                case Place.Query or Place.Form when (values.TextOf(route, parameter.Name, scene) ?? parameters.Prefilled(route, parameter.Name)) is { } text:
                    (parameter.Place is Place.Query ? request.Query : request.Form!).Add((parameter.Name, Uri.EscapeDataString(text)));
                    break;
            }
        }

        request.Headers.AddRange(HeadersOf(route, caller, scene));
        return request;
    }

    private IEnumerable<(string Name, string Value)> HeadersOf(Route route, Caller caller, Scene scene)
    {
        yield return ("Host", "localhost");
        // Everybody from an address of their own: limits by address are not what is asked about here.
        yield return ("X-Forwarded-For", TestSignet.NewAddress());
        if (caller is Caller.Owner)
        {
            yield return ("Cookie", scene.Cookie);
            // Beside the form's field, so that a spoiled body comes as far as whoever reads it.
            yield return (BrowserToken.Header, server.Browser.Field);
        }

        if (caller is Caller.Key)
        {
            yield return ("Authorization", route.Family == RouteFamily.Management ? $"Bearer {scene.ApiKey}"
                : route.Template.EndsWith("/userinfo", StringComparison.Ordinal) ? $"Bearer {stage.AccessToken}"
                : route.Kind is "bc-authorize" or "delegate" ? scene.Part
                : server.Application.ToString());
        }
    }
}
