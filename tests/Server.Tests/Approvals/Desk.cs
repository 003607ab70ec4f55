using System.Net;
using Server.Tests.Delegations;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Approvals;

/// <summary>An agent that needs a person's word, and the person.</summary>
internal sealed class Desk(TestSignet signet, Fleet fleet, TestClient agent, TestUser person)
{
    public const string Ciba = "urn:openid:params:grant-type:ciba";
    public const string Details = """[{"type":"payment_initiation","instructedAmount":{"currency":"EUR","amount":"123.50"},"creditor_name":"<Merchant> A","actions":["initiate","status"]}]""";

    public Fleet Fleet => fleet;

    public TestClient Agent => agent;

    public TestUser Person => person;

    public static async Task<Desk> OpenAsync(TestSignet signet)
    {
        var fleet = await Fleet.OfAsync(signet);
        var agent = await fleet.RegisterAsync("api:read api:pay agents:write", ("approvalScopes", new[] { "api:pay" }));
        return new Desk(signet, fleet, agent, await signet.CreateUserAsync());
    }

    public Task<TestAnswer> SendAsync(TestClient by, params IEnumerable<(string Name, string Value)> fields) => signet.PostAsync("/oauth2/bc-authorize", by, fields);

    /// <summary>A good request with some fields changed, or taken out where they are empty.</summary>
    public Task<TestAnswer> TryAskAsync(params IEnumerable<(string Name, string Value)> changes)
    {
        var fields = new Dictionary<string, string> { ["scope"] = "openid api:pay", ["login_hint"] = person.Email, ["binding_message"] = "Order 4711" };
        foreach (var (name, value) in changes)
        {
            fields[name] = value;
        }

        return SendAsync(agent, fields.Where(field => field.Value.Length > 0).Select(field => (field.Key, field.Value)));
    }

    /// <summary>The auth_req_id.</summary>
    public async Task<string> AskAsync(params IEnumerable<(string Name, string Value)> changes)
    {
        var answer = await TryAskAsync(changes);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return answer["auth_req_id"];
    }

    public Task<TestAnswer> PollAsync(string request, TestClient? by = null, params IEnumerable<(string Name, string Value)> more) =>
        signet.PostAsync("/oauth2/token", by ?? agent, [("grant_type", Ciba), ("auth_req_id", request), .. more]);

    /// <summary>Id of the newest thing that was asked.</summary>
    public async Task<string> NewestAsync() => (await ListAsync()).Json.GetProperty("approvals")[0].GetProperty("approvalId").GetString()!;

    public async Task<string> StatusAsync() => (await ListAsync()).Json.GetProperty("approvals")[0].GetProperty("status").GetString()!;

    public Task<TestAnswer> ListAsync() => signet.CallAsync(HttpMethod.Get, $"/api/v1/agents/{agent.Id}/approvals", fleet.Key);

    public async Task DecideAsync(string decision, TestUser? by = null)
    {
        var browser = await signet.SignInAsync(by ?? person);
        var page = await browser.GetAsync($"/account/approvals/{await NewestAsync()}");
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Equal(HttpStatusCode.Found, (await browser.SubmitAsync(page, ("decision", decision))).Status);
    }

    /// <summary>Asks, has it allowed, and fetches the token.</summary>
    public async Task<string> ObtainAsync()
    {
        var request = await AskAsync();
        await DecideAsync("allow");
        var answer = await PollAsync(request);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return answer["access_token"];
    }
}
