using Signet.Server.Ui;
using Xunit;

namespace Server.Tests.Ui;

/// <summary>What holds for every page is checked on every specimen of the gallery.</summary>
public sealed class GalleryTests
{
    private static readonly string[] Unlabelled = ["hidden", "submit", "button"];

    public static TheoryData<string> Specimens => [.. UiSpecimen.Names, "gallery", "unknown"];

    [Theory]
    [MemberData(nameof(Specimens))]
    public async Task A_specimen_has_no_inline_style_and_no_inline_script(string name)
    {
        var html = await RenderAsync(name);

        Assert.DoesNotContain(html.Tags, tag => tag.Attributes.Keys.Any(key => key is "style" || key.StartsWith("on", StringComparison.OrdinalIgnoreCase)));
        Assert.Empty(html.Named("style"));
        Assert.All(html.Named("script"), script => Assert.StartsWith("/assets/", script["src"]));
        Assert.DoesNotContain("javascript:", html.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [MemberData(nameof(Specimens))]
    public async Task Ids_are_unique_and_every_reference_finds_its_id(string name)
    {
        var html = await RenderAsync(name);
        var ids = html.Tags.Select(tag => tag["id"]).OfType<string>().ToArray();

        Assert.Equal(ids.Distinct(), ids);
        string[] referring = ["for", "aria-describedby", "aria-labelledby", "aria-controls", "popovertarget", "commandfor", "list", "form", "data-password"];
        var references = html.Tags.SelectMany(tag => referring.Select(attribute => tag[attribute])).OfType<string>().SelectMany(value => value.Split(' '));
        Assert.All(references, reference => Assert.Contains(reference, ids));
    }

    [Theory]
    [MemberData(nameof(Specimens))]
    public async Task Every_input_has_a_label(string name)
    {
        var html = await RenderAsync(name);
        var labelled = html.Named("label").Select(label => label["for"]).ToHashSet();

        var inputs = html.Tags.Where(tag => tag.Name is "select" or "textarea" || (tag.Name is "input" && !Unlabelled.Contains(tag["type"])));
        Assert.All(inputs, input => Assert.True(
            labelled.Contains(input["id"]) || input["aria-label"] is not null || input["aria-hidden"] is "true",
            $"The input {input["name"]} has no label."));
    }

    [Theory]
    [MemberData(nameof(Specimens))]
    public async Task Every_icon_shown_exists(string name)
    {
        var html = await RenderAsync(name);

        Assert.All(html.Named("use"), use => Assert.Contains(use["href"]![(use["href"]!.IndexOf('#', StringComparison.Ordinal) + 1)..], UiAssets.IconNames));
    }

    [Theory]
    [MemberData(nameof(Specimens))]
    public async Task A_page_has_one_main_part_one_title_and_its_language(string name)
    {
        var html = await RenderAsync(name);

        html.One("main");
        html.One("h1");
        new Html(html.Text[..html.Text.IndexOf("</head>", StringComparison.Ordinal)]).One("title");
        Assert.False(string.IsNullOrEmpty(html.One("html")["lang"]));
    }

    [Theory]
    [MemberData(nameof(Specimens))]
    public async Task No_word_shouts(string name)
    {
        var html = await RenderAsync(name);

        Assert.DoesNotContain("!", html.Text.Replace("<!DOCTYPE", "", StringComparison.OrdinalIgnoreCase).Replace("<!--", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_people_typed_is_shown_as_text()
    {
        var html = await RenderAsync("table-extreme");

        Assert.DoesNotContain("<script>alert", html.Text, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", html.Text, StringComparison.Ordinal);
    }

    private static Task<Html> RenderAsync(string name) =>
        name == "gallery" ? Html.RenderAsync<UiGallery>() : Html.RenderAsync<UiSpecimen>(("Name", name));
}
