using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Signet.Server.Ui;
using Xunit;

namespace Server.Tests.Ui;

public sealed class UiAssetsTests : IAsyncLifetime
{
    private readonly HttpClient client = new();
    private WebApplication app = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddUi();
        app = builder.Build();
        app.MapUiAssets();
        app.MapUiGallery();
        await app.StartAsync(TestContext.Current.CancellationToken);
        client.BaseAddress = new Uri(app.Urls.Single());
    }

    [Fact]
    public async Task An_asset_may_be_kept_for_ever_and_bears_its_type()
    {
        using var answer = await GetAsync(UiAssets.Stylesheet);

        Assert.Equal("text/css; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("public, max-age=31536000, immutable", answer.Headers.GetValues("Cache-Control").Single());
        Assert.Contains("@layer components", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task An_asset_is_compressed_where_the_browser_reads_that(string encoding)
    {
        using var answer = await GetAsync(UiAssets.Stylesheet, ("Accept-Encoding", encoding));

        Assert.Equal(encoding, answer.Content.Headers.ContentEncoding.Single());
        Assert.Equal("Accept-Encoding", answer.Headers.Vary.Single());
        Assert.True(answer.Content.Headers.ContentLength < 12_000);
    }

    [Fact]
    public async Task A_browser_that_has_the_asset_is_told_so()
    {
        using var first = await GetAsync(UiAssets.Icons);

        using var second = await GetAsync(UiAssets.Icons, ("If-None-Match", first.Headers.ETag!.ToString()));

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Fact]
    public async Task Another_versions_address_is_answered_but_not_kept()
    {
        using var answer = await GetAsync("/assets/0000000000000000/signet.css");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("no-cache", answer.Headers.GetValues("Cache-Control").Single());
    }

    [Theory]
    [InlineData("/assets/0/nothing.css")]
    [InlineData("/assets/0/tokens.css")]
    [InlineData("/assets/0/..%2f..%2fappsettings.json")]
    public async Task What_is_no_asset_is_not_found(string path)
    {
        using var answer = await GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task A_page_is_html_that_no_cache_keeps()
    {
        using var answer = await GetAsync("/_ui/sign-in");

        Assert.Equal("text/html; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("no-store", answer.Headers.GetValues("Cache-Control").Single());
    }

    [Fact]
    public async Task The_sign_in_page_weighs_less_than_20_kB_in_all()
    {
        var page = await client.GetStringAsync("/_ui/sign-in-ways", TestContext.Current.CancellationToken);

        var used = UiAssets.All.Where(asset => page.Contains(asset.Href, StringComparison.Ordinal)).ToArray();
        Assert.Contains(used, asset => asset.Name == "signet.css");
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(page) + used.Sum(asset => asset.Gzip.Length), 1, 20_000);
    }

    [Fact]
    public void Each_script_weighs_less_than_5_kB()
    {
        var scripts = UiAssets.All.Where(asset => asset.ContentType.StartsWith("text/javascript", StringComparison.Ordinal));

        Assert.All(scripts, script => Assert.InRange(script.Plain.Length, 1, 5 * 1024));
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await app.DisposeAsync();
    }

    private async Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
