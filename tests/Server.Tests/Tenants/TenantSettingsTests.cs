using System.Net;
using System.Text.RegularExpressions;
using Signet.Server.Permissions;
using Signet.Server.Tenants;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Tenants;

/// <summary>What a tenant decides about itself holds at once, on every node, and is on record.</summary>
public sealed partial class TenantSettingsTests(TestSignet signet) : IClassFixture<TestSignet>
{
    private const string Settings = "/api/v1/tenant/settings";

    [Fact]
    public async Task A_tenant_that_decided_nothing_is_as_everybody_is()
    {
        var (tenant, key) = await NewTenantAsync();

        var settings = await GetAsync(tenant, key);

        Assert.Equal(tenant.Name, settings["display_name"]);
        Assert.Equal("True", settings["registration_open"]);
        Assert.False(settings.Has("brand"));
    }

    [Fact]
    public async Task What_is_named_changes_and_the_rest_stays()
    {
        var (tenant, key) = await NewTenantAsync();

        await PatchAsync(tenant, key, new { display_name = " Acme " });
        await PatchAsync(tenant, key, new { brand = new { colour = "#7a1fa2" } });
        var settings = await PatchAsync(tenant, key, new { registration_open = false });

        Assert.Equal("Acme", settings["display_name"]);
        Assert.Equal("#7a1fa2", settings.Json.GetProperty("brand").GetProperty("colour").GetString());
        Assert.Equal("#7a1fa2", settings.Json.GetProperty("brand_tokens").GetProperty("light").GetProperty("accent").GetString());
        Assert.Equal("False", settings["registration_open"]);
        Assert.Equal(settings.Text, (await GetAsync(tenant, key)).Text);
    }

    [Fact]
    public async Task What_is_emptied_is_as_it_was_at_first()
    {
        var (tenant, key) = await NewTenantAsync();
        await PatchAsync(tenant, key, new { display_name = "Acme", brand = new { colour = "#7a1fa2" } });

        var settings = await PatchAsync(tenant, key, new { display_name = "", brand = new { } });

        Assert.Equal(tenant.Name, settings["display_name"]);
        Assert.False(settings.Has("brand"));
    }

    [Fact]
    public async Task The_tokens_a_colour_comes_to_can_be_given_back_by_hand()
    {
        var (tenant, key) = await NewTenantAsync();
        var tokens = (await PatchAsync(tenant, key, new { brand = new { colour = "#f5c400" } })).Json.GetProperty("brand_tokens");

        var settings = await PatchAsync(tenant, key, new { brand = tokens });

        Assert.Equal(tokens.GetRawText(), settings.Json.GetProperty("brand_tokens").GetRawText());
        Assert.False(settings.Json.GetProperty("brand").TryGetProperty("colour", out _));
    }

    [Theory]
    [InlineData("""{"display_name":"a\u0007b"}""", "display_name")]
    [InlineData("""{"brand":{"colour":"red"}}""", "brand.colour")]
    [InlineData("""{"brand":{"colour":"#123456;}body{display:none}"}}""", "brand.colour")]
    [InlineData("""{"brand":{"light":LIGHT}}""", "light and dark")]
    [InlineData("""{"brand":{"colour":"#112233","light":LIGHT,"dark":DARK}}""", "not both")]
    [InlineData("""{"brand":{"light":PALE,"dark":DARK}}""", "brand.light.accent_text")]
    [InlineData("""{"brand":{"light":LIGHT,"dark":LIGHT}}""", "brand.dark.accent_tint")]
    [InlineData("""{"brand":{"light":{"accent":"#112233"},"dark":DARK}}""", "accent")]
    [InlineData("""{"registration_open":"yes"}""", "registration_open")]
    public async Task What_cannot_be_is_refused_by_name_and_changes_nothing(string body, string named)
    {
        const string Light = """{"accent":"#00777a","accent_strong":"#006365","accent_ink":"#ffffff","accent_text":"#006b6e","accent_tint":"#e6f1f1","focus":"#00777a"}""";
        const string Dark = """{"accent":"#74cbd1","accent_strong":"#8fdde2","accent_ink":"#0c1a1d","accent_text":"#83d2d8","accent_tint":"#1b2f32","focus":"#74cbd1"}""";
        var (tenant, key) = await NewTenantAsync();
        var before = await GetAsync(tenant, key);

        var refused = await signet.CallAsync(
            HttpMethod.Patch, At(tenant), key,
            body.Replace("LIGHT", Light).Replace("DARK", Dark).Replace("PALE", Light.Replace("#006b6e", "#cccccc")));

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains(named, refused.Text, StringComparison.Ordinal);
        Assert.Equal(before.Text, (await GetAsync(tenant, key)).Text);
    }

