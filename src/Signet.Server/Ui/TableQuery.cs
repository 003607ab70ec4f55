using System.Text;

namespace Signet.Server.Ui;

/// <summary>
/// What a table's address asks for. Reading it keeps only known names; whether a sort column or a facet's value exists is for the query to decide.
/// Every link it makes starts again at the first page, except those of the pager.
/// </summary>
public sealed record TableQuery(
    string Path,
    string? Search = null,
    string? Sort = null,
    string? After = null,
    string? Before = null,
    IReadOnlyDictionary<string, string>? Facets = null)
{
    public const int LongestSearch = 200;

    public static TableQuery From(HttpRequest request, params ReadOnlySpan<string> facets)
    {
        var chosen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var facet in facets)
        {
            if (Value(request, facet) is { } value)
                chosen[facet] = value;
        }

        var search = Value(request, "q")?.Trim();
        return new(
            request.PathBase + request.Path,
            search is { Length: > LongestSearch } ? search[..LongestSearch] : search,
            Value(request, "sort"),
            Value(request, "after"),
            Value(request, "before"),
            chosen);
    }

    /// <summary>The column sorted by, without its direction.</summary>
    public string? SortColumn => Sort?.TrimStart('-');

    public bool Descending => Sort is ['-', ..];

    /// <summary>True when the rows shown are not simply all rows.</summary>
    public bool Narrowed => Search is { Length: > 0 } || Facets is { Count: > 0 };

    public string? Facet(string name) => Facets is not null && Facets.TryGetValue(name, out var value) ? value : null;

    /// <summary>Sorts by the column; by its opposite direction when it is the one sorted by.</summary>
    public string SortBy(string column) => Link(Search, SortColumn == column && !Descending ? "-" + column : column, Facets);

    public string Narrow(string facet, string? value)
    {
        var facets = new Dictionary<string, string>(Facets ?? new Dictionary<string, string>(), StringComparer.Ordinal);
        facets.Remove(facet);
        if (value is not null)
            facets[facet] = value;
        return Link(Search, Sort, facets);
    }

    public string Cleared() => Link(null, Sort, null);

    public string PageAfter(string cursor) => Link(Search, Sort, Facets, ("after", cursor));

    public string PageBefore(string cursor) => Link(Search, Sort, Facets, ("before", cursor));

    private static string? Value(HttpRequest request, string name) => request.Query[name] is [{ Length: > 0 } value, ..] ? value : null;

    private string Link(string? search, string? sort, IReadOnlyDictionary<string, string>? facets, (string Name, string Value)? page = null)
    {
        var link = new StringBuilder(Path);
        var separator = '?';
        Add("q", search);
        foreach (var (name, value) in facets ?? new Dictionary<string, string>())
            Add(name, value);
        Add("sort", sort);
        if (page is { } cursor)
            Add(cursor.Name, cursor.Value);
        return link.ToString();

        void Add(string name, string? value)
        {
            if (string.IsNullOrEmpty(value))
                return;
            link.Append(separator).Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
            separator = '&';
        }
    }
}

/// <summary>One way to narrow a table: a query parameter and the values it may have.</summary>
public sealed record Facet(string Name, string Label, IReadOnlyList<Choice> Choices);
