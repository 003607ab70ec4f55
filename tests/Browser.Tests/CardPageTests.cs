using Xunit;

namespace Browser.Tests;

public sealed class CardPageTests(RunningSignet signet)
{
    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/sign-up")]
    [InlineData("/signed-out")]
    [InlineData("/oauth2/authorize?client_id=unknown")]
    public async Task A_card_page_is_for_everybody(string path)
    {
        await using var page = await signet.OpenAsync(width: 320);

        await page.GoAsync(path);

        Assert.Equal(1, await page.Page.Locator("h1").CountAsync());
        Assert.NotEmpty(await page.Page.Locator("html").GetAttributeAsync("lang") ?? "");
        Assert.NotEmpty(await page.Page.TitleAsync());
        Assert.Equal(0, await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth"));
        Assert.Equal(0, await page.Page.EvaluateAsync<int>(
            "[...document.querySelectorAll('input:not([type=hidden])')].filter(i => !i.labels.length && !i.ariaLabel && !i.ariaHidden).length"));
        Assert.Equal(0, await page.Page.EvaluateAsync<int>("[...document.querySelectorAll('button, a')].filter(b => !b.innerText.trim() && !b.ariaLabel && !b.querySelector('title, [aria-label], .visually-hidden')).length"));
        page.AssertQuiet();
    }

    [Theory]
    [InlineData("/sign-in", "current-password")]
    [InlineData("/sign-up", "new-password")]
    public async Task A_password_manager_knows_the_fields(string path, string password)
    {
        await using var page = await signet.OpenAsync();

        await page.GoAsync(path);

        Assert.Equal("username", await page.Page.Locator("input[name=email]").GetAttributeAsync("autocomplete"));
        Assert.Equal(password, await page.Page.Locator("input[name=password]").GetAttributeAsync("autocomplete"));
    }

    [Fact]
    public async Task The_focus_can_be_seen_wherever_it_is()
    {
        await using var page = await signet.OpenAsync();
        await page.GoAsync("/sign-in");

        for (var stop = 0; stop < 4; stop++)
        {
            await page.Page.Keyboard.PressAsync("Tab");

            Assert.True(
                await page.Page.EvaluateAsync<bool>("(s => (s.outlineStyle !== 'none' && s.outlineWidth !== '0px') || s.boxShadow !== 'none')(getComputedStyle(document.activeElement))"),
                await page.Page.EvaluateAsync<string>("document.activeElement.outerHTML"));
        }
    }
}
