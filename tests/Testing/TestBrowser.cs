using System.Net;
using System.Text.RegularExpressions;

namespace Signet.Testing;

/// <summary>A browser without script: keeps cookies, reads forms and sends them back as they are, and follows redirects only when told to.</summary>
public sealed partial class TestBrowser(TestSignet node)
{
    private readonly CookieContainer cookies = new();
    private TestSignet node = node;

    /// <summary>The address limits count it by.</summary>
    public string IpAddress { get; } = TestSignet.NewAddress();

    /// <summary>Headers it sends with everything.</summary>
    public Dictionary<string, string> Headers { get; } = [];

    /// <summary>Its cookies as a <c>Cookie</c> header.</summary>
    public string Cookies => cookies.GetCookieHeader(new Uri(node.Address));

    /// <summary>Talks to another node from here on; the cookies come along.</summary>
    public TestBrowser At(TestSignet other)
    {
        node = other;
        return this;
    }

    /// <summary>A browser that took over this one's cookies, as a thief would.</summary>
    public TestBrowser Copy()
    {
        var copy = new TestBrowser(node);
        copy.cookies.Add(cookies.GetAllCookies());
        return copy;
    }

    public Task<TestAnswer> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, At(path)));

    public Task<TestAnswer> DeleteAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Delete, At(path)));

    public Task<TestAnswer> PostJsonAsync(string path, object body) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, At(path)) { Content = TestAnswer.JsonOf(body) });

    public Task<TestAnswer> PostFormAsync(string path, params IEnumerable<(string Name, string Value)> fields) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, At(path)) { Content = TestAnswer.FormOf(fields) });

    /// <summary>Sends the page's form with what is hidden in it (the browser token is) and what is filled in here.</summary>
    public Task<TestAnswer> SubmitAsync(TestAnswer page, params IEnumerable<(string Name, string Value)> filledIn)
    {
        var form = FormIn(page);
        return PostFormAsync(form.Action, form.Hidden.Concat(filledIn));
    }

    /// <summary>Follows redirects within the server; stops at a page, and at a redirect that leaves.</summary>
    public async Task<TestAnswer> FollowAsync(TestAnswer answer)
    {
        while (answer.Location is { } location && (location.StartsWith('/') || location.StartsWith($"{node.Address}/", StringComparison.Ordinal)))
        {
            answer = await GetAsync(location);
        }

        return answer;
    }

    public async Task<TestAnswer> OpenAsync(string path) => await FollowAsync(await GetAsync(path));

    /// <summary>Answers the sign-in page.</summary>
    public async Task<TestAnswer> SignInAsync(TestAnswer page, TestUser user) =>
        await SubmitAsync(page, ("email", user.Email), ("password", user.Password));

    public async Task<TestAnswer> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            var header = cookies.GetCookieHeader(request.RequestUri!);
            if (header.Length > 0)
            {
                request.Headers.Add("Cookie", header);
            }

            request.Headers.Add("X-Forwarded-For", IpAddress);
            foreach (var (name, value) in Headers)
            {
                request.Headers.Add(name, value);
            }

            using var response = await node.Wire.SendAsync(request, CancellationToken.None);
            if (response.Headers.TryGetValues("Set-Cookie", out var set))
            {
                foreach (var cookie in set)
                {
                    cookies.SetCookies(request.RequestUri!, cookie);
                }
            }

            return await TestAnswer.ReadAsync(response);
        }
    }

    /// <summary>The first form of a page that posts: where to, and what is hidden in it.</summary>
    public static (string Action, IReadOnlyList<(string Name, string Value)> Hidden) FormIn(TestAnswer page)
    {
        if (Form().Match(page.Text) is not { Success: true } form)
        {
            throw new InvalidOperationException($"There is no form on this page ({(int)page.Status}): {page.Text}");
        }

        var hidden = Hidden().Matches(form.Groups["inner"].Value)
            .Select(field => (WebUtility.HtmlDecode(field.Groups["name"].Value), WebUtility.HtmlDecode(field.Groups["value"].Value)));
        return (WebUtility.HtmlDecode(form.Groups["action"].Value), [.. hidden]);
    }

    private Uri At(string path) => path.StartsWith('/') ? new Uri(node.Address + path) : new Uri(path);

    [GeneratedRegex("""<form method="post" action="(?<action>[^"]*)"[^>]*>(?<inner>.*?)</form>""", RegexOptions.Singleline)]
    private static partial Regex Form();

    [GeneratedRegex("""<input type="hidden" name="(?<name>[^"]*)" value="(?<value>[^"]*)"[^>]*>""")]
    private static partial Regex Hidden();
}
