using Microsoft.AspNetCore.Http;
using Signet.Server.Ui;
using Xunit;

namespace Server.Tests.Ui;

public sealed class TableQueryTests
{
    [Fact]
    public void Only_known_parameters_are_read()
    {
        var query = From("?q=mara&sort=-name&status=active&evil=1&after=c", "status");

        Assert.Equal(("mara", "name", true, "active", null, "c"), (query.Search, query.SortColumn, query.Descending, query.Facet("status"), query.Facet("evil"), query.After));
    }

    [Fact]
    public void A_link_keeps_the_rest_and_starts_at_the_first_page()
    {
        var query = From("?q=a%26b&sort=name&status=active&after=c", "status");

        Assert.Equal("/t/acme/users?q=a%26b&status=active&sort=-name", query.SortBy("name"));
        Assert.Equal("/t/acme/users?q=a%26b&sort=name", query.Narrow("status", null));
        Assert.Equal("/t/acme/users?q=a%26b&status=active&sort=name&after=next", query.PageAfter("next"));
        Assert.Equal("/t/acme/users?sort=name", query.Cleared());
    }

    [Fact]
    public void A_long_search_is_cut()
    {
        var query = From("?q=" + new string('x', 5000));

        Assert.Equal(TableQuery.LongestSearch, query.Search!.Length);
    }

    private static TableQuery From(string queryString, params ReadOnlySpan<string> facets)
    {
        var http = new DefaultHttpContext();
        http.Request.PathBase = "/t/acme";
        http.Request.Path = "/users";
        http.Request.QueryString = new(queryString);
        return TableQuery.From(http.Request, facets);
    }
}
