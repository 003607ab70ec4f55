using System.Reflection;
using System.Text.Json;
using System.Text.Json.Schema;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;
using Server.Tests.Rules;
using Signet.OAuth;
using Signet.Platform.Http;
using Signet.Server;

namespace Server.Tests.BadInput;

internal enum Place
{
    Route,
    Query,
    Form,
    Json,
}

/// <param name="Schema">What the description of the API says of it; undefined where there is none.</param>
internal sealed record Parameter(Place Place, string Name, JsonElement Schema = default, bool Required = false);

/// <summary>
/// What each route takes, from the running server and the built code, never from a list that somebody keeps: the management API from its OpenAPI
/// document, forms from the pages that offer them, OAuth's from the protocol library's table or, where it is JSON, from the
/// type it is bound to, and otherwise every word in the code that reads queries and forms for the route.
/// </summary>
internal sealed partial class Parameters(JsonElement document, IReadOnlyList<PageForm> forms)
{
    private const int Depth = 2;

    // Where a converter of ours hides what it is, it is a text.
    private static readonly JsonElement Anything = JsonSerializer.SerializeToElement(new { });
    private static readonly Lazy<Dictionary<string, Piece>> Pieces = new(() => House.All.GroupBy(piece => piece.FullName).ToDictionary(g => g.Key, g => g.First()));

    /// <summary>The headers that any of our code reads, and those that decide how a request is framed or understood.</summary>
    public static IReadOnlyList<string> Headers { get; } = FindHeaders();

    public JsonElement Document => document;

    public IReadOnlyList<Parameter> Of(Route route) =>
    [
        .. route.Endpoint.RoutePattern.Parameters.Select(parameter => new Parameter(Place.Route, parameter.Name)),
        .. (route.Family == RouteFamily.Management ? Described(route) : Read(route)).DistinctBy(parameter => (parameter.Place, parameter.Name)),
    ];

    /// <summary>What a page fills in before a person does.</summary>
    public string? Prefilled(Route route, string name) =>
        forms.FirstOrDefault(form => route.Takes(form.Action.Split('?')[0]))?.Fields.FirstOrDefault(field => field.Name == name).Value;

