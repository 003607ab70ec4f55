using Xunit;

namespace Browser.Tests;

public sealed class SignInTests(RunningSignet signet)
{
    [Fact]
    public async Task The_printed_link_makes_the_first_administrator_and_then_is_no_more()
    {
        await using var page = await signet.OpenAsync();
        var link = await signet.SetupLink;
        await page.GoAsync(link);
        await page.FillAsync(("name", "Ada"), ("email", "ada@example.test"), ("password", RunningSignet.Password));

        await page.PressAsync("Create administrator");

        Assert.StartsWith("/console", page.Path, StringComparison.Ordinal);
        var again = await page.Page.GotoAsync(link);
        Assert.Equal(404, again!.Status);
        page.AssertQuiet();
    }

    [Fact]
    public async Task Who_signs_up_is_signed_in()
    {
        await using var page = await signet.OpenAsync();
        await page.GoAsync("/sign-up");
        await page.FillAsync(("name", "Grace"), ("email", "grace@example.test"), ("password", RunningSignet.Password));

        await page.PressAsync("Create account");

        Assert.Equal("/account", page.Path);
        page.AssertQuiet();
    }

    [Fact]
    public async Task A_keyboard_is_enough_to_sign_in()
    {
        await using var page = await signet.OpenAsync();
        var email = await signet.AddUserAsync("keys");
        await page.GoAsync("/sign-in");
        var keyboard = page.Page.Keyboard;

        // The field for the address has the focus when the page opens.
        await keyboard.TypeAsync(email);
        await keyboard.PressAsync("Tab");
        await keyboard.TypeAsync(RunningSignet.Password);
        await keyboard.PressAsync("Enter");
        await page.ArriveAtAsync("/account");

        Assert.Equal("/account", page.Path);
        page.AssertQuiet();
    }

    [Fact]
    public async Task A_wrong_password_is_said_and_the_address_kept()
    {
        await using var page = await signet.OpenAsync();
        await page.GoAsync("/sign-in");

        await page.SignInAsync("nobody@example.test", "wrong");

        Assert.Contains("not right", await page.Page.Locator("[role=alert]").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal("nobody@example.test", await page.Page.Locator("input[name=email]").InputValueAsync());
        Assert.Empty(await page.Page.Locator("input[name=password]").InputValueAsync());
        page.AssertQuiet();
    }

    [Fact]
    public async Task Signing_in_and_out_works_without_script()
    {
        await using var page = await signet.OpenAsync(script: false);
        var email = await signet.AddUserAsync("noscript");
        await page.GoAsync("/sign-in");

        await page.SignInAsync(email);

        Assert.Equal("/account", page.Path);
        await page.GoAsync("/sign-out");
        await page.PressAsync("Sign out");
        Assert.Equal("/signed-out", page.Path);
        await page.GoAsync("/account");
        Assert.Equal("/sign-in", page.Path);
    }

    [Fact]
    public async Task Consent_is_asked_for_and_its_answer_taken_back_to_the_application()
    {
        await using var page = await signet.OpenAsync();
        var email = await signet.AddUserAsync("consent");
        await page.GoAsync(Authorize());
        await page.SignInAsync(email);
        Assert.Contains("Ledger", await page.Page.Locator("h1").InnerTextAsync(), StringComparison.Ordinal);

        await page.PressAsync("Deny");

        await page.ArriveAtAsync(signet.Callback, "error=access_denied");
        await page.GoAsync(Authorize());
        await page.PressAsync("Allow");
        await page.ArriveAtAsync(signet.Callback, "code=");
        page.AssertQuiet();
    }

    // The challenge of RFC 7636, appendix B.
    private string Authorize() =>
        $"/oauth2/authorize?response_type=code&scope=openid%20email&state=s&client_id={signet.ClientId}&redirect_uri={Uri.EscapeDataString(signet.Callback)}"
        + "&code_challenge_method=S256&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
}
