using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Policy;

/// <summary>The AuthZEN API: one question, many questions, what is no question, and what stays on record.</summary>
public sealed class EvaluateAccessTests(TestSignet signet) : IClassFixture<TestSignet>
{
    private const string One = "/access/v1/evaluation";
    private const string Many = "/access/v1/evaluations";

    private static readonly object Agent = new { type = "agent", id = "0197f2a0-0000-7000-8000-000000000001", properties = new { scopes = new[] { "users:read" } } };
    private static readonly object Read = new { name = "GET" };
    private static readonly object Users = new { type = "route", id = "/api/v1/users" };
    private static readonly object Tenants = new { type = "route", id = "/api/v1/tenants" };

    [Fact]
    public async Task A_subject_with_the_scope_is_permitted()
    {
        var answer = await AskAsync(One, new { subject = Agent, action = Read, resource = Users, context = new { time = "2026-01-11T01:22-07:00" } });

        Assert.Equal((HttpStatusCode.OK, """{"decision":true}"""), (answer.Status, answer.Text));
        Assert.StartsWith("application/json", answer.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
    }

    [Fact]
    public async Task A_subject_without_the_scope_is_denied_and_told_why_in_two_ways()
    {
        var answer = await AskAsync(One, new { subject = Agent, action = new { name = "POST" }, resource = Users });

        Assert.Equal((HttpStatusCode.OK, "False"), (answer.Status, answer["decision"]));
        var context = answer.Json.GetProperty("context");
        Assert.Equal("insufficient_scope: users:write", context.GetProperty("reason_admin").GetProperty("en").GetString());
        Assert.Equal("You may not do this.", context.GetProperty("reason_user").GetProperty("en").GetString());
    }

    [Theory]
    [InlineData("""{"scopes":["users:read"]}""", true)]
    [InlineData("""{"scope":"openid users:read"}""", true)]
    [InlineData("""{"scope":""}""", false)]
    [InlineData("""{"scopes":[]}""", false)]
    [InlineData("""{"roles":["admin"]}""", false)]
    public async Task Scopes_are_a_list_or_a_text(string properties, bool decision)
    {
        var answer = await AskAsync(One, $$$"""{"subject":{"type":"user","id":"u","properties":{{{properties}}}},"action":{"name":"GET"},"resource":{"type":"route","id":"/api/v1/users"}}""");

        Assert.Equal(decision, answer.Json.GetProperty("decision").GetBoolean());
    }

    public static TheoryData<string, string> NoQuestions => new()
    {
        { """{}""", "subject" },
        { """{"action":{"name":"GET"},"resource":{"type":"route","id":"/a"}}""", "subject" },
        { """{"subject":{"type":"agent"},"action":{"name":"GET"},"resource":{"type":"route","id":"/a"}}""", "subject" },
        { """{"subject":{"id":"1"},"action":{"name":"GET"},"resource":{"type":"route","id":"/a"}}""", "subject" },
        { """{"subject":{"type":"agent","id":""},"action":{"name":"GET"},"resource":{"type":"route","id":"/a"}}""", "subject" },
        { """{"subject":{"type":"agent","id":"1"},"resource":{"type":"route","id":"/a"}}""", "action" },
        { """{"subject":{"type":"agent","id":"1"},"action":{},"resource":{"type":"route","id":"/a"}}""", "action" },
        { """{"subject":{"type":"agent","id":"1"},"action":{"name":"GET"}}""", "resource" },
        { """{"subject":{"type":"agent","id":"1"},"action":{"name":"GET"},"resource":{"type":"route"}}""", "resource" },
        { """{"subject":{"type":"agent","id":"1"},"action":{"name":"G T"},"resource":{"type":"route","id":"/a"}}""", "action.name" },
        { """{"subject":{"type":"agent","id":"1"},"action":{"name":"GET"},"resource":{"type":"route","id":"a"}}""", "resource.id" },
        { """{"subject":{"type":"agent","id":"1"},"action":{"name":"GET"},"resource":{"type":"route","id":"/a/../b"}}""", "resource.id" },
        { """{"subject":{"type":"agent","id":"1"},"action":{"name":"GET"},"resource":{"type":"document","id":"/a"}}""", "resource.id" },
        { """{"subject":{"type":"agent","id":"1"},"action":{"name":"GET"},"resource":{"type":"a/b","id":"c"}}""", "resource.type" },
        { """{"subject":{"type":"a b","id":"1"},"action":{"name":"GET"},"resource":{"type":"route","id":"/a"}}""", "subject.type" },
        { """{"subject":{"type":"agent","id":"1","properties":{"scopes":"users:read"}},"action":{"name":"GET"},"resource":{"type":"route","id":"/a"}}""", "subject.properties" },
        { """{"subject":{"type":"agent","id":"1","properties":{"scopes":["a b"]}},"action":{"name":"GET"},"resource":{"type":"route","id":"/a"}}""", "subject.properties" },
        { """{"subject":{"type":"agent","id":"1","properties":{"scopes":[null]}},"action":{"name":"GET"},"resource":{"type":"route","id":"/a"}}""", "subject.properties" },
        { """{"subject":{"type":"agent","id":"1","properties":{"scope":"a  b"}},"action":{"name":"GET"},"resource":{"type":"route","id":"/a"}}""", "subject.properties" },
        { """{"subject":{"type":"agent","id":"1","properties":{"scope":"a","scopes":["a"]}},"action":{"name":"GET"},"resource":{"type":"route","id":"/a"}}""", "subject.properties" },
    };

    [Theory]
    [MemberData(nameof(NoQuestions))]
    public async Task What_is_no_question_is_refused_by_the_name_of_what_is_wrong(string body, string field)
    {
        foreach (var endpoint in (string[])[One, Many])
        {
            var answer = await AskAsync(endpoint, body);

            Assert.Equal((HttpStatusCode.BadRequest, "invalid_input"), (answer.Status, answer["code"]));
            Assert.True(answer.Json.GetProperty("errors").TryGetProperty(field, out _), answer.Text);
        }
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("""{"subject":[]}""")]
    [InlineData("""{"subject":{"type":"agent","id":"1","properties":[]}}""")]
    [InlineData("""{"subject":{"type":"agent","id":"1"},"subject":{"type":"agent","id":"2"}}""")]
    [InlineData("""{"evaluations":{}}""")]
    [InlineData("""{"options":{"evaluations_semantic":"some"}}""")]
    public async Task What_is_no_json_of_this_shape_is_refused(string body) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await AskAsync(Many, body)).Status);

    [Fact]
    public async Task Many_questions_are_answered_in_their_order_with_defaults_that_each_may_replace()
    {
        var answer = await AskAsync(Many, new
        {
            subject = Agent,
            action = Read,
            evaluations = new object?[]
            {
                new { resource = Users },
                new { resource = Tenants },
                new { resource = Users, action = new { name = "POST" } },
                new { resource = Tenants, subject = new { type = "agent", id = "2", properties = new { scope = "tenants:read" } } },
                // The whole of a default is replaced, its scopes with it.
                new { resource = Users, subject = new { type = "agent", id = "2" } },
                null,
                new { resource = new { type = "route", id = "users" } },
            },
        });

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal([true, false, false, true, false, false, false], DecisionsOf(answer));
        Assert.False(answer.Has("decision"));
        var error = answer.Json.GetProperty("evaluations")[6].GetProperty("context").GetProperty("error");
        Assert.Equal(400, error.GetProperty("status").GetInt32());
        Assert.StartsWith("resource.id ", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "TFTF")]
    [InlineData("execute_all", "TFTF")]
    [InlineData("deny_on_first_deny", "TF")]
    [InlineData("permit_on_first_permit", "T")]
    public async Task The_semantic_says_when_to_stop(string? semantic, string expected)
    {
        var answer = await AskAsync(Many, new
        {
            subject = Agent,
            action = Read,
            options = semantic is null ? null : new { evaluations_semantic = semantic, another_option = "value" },
            evaluations = new[] { new { resource = Users }, new { resource = Tenants }, new { resource = Users }, new { resource = Tenants } },
        });

        Assert.Equal(expected, string.Concat(DecisionsOf(answer).Select(permitted => permitted ? 'T' : 'F')));
    }

    [Fact]
    public async Task The_first_permit_may_come_last()
    {
        var answer = await AskAsync(Many, new
        {
            subject = Agent,
            action = Read,
            options = new { evaluations_semantic = "permit_on_first_permit" },
            evaluations = new[] { new { resource = Tenants }, new { resource = Tenants }, new { resource = Users }, new { resource = Users } },
        });

        Assert.Equal([false, false, true], DecisionsOf(answer));
    }

    [Theory]
    [InlineData("""{"subject":{"type":"agent","id":"1","properties":{"scope":"users:read"}},"action":{"name":"GET"},"resource":{"type":"route","id":"/api/v1/users"}}""")]
    [InlineData("""{"subject":{"type":"agent","id":"1","properties":{"scope":"users:read"}},"action":{"name":"GET"},"resource":{"type":"route","id":"/api/v1/users"},"evaluations":[]}""")]
    public async Task Without_a_list_the_batch_is_one_question(string body) =>
        Assert.Equal("""{"decision":true}""", (await AskAsync(Many, body)).Text);

    [Fact]
    public async Task A_hundred_questions_are_answered_and_one_more_is_refused()
    {
        object Batch(int count) => new { subject = Agent, action = Read, evaluations = Enumerable.Repeat(new { resource = Users }, count) };

        Assert.Equal(100, DecisionsOf(await AskAsync(Many, Batch(100))).Count);
        var refused = await AskAsync(Many, Batch(101));
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.True(refused.Json.GetProperty("errors").TryGetProperty("evaluations", out _));
    }

    [Theory]
    [InlineData(One, 64)]
    [InlineData(Many, 256)]
    public async Task A_body_has_an_end(string endpoint, int kilobytes)
    {
        string Body(int length) => $$$"""{"subject":{"type":"agent","id":"1"},"action":{"name":"GET"},"resource":{"type":"route","id":"/a"},"context":{"x":"{{{new string('x', length)}}}"}}""";

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(endpoint, Body((kilobytes - 1) * 1024))).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await AskAsync(endpoint, Body(kilobytes * 1024))).Status);
    }

    [Fact]
    public async Task The_callers_request_id_comes_back_in_answers_and_refusals()
    {
        foreach (var (body, key, status) in (IEnumerable<(string, string?, HttpStatusCode)>)
            [(Question, await KeyAsync(), HttpStatusCode.OK), ("no json", await KeyAsync(), HttpStatusCode.BadRequest), (Question, null, HttpStatusCode.Unauthorized)])
        {
            var answer = await SendAsync(body, key, "bfe9eb29-ab87 4ca3/be83:a1d5d8305716");

            Assert.Equal((status, "bfe9eb29-ab87 4ca3/be83:a1d5d8305716"), (answer.Status, answer.Headers["X-Request-ID"]));
        }
    }

    [Fact]
    public async Task Without_one_the_reference_is_ours() => Assert.Equal(24, (await SendAsync(Question, await KeyAsync(), null)).Headers["X-Request-ID"].Length);

    [Fact]
    public async Task A_request_id_that_can_not_come_back_is_refused()
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(Question, await KeyAsync(), new string('x', 201))).Status);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(Question, await KeyAsync(), new string('x', 200))).Status);
    }

    [Fact]
    public async Task Elsewhere_the_callers_request_id_stays_the_callers()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, signet.At("/api/v1/policy"));
        request.Headers.Add("X-Request-ID", "mine mine");

        Assert.NotEqual("mine mine", (await signet.SendAsync(request)).Headers["X-Request-ID"]);
    }

    [Fact]
    public async Task Only_a_key_for_it_may_ask()
    {
        var owner = await signet.CreateUserAsync(Role.Owner, withPassword: false);
        var other = await signet.CreateApiKeyAsync(owner, [Permission.ReadUsers]);

        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(Question, other, null)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(Question, null, null)).Status);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(Question, await signet.CreateApiKeyAsync(owner, [Permission.EvaluatePolicy]), null)).Status);
    }

    [Fact]
    public async Task A_request_is_one_record_with_all_its_decisions()
    {
        var tenant = await signet.CreateTenantAsync();
        var key = await signet.CreateApiKeyAsync(Role.Owner, tenant.Id);
        var body = new
        {
            action = Read,
            evaluations = new object[]
            {
                new { subject = Agent, resource = Users },
                new { subject = new { type = "user", id = "alice@acme.example" }, resource = new { type = "mailbox", id = "alice@acme.example/inbox" } },
            },
        };
        var request = new HttpRequestMessage(HttpMethod.Post, signet.At($"/t/{tenant.Slug}{Many}")) { Content = Json(JsonSerializer.Serialize(body)) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Headers.Add("X-Request-ID", "pep-1");

        var answer = await signet.SendAsync(request);

        Assert.Equal([true, false], DecisionsOf(answer));
        var list = (await signet.CallAsync(HttpMethod.Get, $"/t/{tenant.Slug}/api/v1/audit?action=policy.*", key)).Json.GetProperty("entries");
        var entry = Assert.Single(list.EnumerateArray());
        Assert.Equal(("policy.evaluated", "failure"), (entry.GetProperty("action").GetString(), entry.GetProperty("outcome").GetString()));
        var detail = (await signet.CallAsync(HttpMethod.Get, $"/t/{tenant.Slug}/api/v1/audit/{entry.GetProperty("id").GetString()}", key)).Text;
        Assert.Contains("allow GET /api/v1/users agent:0197f2a0-0000-7000-8000-000000000001", detail, StringComparison.Ordinal);
        Assert.Contains("deny GET mailbox/", detail, StringComparison.Ordinal);
        Assert.Contains("pep-1", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("alice", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decisions_are_counted_and_timed()
    {
        await SendAsync(Question, await KeyAsync(), null);

        var metrics = await signet.MetricsAsync();

        Assert.Contains("signet_policy_decisions_total{", metrics, StringComparison.Ordinal);
        Assert.Contains("decision=\"allow\"", metrics, StringComparison.Ordinal);
        Assert.Contains("engine=\"scopes\"", metrics, StringComparison.Ordinal);
        Assert.Contains("signet_policy_decision_duration_seconds_bucket{", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_configuration_names_what_there_is_and_nothing_else()
    {
        var answer = await signet.CallAsync(HttpMethod.Get, "/.well-known/authzen-configuration");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(
            $$"""{"policy_decision_point":"{{signet.Issuer}}","access_evaluation_endpoint":"{{signet.Issuer}}/access/v1/evaluation","access_evaluations_endpoint":"{{signet.Issuer}}/access/v1/evaluations"}""",
            answer.Text);
    }

    [Fact]
    public async Task A_tenant_behind_a_path_has_its_own_at_both_addresses()
    {
        var tenant = await signet.CreateTenantAsync();

        var below = await signet.CallAsync(HttpMethod.Get, $"/t/{tenant.Slug}/.well-known/authzen-configuration");
        var inserted = await signet.CallAsync(HttpMethod.Get, $"/.well-known/authzen-configuration/t/{tenant.Slug}");
        var none = await signet.CallAsync(HttpMethod.Get, "/.well-known/authzen-configuration/t/nobody");

        Assert.Equal(tenant.Origin, inserted["policy_decision_point"]);
        Assert.Equal(below.Text, inserted.Text);
        Assert.Equal(HttpStatusCode.NotFound, none.Status);
    }

    private const string Question =
        """{"subject":{"type":"agent","id":"1","properties":{"scope":"users:read"}},"action":{"name":"GET"},"resource":{"type":"route","id":"/api/v1/users"}}""";

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static List<bool> DecisionsOf(TestAnswer answer) =>
        [.. answer.Json.GetProperty("evaluations").EnumerateArray().Select(evaluation => evaluation.GetProperty("decision").GetBoolean())];

    private async Task<string> KeyAsync() => await signet.CreateApiKeyAsync(await signet.CreateUserAsync(Role.Auditor, withPassword: false), [Permission.EvaluatePolicy]);

    private async Task<TestAnswer> AskAsync(string path, object body) =>
        await signet.CallAsync(HttpMethod.Post, path, await KeyAsync(), body as string ?? JsonSerializer.Serialize(body));

    private Task<TestAnswer> SendAsync(string body, string? key, string? requestId)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, signet.At(One)) { Content = Json(body) };
        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        if (requestId is not null)
        {
            request.Headers.Add("X-Request-ID", requestId);
        }

        return signet.SendAsync(request);
    }
}