    private IEnumerable<Parameter> Described(Route route)
    {
        // As the document writes paths: without constraints.
        var path = Constraint().Replace(route.Template, "");
        if (!document.GetProperty("paths").TryGetProperty(path, out var item) || !item.TryGetProperty(Lower(route.Method), out var operation))
        {
            return [];
        }

        var parameters = operation.TryGetProperty("parameters", out var listed)
            ? listed.EnumerateArray().Where(parameter => parameter.GetProperty("in").GetString() == "query").Select(parameter =>
                new Parameter(Place.Query, parameter.GetProperty("name").GetString()!, parameter.GetProperty("schema")))
            : [];
        if (!operation.TryGetProperty("requestBody", out var body))
        {
            return parameters;
        }

        var schema = GoodValues.Resolve(body.GetProperty("content").GetProperty("application/json").GetProperty("schema"), document);
        if (schema.TryGetProperty("items", out var items))
        {
            // Of a list, those of its things.
            schema = GoodValues.Resolve(items, document);
        }

        var required = schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()).ToHashSet() : [];
        return parameters.Concat(schema.GetProperty("properties").EnumerateObject().Select(member =>
            new Parameter(Place.Json, member.Name, member.Value, required.Contains(member.Name))));
    }

    private IEnumerable<Parameter> Read(Route route)
    {
        var code = CodeOf(route, Depth);
        var isPage = route.Family == RouteFamily.Interaction;
        // A page that takes them reads them itself, from its query; the protocol's endpoints have them read.
        var oauth = CodeOf(route, isPage ? 0 : Depth).Any(piece => piece.Uses.Contains(("Signet.OAuth", nameof(OAuthParameters), "")))
            ? OAuthParameter.All.Select(parameter => parameter.Name) : [];
        var query = WordsOf(code, "IQueryCollection").Concat(isPage || route.IsReading ? oauth : []).Select(word => new Parameter(Place.Query, word));
        if (route.IsReading)
        {
            return query;
        }

        var offered = forms.Where(form => route.Takes(form.Action.Split('?')[0])).SelectMany(form => form.Fields).Select(field => field.Name).ToHashSet();
        var bound = Bound(route).ToList();
        if (bound.Count > 0)
        {
            return bound;
        }

        var form = isPage ? offered.Concat(offered.Count > 0 ? [] : WordsOf(code, "IFormCollection")).Append(BrowserToken.Field) : oauth;
        return form.Select(field => new Parameter(Place.Form, field)).Concat(query.Where(parameter => !offered.Contains(parameter.Name)));
    }

    // The protocol's endpoints that take JSON are described nowhere but in the type they are bound to.
    private static IEnumerable<Parameter> Bound(Route route)
    {
        if (route.Endpoint.Metadata.GetMetadata<IAcceptsMetadata>() is not { RequestType: { } type })
        {
            return [];
        }

        var schema = JsonSerializer.SerializeToElement(HttpJson.Options.GetJsonSchemaAsNode(type));
        var required = schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()).ToHashSet() : [];
        return schema.GetProperty("properties").EnumerateObject().Select(member => new Parameter(
            Place.Json, member.Name, member.Value.ValueKind is JsonValueKind.Object ? member.Value : Anything, required.Contains(member.Name)));
    }

    private static IEnumerable<string> WordsOf(IEnumerable<Piece> code, string reader) =>
        code.Where(piece => piece.Uses.Contains(("Microsoft.AspNetCore.Http", reader, ""))).SelectMany(piece => piece.Literals).Where(literal => Word().IsMatch(literal));

    // The type the handler belongs to, and those it uses, and those they use.
    private static HashSet<Piece> CodeOf(Route route, int depth)
    {
        var found = new HashSet<Piece>();
        var type = (route.Endpoint.Metadata.GetMetadata<MethodInfo>() ?? route.Endpoint.RequestDelegate?.Method)?.DeclaringType;
        while (type?.DeclaringType is { } outer)
        {
            type = outer;
        }

        if (type?.FullName is { } name && Pieces.Value.TryGetValue(name, out var first))
        {
            found.Add(first);
        }

        for (var step = 0; step < depth; step++)
        {
            found.UnionWith(found.SelectMany(piece => piece.Uses).Select(use => Pieces.Value.GetValueOrDefault($"{use.Namespace}.{use.Name}")).OfType<Piece>().ToList());
        }

        return found;
    }

    private static List<string> FindHeaders()
    {
        var readers = House.All.Where(piece => piece.Uses.Contains(("Microsoft.AspNetCore.Http", "IHeaderDictionary", ""))).ToList();
        var byProperty = readers.SelectMany(piece => piece.Uses)
            .Where(use => use is { Name: "IHeaderDictionary" or "HeaderNames" })
            .Select(use => use.Member.StartsWith("get_", StringComparison.Ordinal) ? use.Member[4..] : use.Member)
            .Select(property => typeof(HeaderNames).GetField(property)?.GetValue(null) as string)
            .OfType<string>();
        var byName = readers.SelectMany(piece => piece.Literals).Where(literal => HeaderName().IsMatch(literal));
        string[] framing =
        [
            "Host", "Cookie", "Content-Type", "Accept", "Accept-Language", "Accept-Encoding", "User-Agent", "Expect", "Range", "Content-Encoding", "Connection",
            "Upgrade", "Traceparent", "Referer", "Forwarded", RequestId.Header, BrowserToken.Header,
        ];
        return [.. byProperty.Concat(byName).Concat(framing).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal)];
    }

    private static string Lower(string method) => method.ToLowerInvariant();

    [GeneratedRegex(":[a-z]+(?=})")]
    private static partial Regex Constraint();

    [GeneratedRegex("^[a-z][a-z_]{0,39}$")]
    private static partial Regex Word();

    [GeneratedRegex("^(X|Sec)(-[A-Z][A-Za-z]*)+$")]
    private static partial Regex HeaderName();
}