    [Fact]
    public async Task Of_many_who_change_different_things_at_once_none_undoes_another()
    {
        var (tenant, key) = await NewTenantAsync();

        await Task.WhenAll(Enumerable.Range(0, 15).Select(i => (i % 3) switch
        {
            0 => PatchAsync(tenant, key, new { display_name = "Acme" }),
            1 => PatchAsync(tenant, key, new { brand = new { colour = "#7a1fa2" } }),
            _ => PatchAsync(tenant, key, new { registration_open = false }),
        }));

        var settings = await GetAsync(tenant, key);
        Assert.Equal(("Acme", "False", true), (settings["display_name"], settings["registration_open"], settings.Has("brand")));
        Assert.Equal(3, (await signet.ActionsAsync(tenant.Id.ToString(), tenant.Id)).Count(action => action == "tenants.settings_changed"));
    }

    [Fact]
    public async Task Only_who_may_change_them_changes_them()
    {
        var (tenant, _) = await NewTenantAsync();
        var auditor = await signet.CreateApiKeyAsync(Role.Auditor, tenant.Id);
        var user = await signet.CreateApiKeyAsync(Role.User, tenant.Id);

        Assert.Equal(HttpStatusCode.OK, (await signet.CallAsync(HttpMethod.Get, At(tenant), auditor)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await signet.CallAsync(HttpMethod.Patch, At(tenant), auditor, new { registration_open = false })).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await signet.CallAsync(HttpMethod.Get, At(tenant), user)).Status);
    }

    [Fact]
    public async Task Where_registration_is_closed_nobody_registers_and_no_page_offers_it()
    {
        var (tenant, key) = await NewTenantAsync();
        var user = await signet.CreateUserAsync(tenant: tenant.Id);
        await PatchAsync(tenant, key, new { registration_open = false });
        var path = $"/t/{tenant.Slug}";

        var called = await RegisterAsync(signet, path);
        var page = await signet.NewBrowser().GetAsync($"{path}/sign-up");
        var signIn = await signet.NewBrowser().GetAsync($"{path}/sign-in");

        Assert.Equal((HttpStatusCode.Forbidden, "registration_closed"), (called.Status, called["code"]));
        Assert.Equal(HttpStatusCode.Forbidden, page.Status);
        Assert.Contains("Registration is closed", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("/sign-up", signIn.Text, StringComparison.Ordinal);
        await signet.SignInAsync(user, path);
        Assert.Equal(HttpStatusCode.Created, (await RegisterAsync(signet, "")).Status);
    }

    [Fact]
    public async Task A_form_that_was_open_when_registration_closed_makes_nobody()
    {
        var (tenant, key) = await NewTenantAsync();
        var browser = signet.NewBrowser();
        var form = await browser.GetAsync($"/t/{tenant.Slug}/sign-up");
        await PatchAsync(tenant, key, new { registration_open = false });

        var answer = await browser.SubmitAsync(form, ("name", "Late"), ("email", "late@example.test"), ("password", "a long enough password"));

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.DoesNotContain("late@example.test", (await signet.CallAsync(HttpMethod.Get, $"/t/{tenant.Slug}/api/v1/users", key)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_on_one_node_holds_on_the_other_at_once()
    {
        var (tenant, key) = await NewTenantAsync();
        await using var other = await signet.StartNodeAsync();
        Assert.Equal(HttpStatusCode.Created, (await RegisterAsync(other, $"/t/{tenant.Slug}")).Status);

        await PatchAsync(tenant, key, new { registration_open = false, display_name = "Acme" });

        await Until.TrueAsync(async () => (await RegisterAsync(other, $"/t/{tenant.Slug}")).Status == HttpStatusCode.Forbidden, TestContext.Current.CancellationToken);
        Assert.Contains("Acme", (await other.NewBrowser().GetAsync($"/t/{tenant.Slug}/sign-in")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_brand_is_a_stylesheet_of_the_tenants_own()
    {
        var (tenant, key) = await NewTenantAsync();
        await PatchAsync(tenant, key, new { brand = new { colour = "#7a1fa2" } });
        var page = await signet.NewBrowser().GetAsync($"/t/{tenant.Slug}/sign-in");
        var href = Link().Match(page.Text).Groups["href"].Value;

        var css = await signet.CallAsync(HttpMethod.Get, href);
        var bare = await signet.CallAsync(HttpMethod.Get, $"/t/{tenant.Slug}/assets/brand.css");
        var again = new HttpRequestMessage(HttpMethod.Get, signet.At(href));
        again.Headers.TryAddWithoutValidation("If-None-Match", css.Headers["ETag"]);
        var kept = await signet.SendAsync(again);

        Assert.StartsWith($"/t/{tenant.Slug}/assets/brand.css?v=", href, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, "text/css; charset=utf-8"), (css.Status, css.Headers["Content-Type"]));
        Assert.Matches("^\"[0-9a-f]{16}\"$", css.Headers["ETag"]);
        Assert.Contains("immutable", css.Headers["Cache-Control"], StringComparison.Ordinal);
        Assert.Equal("no-cache", bare.Headers["Cache-Control"]);
        Assert.Equal(css.Text, bare.Text);
        Assert.Equal((HttpStatusCode.NotModified, ""), (kept.Status, kept.Text));
        Assert.False(css.Headers.ContainsKey("Set-Cookie"));
        Assert.Equal(HttpStatusCode.NotFound, (await signet.CallAsync(HttpMethod.Get, "/assets/brand.css")).Status);
    }

    [Fact]
    public async Task Another_brand_has_another_address()
    {
        var (tenant, key) = await NewTenantAsync();
        await PatchAsync(tenant, key, new { brand = new { colour = "#7a1fa2" } });
        var first = Link().Match((await signet.NewBrowser().GetAsync($"/t/{tenant.Slug}/sign-in")).Text).Value;

        await PatchAsync(tenant, key, new { brand = new { colour = "#0a5c6b" } });

        Assert.NotEqual(first, Link().Match((await signet.NewBrowser().GetAsync($"/t/{tenant.Slug}/sign-in")).Text).Value);
    }

    [Fact]
    public async Task The_page_changes_what_the_api_shows()
    {
        var (tenant, key) = await NewTenantAsync();
        var path = $"/t/{tenant.Slug}";
        var browser = await signet.SignInAsync(await signet.CreateUserAsync(Role.Owner, tenant.Id), path);
        var token = TestBrowser.FormIn(await browser.GetAsync($"{path}/console/settings")).Hidden;

        var saved = await browser.PostFormAsync($"{path}/console/settings", [.. token, ("display_name", "Acme"), ("brand", "colour"), ("colour", "#7a1fa2")]);
        var settings = await GetAsync(tenant, key);

        Assert.Equal($"{path}/console/settings?done=saved", saved.Location);
        Assert.Equal(("Acme", "False"), (settings["display_name"], settings["registration_open"]));
        Assert.Contains("Acme", (await browser.GetAsync($"{path}/console")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_says_beside_which_colour_what_is_wrong_and_keeps_what_was_chosen()
    {
        var (tenant, key) = await NewTenantAsync();
        var path = $"/t/{tenant.Slug}";
        var browser = await signet.SignInAsync(await signet.CreateUserAsync(Role.Owner, tenant.Id), path);
        var page = await browser.GetAsync($"{path}/console/settings");
        var chosen = Colours().Matches(page.Text).Select(field => (field.Groups["name"].Value, field.Groups["value"].Value))
            .Select(field => field.Item1 == "light_accent_text" ? (field.Item1, "#eeeeee") : field);

        var again = await browser.PostFormAsync($"{path}/console/settings", [.. TestBrowser.FormIn(page).Hidden, .. chosen, ("brand", "tokens"), ("registration_open", "true")]);

        Assert.Equal(HttpStatusCode.BadRequest, again.Status);
        Assert.Contains("id=\"light_accent_text-error\"", again.Text, StringComparison.Ordinal);
        Assert.Contains("value=\"#eeeeee\"", again.Text, StringComparison.Ordinal);
        Assert.False((await GetAsync(tenant, key)).Has("brand"));
    }

    private static Task<TestAnswer> RegisterAsync(TestSignet node, string path)
    {
        var name = TestSignet.NewName("new");
        return node.NewBrowser().PostJsonAsync(
            $"{path}/v1/auth/register", new { email = $"{name}@example.test", password = $"a long password of {name}", organization_name = name });
    }

    private async Task<(Tenant Tenant, string Key)> NewTenantAsync()
    {
        var tenant = await signet.CreateTenantAsync();
        return (tenant, await signet.CreateApiKeyAsync(Role.Owner, tenant.Id));
    }

    private Task<TestAnswer> GetAsync(Tenant tenant, string key) => signet.CallAsync(HttpMethod.Get, At(tenant), key);

    private async Task<TestAnswer> PatchAsync(Tenant tenant, string key, object body)
    {
        var answer = await signet.CallAsync(HttpMethod.Patch, At(tenant), key, body);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return answer;
    }

    private static string At(Tenant tenant) => $"/t/{tenant.Slug}{Settings}";

    [GeneratedRegex("""<link rel="stylesheet" href="(?<href>[^"]*brand\.css[^"]*)" />""")]
    private static partial Regex Link();

    [GeneratedRegex("""name="(?<name>(light|dark)_[a-z_]+|colour)" type="color" value="(?<value>[^"]*)""")]
    private static partial Regex Colours();
}
