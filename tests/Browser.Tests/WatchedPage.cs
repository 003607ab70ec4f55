using System.Collections.Concurrent;
using Microsoft.Playwright;
using Xunit;

namespace Browser.Tests;

/// <summary>A page that remembers what its console complained of: script errors, blocked resources, violations of the content security policy.</summary>
public sealed class WatchedPage : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> complaints = new();
    private readonly string origin;

    public WatchedPage(IPage page, string origin)
    {
        Page = page;
        this.origin = origin;
        page.PageError += (_, error) => complaints.Enqueue(error);
        page.Console += (_, message) =>
        {
            // That an answer was a 4xx is what some tests are about.
            if (message.Type is "error" or "warning" && !message.Text.Contains("the server responded with a status of 4", StringComparison.Ordinal))
            {
                complaints.Enqueue(message.Text);
            }
        };
    }

    public IPage Page { get; }

    public string Path => new Uri(Page.Url).AbsolutePath;

    public Task GoAsync(string path) => Page.GotoAsync(path.StartsWith('/') ? origin + path : path);

    public async Task FillAsync(params (string Name, string Text)[] fields)
    {
        foreach (var (name, text) in fields)
        {
            await Page.Locator($"input[name={name}]").FillAsync(text);
        }
    }

    public Task PressAsync(string button) => Page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    public async Task SignInAsync(string email, string password = RunningSignet.Password)
    {
        await FillAsync(("email", email), ("password", password));
        await PressAsync("Sign in");
    }

    /// <summary>
    /// Waits until a whole page is there whose address has all of these in it. It looks instead of listening: Playwright's own wait for an address hears
    /// nothing any more where the page was loaded between its look and its listening.
    /// </summary>
    public Task ArriveAtAsync(params string[] parts) => Page.WaitForFunctionAsync(
        "parts => document.readyState === 'complete' && parts.every(part => location.href.includes(part))",
        parts.Select(part => part.StartsWith('/') ? origin + part : part).ToArray());

    public void AssertQuiet() => Assert.Empty(complaints);

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();
}
