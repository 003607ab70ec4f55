using System.Text.RegularExpressions;
using Signet.Server.Ui;
using Xunit;

namespace Server.Tests.Ui;

/// <summary>Rules for the pages of every module, read from their sources: what isn't in the gallery is held to them too.</summary>
public sealed partial class RazorSourceTests
{
    public static TheoryData<string> Sources =>
        [.. Directory.EnumerateFiles(Path.Combine(Root(), "src"), "*.razor", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Root(), path)).Order()];

    [Theory]
    [MemberData(nameof(Sources))]
    public void A_component_has_no_inline_style_no_event_attribute_and_no_raw_markup(string path)
    {
        var source = File.ReadAllText(Path.Combine(Root(), path));

        Assert.Empty(Forbidden().Matches(source).Select(match => match.Value.Trim()));
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void Every_icon_named_exists(string path)
    {
        var source = File.ReadAllText(Path.Combine(Root(), path));

        Assert.All(IconName().Matches(source).Select(match => match.Groups["name"].Value), name => Assert.Contains(name, UiAssets.IconNames));
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void A_post_form_carries_the_token(string path)
    {
        var source = File.ReadAllText(Path.Combine(Root(), path));

        // PostForm writes the token itself. FormPostPage posts to a client's origin, which must not learn our token
        // (OAuth 2.0 Form Post Response Mode §2).
        if (!path.EndsWith("PostForm.razor", StringComparison.Ordinal) && !path.EndsWith("FormPostPage.razor", StringComparison.Ordinal))
            Assert.DoesNotContain("<form method=\"post\"", source, StringComparison.OrdinalIgnoreCase);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Signet.slnx")))
            folder = folder.Parent;
        return folder.FullName;
    }

    [GeneratedRegex(@"\sstyle\s*=|\s@?on[a-z]+\s*=\s*""|MarkupString|<style|javascript:", RegexOptions.IgnoreCase)]
    private static partial Regex Forbidden();

    [GeneratedRegex("""\bIcon(?: Name)?="(?<name>[a-z][a-z-]*)" """)]
    private static partial Regex IconName();
}
