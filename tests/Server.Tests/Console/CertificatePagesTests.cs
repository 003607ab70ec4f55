using System.Net;
using Server.Tests.Agents;
using Signet.Server.Permissions;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Console;

/// <summary>Certificates of agents and their authorities, as forms of the console take them.</summary>
public sealed class CertificatePagesTests(CertificateEstate estate) : IClassFixture<CertificateEstate>
{
    [Fact]
    public async Task A_pasted_certificate_gets_its_agent_tokens()
    {
        var (agent, certificate) = (await estate.Desk.RegisterAsync(), estate.SelfSigned());
        var browser = await SignInAsync();

        var done = await PostAsync(browser, agent, ("pem", certificate.ExportCertificatePem()));

        Assert.Equal($"/console/agents/{agent}?done=certificate-registered", done.Location);
        Assert.Contains(certificate.Subject, (await browser.GetAsync($"/console/agents/{agent}")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await estate.AskAsync(agent, certificate)).Status);
        var again = await PostAsync(browser, agent, ("pem", certificate.ExportCertificatePem()));
        Assert.Equal(HttpStatusCode.Conflict, again.Status);
        Assert.Contains("id=\"pem-error\"", again.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_authority_is_added_named_by_a_credential_and_removed_with_it()
    {
        var (root, agent, name) = (TestCertificates.MakeRoot(estate.Now), await estate.Desk.RegisterAsync(), TestSignet.NewName("mesh"));
        var browser = await SignInAsync();
        var added = await SubmitAsync(browser, "/console/certificate-authorities/new", ("name", name), ("pem", root.ExportCertificatePem()));
        Assert.Equal("/console/certificate-authorities?done=authority-added", added.Location);
        var list = await estate.Signet.CallAsync(HttpMethod.Get, "/api/v1/certificate-authorities", estate.Desk.ApiKey);
        var authority = list.Json.GetProperty("authorities").EnumerateArray().First(one => one.GetProperty("name").GetString() == name).GetProperty("authorityId").GetString()!;

        var done = await PostAsync(browser, agent, ("authority", authority), ("name_kind", "san_uri"), ("certificate_name", "spiffe://example.com/a"));
        Assert.Equal(HttpStatusCode.Found, done.Status);
        var certificate = TestCertificates.Issue(root, estate.Now, new TestCertificateWish("CN=a") { Names = names => names.AddUri(new Uri("spiffe://example.com/a")) });
        Assert.Equal(HttpStatusCode.OK, (await estate.AskAsync(agent, certificate)).Status);

        Assert.Equal(HttpStatusCode.BadRequest, (await RemoveAsync("another name")).Status);
        Assert.Equal("/console/certificate-authorities?done=authority-removed", (await RemoveAsync(name)).Location);
        Assert.Equal(HttpStatusCode.Unauthorized, (await estate.AskAsync(agent, certificate)).Status);

        async Task<TestAnswer> RemoveAsync(string confirm)
        {
            var (_, hidden) = TestBrowser.FormIn(await browser.GetAsync("/console/certificate-authorities"));
            return await browser.PostFormAsync($"/console/certificate-authorities/{authority}/remove", [.. hidden.Where(field => field.Name == "_token"), ("confirm", confirm)]);
        }
    }

    [Fact]
    public async Task What_is_wrong_stands_beside_its_field_with_what_was_typed()
    {
        var agent = await estate.Desk.RegisterAsync();
        var authority = await estate.AddAuthorityAsync(TestCertificates.MakeRoot(estate.Now));
        var browser = await SignInAsync();

        (string At, (string Name, string Value)[] Fields)[] faults =
        [
            ("pem", []), ("pem", [("pem", "typed")]), ("certificate_name", [("authority", authority)]),
            ("certificate_name", [("authority", authority), ("certificate_name", "typed")]),
        ];

        foreach (var (at, fields) in faults)
        {
            var again = await PostAsync(browser, agent, fields);

            Assert.Equal(HttpStatusCode.BadRequest, again.Status);
            Assert.Contains($"id=\"{at}-error\"", again.Text, StringComparison.Ordinal);
            Assert.All(fields, field => Assert.Contains(field.Value, again.Text, StringComparison.Ordinal));
        }

        var wrong = await SubmitAsync(browser, "/console/certificate-authorities/new", ("name", "mesh"), ("pem", "typed"));
        Assert.Contains("id=\"pem-error\"", wrong.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/console/agents/{Guid.CreateVersion7()}/certificate")).Status);
    }

    private async Task<TestBrowser> SignInAsync() => await estate.Signet.SignInAsync(await estate.Signet.CreateUserAsync(Role.Owner));

    private static Task<TestAnswer> PostAsync(TestBrowser browser, string agent, params (string Name, string Value)[] fields) =>
        SubmitAsync(browser, $"/console/agents/{agent}/certificate", [("name_kind", "subject_dn"), ("expires_in_days", "0"), .. fields]);

    // Of a name that is given twice the last counts.
    private static async Task<TestAnswer> SubmitAsync(TestBrowser browser, string path, params (string Name, string Value)[] fields)
    {
        var (_, hidden) = TestBrowser.FormIn(await browser.GetAsync(path));
        return await browser.PostFormAsync(path, [.. hidden.Where(field => field.Name == "_token"), .. fields.GroupBy(field => field.Name).Select(group => group.Last())]);
    }
}
