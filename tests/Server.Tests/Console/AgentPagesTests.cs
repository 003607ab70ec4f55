using System.Net;
using System.Text.RegularExpressions;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Console;

/// <summary>What is done with agents in the console is done.</summary>
public sealed partial class AgentPagesTests(TestSignet signet) : IClassFixture<TestSignet>
{
    [Fact]
    public async Task An_agent_is_registered_and_its_secret_shown_once()
    {
        var owner = await signet.CreateUserAsync(Role.Owner);
        var browser = await signet.SignInAsync(owner);
        var email = NewAddress();

        var shown = await PostAsync(browser, "/console/agents/new", "/console/agents/new", [.. FieldsOf(email, owner), ("with_credential", "true")]);
        var agent = AgentIn(shown);
        var page = await browser.GetAsync($"/console/agents/{agent.Id}");

        Assert.Equal((HttpStatusCode.Created, "no-store"), (shown.Status, shown.Headers["Cache-Control"]));
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(agent)).Status);
        Assert.Contains(email, page.Text, StringComparison.Ordinal);
        Assert.Contains(owner.Email, page.Text, StringComparison.Ordinal);
        Assert.Contains("Agent registered", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(agent.Secret!, page.Text, StringComparison.Ordinal);
        Assert.Equal(["agent.created", "credential.generated", "token.issued"], (await signet.ActionsAsync(agent.Id)).Order());
    }

    [Fact]
    public async Task A_form_with_faults_comes_back_with_what_was_typed_and_says_where()
    {
        var owner = await signet.CreateUserAsync(Role.Owner);
        var browser = await signet.SignInAsync(owner);

        var again = await PostAsync(
            browser, "/console/agents/new", "/console/agents/new",
            [.. FieldsOf("nobody", owner).Where(field => field.Name is not ("version" or "capabilities")), ("version", "one"), ("capabilities", "Everything")]);
        var stranger = await PostAsync(
            browser, "/console/agents/new", "/console/agents/new",
            [.. FieldsOf(NewAddress(), owner).Where(field => field.Name != "owner"), ("owner", "stranger@example.test")]);
        var never = await PostAsync(browser, "/console/agents/new", "/console/agents/new", [.. FieldsOf(NewAddress(), owner), ("expires_on", "soon")]);

        Assert.Equal(HttpStatusCode.BadRequest, again.Status);
        Assert.All((string[])["email", "version", "capabilities"], field => Assert.Contains($"id=\"{field}-error\"", again.Text, StringComparison.Ordinal));
        Assert.Contains("Everything", again.Text, StringComparison.Ordinal);
        Assert.Contains("id=\"owner-error\"", stranger.Text, StringComparison.Ordinal);
        Assert.Contains("id=\"expires_on-error\"", never.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_narrows_by_state_environment_owner_and_words()
    {
        var tenant = await signet.CreateTenantAsync();
        var path = $"/t/{tenant.Slug}";
        var owner = await signet.CreateUserAsync(Role.Owner, tenant.Id);
        var other = await signet.CreateUserAsync(Role.User, tenant.Id);
        var browser = await signet.SignInAsync(owner, path);
        var (mine, theirs) = (NewAddress(), NewAddress());
        var first = AgentIn(await RegisterAsync(browser, mine, owner, path));
        await RegisterAsync(browser, theirs, other, path);
        await PostAsync(browser, $"{path}/console/agents/{first.Id}", $"{path}/console/agents/{first.Id}/suspend");

        foreach (var (query, only) in (IEnumerable<(string, string)>)
            [("state=suspended", mine), ("state=active", theirs), ($"owner={other.Id}", theirs), ($"q={mine}", mine), ($"q={first.Id}", mine)])
        {
            var page = await browser.GetAsync($"{path}/console/agents?{query}");
            Assert.Contains($"<bdi>{only}</bdi>", page.Text, StringComparison.Ordinal);
            Assert.DoesNotContain($"<bdi>{(only == mine ? theirs : mine)}</bdi>", page.Text, StringComparison.Ordinal);
        }

        Assert.Contains("Nothing matches", (await browser.GetAsync($"{path}/console/agents?environment=staging")).Text, StringComparison.Ordinal);
        Assert.Contains(mine, (await browser.GetAsync($"{path}/api/v1/search?q={mine}")).Text, StringComparison.Ordinal);
        Assert.Contains($"{path}/console/agents", (await browser.GetAsync($"{path}/console")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_changed_suspended_resumed_and_decommissioned_where_its_address_is_typed()
    {
        var owner = await signet.CreateUserAsync(Role.Owner);
        var browser = await signet.SignInAsync(owner);
        var email = NewAddress();
        var agent = AgentIn(await RegisterAsync(browser, email, owner));
        var page = $"/console/agents/{agent.Id}";

        await PostAsync(browser, page, page, [.. FieldsOf(email, owner).Where(field => field.Name != "version"), ("version", "2.0.0"), ("expires_on", "2090-01-31")]);
        Assert.Contains("2090-01-31", (await browser.GetAsync(page)).Text, StringComparison.Ordinal);
        await PostAsync(browser, page, page, [.. FieldsOf(email, owner).Where(field => field.Name != "version"), ("version", "2.0.0"), ("expires_on", "")]);
        Assert.DoesNotContain("2090-01-31", (await browser.GetAsync(page)).Text, StringComparison.Ordinal);
        await PostAsync(browser, page, $"{page}/suspend");
        Assert.Equal(HttpStatusCode.Unauthorized, (await TokenAsync(agent)).Status);
        await PostAsync(browser, page, $"{page}/resume");
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(agent)).Status);
        var unsure = await PostAsync(browser, page, $"{page}/decommission", ("confirm", "something else"));
        Assert.Equal(HttpStatusCode.BadRequest, unsure.Status);
        await PostAsync(browser, page, $"{page}/decommission", ("confirm", email));
        var ended = await browser.GetAsync(page);

        Assert.Contains("2.0.0", ended.Text, StringComparison.Ordinal);
        Assert.Contains("Decommissioned", ended.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("data-save-bar", ended.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync(browser, "/console/agents/new", $"{page}/resume")).Status);
    }

    [Fact]
    public async Task Credentials_are_made_rotated_with_overlap_and_revoked()
    {
        var owner = await signet.CreateUserAsync(Role.Owner);
        var browser = await signet.SignInAsync(owner);
        var first = AgentIn(await RegisterAsync(browser, NewAddress(), owner));
        var page = $"/console/agents/{first.Id}";
        var credential = CredentialLink().Match((await browser.GetAsync(page)).Text).Groups[1].Value;

        var rotated = AgentIn(await PostAsync(browser, page, $"{page}/credentials/{credential}/rotate", ("overlap_hours", "1")));
        var second = AgentIn(await PostAsync(browser, page, $"{page}/credentials", ("expires_in_days", "30")));
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(first)).Status);
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(rotated)).Status);
        await PostAsync(browser, page, $"{page}/credentials/{credential}/revoke");
        var again = await PostAsync(browser, page, $"{page}/credentials/{credential}/rotate", ("overlap_hours", "0"));
        var tooLong = await PostAsync(browser, page, $"{page}/credentials/{credential}/rotate", ("overlap_hours", "169"));
        var noDays = await PostAsync(browser, page, $"{page}/credentials", ("expires_in_days", "often"));

        Assert.Equal(HttpStatusCode.Unauthorized, (await TokenAsync(first)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await TokenAsync(rotated)).Status);
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(second)).Status);
        Assert.Equal(
            (HttpStatusCode.Conflict, HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (again.Status, tooLong.Status, noDays.Status));
    }

    [Fact]
    public async Task The_kill_switch_wants_the_tenants_name_and_an_owners_wants_theirs()
    {
        var tenant = await signet.CreateTenantAsync();
        var path = $"/t/{tenant.Slug}";
        var owner = await signet.CreateUserAsync(Role.Owner, tenant.Id);
        var other = await signet.CreateUserAsync(Role.User, tenant.Id);
        var browser = await signet.SignInAsync(owner, path);
        var mine = AgentIn(await RegisterAsync(browser, NewAddress(), owner, path));
        var theirs = AgentIn(await RegisterAsync(browser, NewAddress(), other, path));

        var unsure = await PostAsync(browser, $"{path}/console/agents", $"{path}/console/agents/kill-switch", ("confirm", "all"));
        var wrong = await PostAsync(browser, $"{path}/console/agents", $"{path}/console/agents/{mine.Id}/kill-switch", ("confirm", other.Email));
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (unsure.Status, wrong.Status));
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(mine, path)).Status);

        await PostAsync(browser, $"{path}/console/agents", $"{path}/console/agents/{mine.Id}/kill-switch", ("confirm", owner.Email));
        Assert.Equal(HttpStatusCode.Unauthorized, (await TokenAsync(mine, path)).Status);
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(theirs, path)).Status);

        await PostAsync(browser, $"{path}/console/agents", $"{path}/console/agents/kill-switch", ("confirm", tenant.Slug));
        Assert.Equal(HttpStatusCode.Unauthorized, (await TokenAsync(theirs, path)).Status);
    }

    [Fact]
    public async Task All_agents_of_an_owner_are_given_to_another()
    {
        var owner = await signet.CreateUserAsync(Role.Owner);
        var heir = await signet.CreateUserAsync();
        var browser = await signet.SignInAsync(owner);
        var agent = AgentIn(await RegisterAsync(browser, NewAddress(), owner));
        var page = $"/console/agents/{agent.Id}";

        var nobody = await PostAsync(browser, page, $"{page}/transfer", ("to", "stranger@example.test"));
        await PostAsync(browser, page, $"{page}/transfer", ("to", heir.Email));

        Assert.Equal(HttpStatusCode.BadRequest, nobody.Status);
        Assert.Contains($"/console/users/{heir.Id}", (await browser.GetAsync(page)).Text, StringComparison.Ordinal);
        Assert.Contains("agent.transferred", await signet.ActionsAsync(agent.Id));
    }

    [Fact]
    public async Task An_auditor_reads_and_is_offered_no_change()
    {
        var owner = await signet.CreateUserAsync(Role.Owner);
        var agent = AgentIn(await RegisterAsync(await signet.SignInAsync(owner), NewAddress(), owner));
        var browser = await signet.SignInAsync(await signet.CreateUserAsync(Role.Auditor));

        var page = await browser.GetAsync($"/console/agents/{agent.Id}");
        var list = await browser.GetAsync("/console/agents");
        var refused = await PostAsync(browser, "/account", $"/console/agents/{agent.Id}/suspend");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (page.Status, list.Status));
        Assert.DoesNotContain("data-save-bar", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<dialog class=\"dialog\" id=\"suspend\"", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"kill-switch\"", list.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
    }

    [Fact]
    public async Task The_pages_of_another_tenants_agent_are_nowhere()
    {
        var tenant = await signet.CreateTenantAsync();
        var stranger = await signet.SignInAsync(await signet.CreateUserAsync(Role.Owner, tenant.Id), $"/t/{tenant.Slug}");
        var owner = await signet.CreateUserAsync(Role.Owner);
        var agent = AgentIn(await RegisterAsync(await signet.SignInAsync(owner), NewAddress(), owner));
        var page = $"/t/{tenant.Slug}/console/agents/{agent.Id}";

        foreach (var act in (string[])["", "/suspend", "/resume", "/decommission", "/kill-switch", "/transfer", "/credentials"])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(stranger, $"/t/{tenant.Slug}/console/agents/new", page + act)).Status);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync(page)).Status);
        Assert.Equal(HttpStatusCode.OK, (await TokenAsync(agent)).Status);
    }

    private static (string Name, string Value)[] FieldsOf(string email, TestUser owner) =>
    [
        ("email", email), ("type", "screener"), ("environment", "production"), ("version", "1.0.0"), ("description", ""), ("owner", owner.Email), ("sponsor", ""),
        ("capabilities", "resume:read\nresume:score"), ("scopes", "agents:read"), ("token_seconds", "900"), ("token_algorithm", "ES256"),
    ];

    private static Task<TestAnswer> RegisterAsync(TestBrowser browser, string email, TestUser owner, string path = "") =>
        PostAsync(browser, $"{path}/console/agents/new", $"{path}/console/agents/new", [.. FieldsOf(email, owner), ("with_credential", "true")]);

    private static string NewAddress() => $"{TestSignet.NewName("agent")}@agents.example.test";

    private static TestClient AgentIn(TestAnswer shown)
    {
        var codes = Code().Matches(shown.Text);
        return new TestClient(codes[0].Groups[1].Value, codes[1].Groups[1].Value, "");
    }

    private Task<TestAnswer> TokenAsync(TestClient agent, string path = "") =>
        signet.PostAsync($"{path}/oauth2/token", agent, [("grant_type", "client_credentials")]);

    private static async Task<TestAnswer> PostAsync(TestBrowser browser, string page, string action, params (string Name, string Value)[] fields)
    {
        var (_, hidden) = TestBrowser.FormIn(await browser.GetAsync(page));
        return await browser.PostFormAsync(action, [.. hidden.Where(field => field.Name == "_token"), .. fields]);
    }

    [GeneratedRegex("<code>([^<]+)</code>")]
    private static partial Regex Code();

    [GeneratedRegex("/credentials/([0-9a-f-]{36})/rotate")]
    private static partial Regex CredentialLink();
}
