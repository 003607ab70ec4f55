using Signet.Server.Ui;
using Xunit;

namespace Server.Tests.Ui;

public sealed class ComponentTests
{
    [Fact]
    public async Task A_field_with_a_message_is_invalid_and_described_by_it()
    {
        var html = await Html.RenderAsync<TextField>(("Name", "email"), ("Label", "Email"), ("Help", "Work address"), ("Error", "Enter an address."));

        var input = html.One("input");
        Assert.Equal(("true", "email-error email-help"), (input["aria-invalid"], input["aria-describedby"]));
    }

    [Fact]
    public async Task A_field_without_a_message_is_not_invalid()
    {
        var html = await Html.RenderAsync<TextField>(("Name", "email"), ("Label", "Email"));

        var input = html.One("input");
        Assert.Equal((null, null), (input["aria-invalid"], input["aria-describedby"]));
    }

    [Fact]
    public async Task A_value_cannot_leave_its_attribute()
    {
        var html = await Html.RenderAsync<TextField>(("Name", "n"), ("Label", "L"), ("Value", "\"><script>alert(1)</script>"));

        Assert.Empty(html.Named("script"));
        Assert.Equal("\"><script>alert(1)</script>", html.One("input")["value"]);
    }

    [Fact]
    public async Task A_password_is_never_sent_back()
    {
        var html = await Html.RenderAsync<PasswordField>(("Name", "password"), ("Label", "Password"));

        Assert.False(html.One("input").Attributes.ContainsKey("value"));
    }

    [Theory]
    [InlineData(false, "current-password")]
    [InlineData(true, "new-password")]
    public async Task A_password_manager_is_told_which_password_is_meant(bool isNew, string expected)
    {
        var html = await Html.RenderAsync<PasswordField>(("Name", "password"), ("Label", "Password"), ("New", isNew));

        Assert.Equal(expected, html.One("input")["autocomplete"]);
    }

    [Fact]
    public async Task A_known_address_stays_in_the_form_for_password_managers()
    {
        var html = await Html.RenderAsync<SignInCard>(("Model", new SignInModel("/sign-in") { Email = "a@b.example", NotYouHref = "/other" }));

        var input = html.Named("input").Single(tag => tag["name"] == "email");
        Assert.Equal(("username", "a@b.example"), (input["autocomplete"], input["value"]));
        Assert.Contains(html.Named("a"), link => link["href"] == "/other");
    }

    [Fact]
    public async Task A_form_carries_the_token_and_its_hidden_values()
    {
        var html = await Html.RenderAsync<PostForm>(("Action", "/x"), ("Token", new FormToken("__token", "secret")), ("Hidden", (HiddenValue[])[new("ticket", "t<1")]));

        Assert.Equal([("__token", "secret"), ("ticket", "t<1")], html.Named("input").Select(input => (input["name"], input["value"])));
        Assert.Equal("post", html.One("form")["method"]);
    }

    [Fact]
    public async Task The_summary_links_to_the_fields_it_names()
    {
        var html = await Html.RenderAsync<ErrorSummary>(("Errors", new FormErrors([new("email", "Enter an address."), new("", "Try later.")])));

        Assert.Equal("#email", html.One("a")["href"]);
        Assert.Equal("alert", html.Tags[0]["role"]);
    }

    [Fact]
    public async Task A_name_to_type_is_matched_literally()
    {
        var html = await Html.RenderAsync<ConfirmDialog>(("Id", "d"), ("Title", "Delete"), ("Verb", "Delete"), ("Action", "/x"), ("TypeToConfirm", "a.b(c)"));

        var pattern = html.Named("input").Single(input => input["name"] == "confirm")["pattern"];
        Assert.Matches($"^(?:{pattern})$", "a.b(c)");
        Assert.DoesNotMatch($"^(?:{pattern})$", "axb(c)");
    }

    [Fact]
    public async Task Consent_asks_with_two_buttons_and_names_who_asks_whom()
    {
        var html = await Html.RenderAsync<ConsentCard>(("Model", new ConsentModel("/consent", "mara@x.example", [new("Know who you are")]) { ApplicationName = "<b>Ledger</b>" }));

        Assert.Equal(["deny", "allow"], html.Named("button").Select(button => button["value"]));
        Assert.Contains("&lt;b&gt;Ledger&lt;/b&gt;", html.Text, StringComparison.Ordinal);
        Assert.Contains("mara@x.example", html.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_nearest_place_of_the_navigation_is_current()
    {
        var users = new NavItem("Users", "/console/users", "users");
        var frame = new ConsoleFrame("T", [new(null, [new("Overview", "/console", "home"), users])], new("M", "m@x.example"), "/sign-out");

        Assert.Same(users, frame.At("/console/users/42"));
        Assert.Equal("Overview", frame.At("/console/usersandmore")?.Label);
        Assert.Null(frame.At("/account"));
    }

    [Fact]
    public void A_diff_keeps_what_is_common_and_says_what_came_and_went()
    {
        var lines = DiffLine.Between(["a", "b", "c"], ["a", "x", "c", "d"]);

        Assert.Equal(
            [new(DiffKind.Same, "a"), new(DiffKind.Removed, "b"), new(DiffKind.Added, "x"), new(DiffKind.Same, "c"), new(DiffKind.Added, "d")],
            lines);
    }
}
