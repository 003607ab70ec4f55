using System.Net;
using System.Text.RegularExpressions;
using Server.Tests.Governance;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Console;

/// <summary>Blueprints in the console, labels and attestation of agents.</summary>
public sealed partial class BlueprintPagesTests(TestSignet signet) : IClassFixture<TestSignet>, IAsyncLifetime
{
    private Nursery nursery = null!;
    private TestBrowser browser = null!;

    public async ValueTask InitializeAsync()
    {
        nursery = await Nursery.OpenAsync(signet);
        browser = await signet.SignInAsync(nursery.Owner);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_blueprint_is_made_changed_applied_and_retired_and_an_agent_registered_of_it()
    {
        var name = TestSignet.NewName("Screeners ");
        var made = await PostAsync("/console/blueprints/new", "/console/blueprints/new", Fields(name));
        var page = PathOf(made);
        var shown = await PostAsync($"{page}/instances/new", $"{page}/instances/new", ("email", $"{TestSignet.NewName("agent")}@example.test"), ("owner", nursery.Owner.Email), ("labels", "region:eu"), ("with_credential", "true"));
        var id = Code().Match(shown.Text).Groups[1].Value;
        await PostAsync(page, page, [.. Fields(name).Where(field => field.Name != "version"), ("version", "2.0.0")]);
        var stale = await browser.GetAsync(page);
        var applied = await PostAsync(page, $"{page}/apply");
        var agent = await nursery.FindAsync(id);
        var unsure = await PostAsync(page, $"{page}/retire", ("confirm", "something else"));
        var retired = await PostAsync(page, $"{page}/retire", ("confirm", name));
        var last = await browser.GetAsync(page);
        var list = await browser.GetAsync("/console/blueprints?state=retired");

        Assert.Equal(HttpStatusCode.Created, shown.Status);
        Assert.Contains("Not yet", stale.Text, StringComparison.Ordinal);
        Assert.EndsWith("?done=blueprint-applied", applied.Location, StringComparison.Ordinal);
        Assert.Equal(("2.0.0", """{"region":"eu","team":"pay"}"""), (agent["version"], agent.Json.GetProperty("labels").GetRawText()));
        Assert.Equal(HttpStatusCode.BadRequest, unsure.Status);
        Assert.EndsWith("?done=blueprint-retired", retired.Location, StringComparison.Ordinal);
        Assert.DoesNotContain($"{page}/instances/new", last.Text, StringComparison.Ordinal);
        Assert.Contains(name, list.Text, StringComparison.Ordinal);
        Assert.Contains(page, (await browser.GetAsync($"/console/agents/{id}")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faults_stand_beside_their_fields_with_what_was_typed()
    {
        var again = await PostAsync(
            "/console/blueprints/new", "/console/blueprints/new",
            [.. Fields("x").Where(field => field.Name is not ("labels" or "max_instances" or "capabilities")), ("labels", "Team:pay"), ("max_instances", "many"), ("capabilities", "Everything")]);
        var line = await PostAsync("/console/blueprints/new", "/console/blueprints/new", [.. Fields("x").Where(field => field.Name != "labels"), ("labels", "team")]);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (again.Status, line.Status));
        Assert.All((string[])["labels", "max_instances", "capabilities"], field => Assert.Contains($"id=\"{field}-error\"", again.Text, StringComparison.Ordinal));
        Assert.Contains("Everything", again.Text, StringComparison.Ordinal);
        Assert.Contains("id=\"labels-error\"", line.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_agents_of_a_blueprint_are_stopped_where_its_name_is_typed()
    {
        var name = TestSignet.NewName("Screeners ");
        var blueprint = await nursery.CreateAsync(("name", name));
        var agent = await nursery.RegisterAsync(blueprint);
        var page = $"/console/blueprints/{blueprint}";

        var unsure = await PostAsync(page, $"{page}/kill-switch", ("confirm", "all"));
        var before = (await nursery.FindAsync(agent))["status"];
        var stopped = await PostAsync(page, $"{page}/kill-switch", ("confirm", name));

        Assert.Equal((HttpStatusCode.BadRequest, "active"), (unsure.Status, before));
        Assert.EndsWith("?done=agents-of-blueprint-stopped", stopped.Location, StringComparison.Ordinal);
        Assert.Equal("suspended", (await nursery.FindAsync(agent))["status"]);
    }

    [Fact]
    public async Task Another_tenants_blueprint_is_nowhere_and_an_auditor_changes_nothing()
    {
        var blueprint = await nursery.CreateAsync();
        var tenant = await signet.CreateTenantAsync();
        var stranger = await signet.SignInAsync(await signet.CreateUserAsync(Role.Owner, tenant.Id), $"/t/{tenant.Slug}");
        var auditor = await signet.SignInAsync(await signet.CreateUserAsync(Role.Auditor));
        var path = $"/console/blueprints/{blueprint}";

        foreach (var act in (string[])["", "/apply", "/retire", "/kill-switch", "/instances/new"])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(stranger, $"/t/{tenant.Slug}/console/blueprints/new", $"/t/{tenant.Slug}{path}{act}")).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(auditor, "/account", path + act)).Status);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"/t/{tenant.Slug}{path}")).Status);
        var seen = await auditor.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, seen.Status);
        Assert.DoesNotContain("data-save-bar", seen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Agents_are_found_by_label_blueprint_and_want_of_an_owner_and_changed_and_attested()
    {
        var blueprint = await nursery.CreateAsync();
        var mine = await nursery.RegisterAsync(blueprint, ("labels", new Dictionary<string, string> { ["team"] = "pay", ["region"] = "eu" }));
        var theirs = await nursery.RegisterAloneAsync(("attestationDays", 10), ("labels", new Dictionary<string, string> { ["team"] = "pay" }));
        var (one, other) = ((await nursery.FindAsync(mine))["email"], (await nursery.FindAsync(theirs))["email"]);

        foreach (var query in (string[])["q=region:eu", "q=team:pay+region:eu", $"q=team:pay+{one}", $"blueprint={blueprint}"])
        {
            var page = await browser.GetAsync($"/console/agents?{query}");
            Assert.Contains($"<bdi>{one}</bdi>", page.Text, StringComparison.Ordinal);
            Assert.DoesNotContain($"<bdi>{other}</bdi>", page.Text, StringComparison.Ordinal);
        }

        Assert.Contains("Nothing matches", (await browser.GetAsync("/console/agents?attention=orphaned")).Text, StringComparison.Ordinal);
        signet.Clock.Advance(TimeSpan.FromSeconds(1));
        var attested = await PostAsync($"/console/agents/{theirs}", $"/console/agents/{theirs}/attest");
        Assert.EndsWith("?done=agent-attested", attested.Location, StringComparison.Ordinal);
        Assert.Contains("agent.attested", await signet.ActionsAsync(theirs));
        await PostAsync(
            $"/console/agents/{theirs}", $"/console/agents/{theirs}", ("type", "custom"), ("environment", "production"), ("version", "1.0.0"), ("owner", nursery.Owner.Email),
            ("capabilities", "documents:read"), ("scopes", "agents:read"), ("token_seconds", "3600"), ("token_algorithm", "ES256"), ("labels", "tier:1"), ("attestation_days", "5"));
        var changed = await nursery.FindAsync(theirs);
        Assert.Equal(("""{"tier":"1"}""", "5"), (changed.Json.GetProperty("labels").GetRawText(), changed["attestationDays"]));
    }

    private static (string Name, string Value)[] Fields(string name) =>
    [
        ("name", name), ("description", ""), ("type", "screener"), ("environment", "production"), ("version", "1.0.0"), ("labels", "team:pay"), ("capabilities", "invoices:read"),
        ("scopes", "agents:read"), ("approval_scopes", ""), ("token_seconds", "900"), ("token_algorithm", "ES256"), ("monthly_tokens", ""), ("lifetime_days", ""),
        ("attestation_days", ""), ("max_instances", "3"),
    ];

    private static string PathOf(TestAnswer answer)
    {
        Assert.True(answer.Status == HttpStatusCode.Found, $"{(int)answer.Status} {answer.Text}");
        return answer.Location!.Split('?')[0];
    }

    private Task<TestAnswer> PostAsync(string page, string action, params (string Name, string Value)[] fields) => PostAsync(browser, page, action, fields);

    private static async Task<TestAnswer> PostAsync(TestBrowser by, string page, string action, params (string Name, string Value)[] fields)
    {
        var (_, hidden) = TestBrowser.FormIn(await by.GetAsync(page));
        return await by.PostFormAsync(action, [.. hidden.Where(field => field.Name == "_token"), .. fields]);
    }

    [GeneratedRegex("<code>([^<]+)</code>")]
    private static partial Regex Code();
}
