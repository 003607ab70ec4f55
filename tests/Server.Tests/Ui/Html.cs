using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Server.Tests.Ui;

/// <summary>A component's output as text, and its tags one by one.</summary>
internal sealed partial record Html(string Text)
{
    public IReadOnlyList<Tag> Tags { get; } = [.. OpeningTag().Matches(Text).Select(match => new Tag(match.Groups["name"].Value, Attributes(match.Groups["attributes"].Value)))];

    public static async Task<Html> RenderAsync<T>(params (string Name, object? Value)[] parameters)
        where T : IComponent
    {
        await using var services = new ServiceCollection().AddSingleton(TimeProvider.System).BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        return new(await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<T>(ParameterView.FromDictionary(parameters.ToDictionary(p => p.Name, p => p.Value)))).ToHtmlString()));
    }

    public IEnumerable<Tag> Named(string name) => Tags.Where(tag => tag.Name == name);

    public Tag One(string name) => Assert.Single(Named(name));

    private static Dictionary<string, string> Attributes(string text) =>
        Attribute().Matches(text).ToDictionary(match => match.Groups["name"].Value, match => WebUtility.HtmlDecode(match.Groups["value"].Value));

    [GeneratedRegex("""<(?<name>[a-z][a-z0-9]*)(?<attributes>(?:\s+[^\s=>"/]+(?:="[^"]*")?)*)\s*/?>""")]
    private static partial Regex OpeningTag();

    [GeneratedRegex("""(?<name>[^\s="]+)(?:="(?<value>[^"]*)")?""")]
    private static partial Regex Attribute();

    internal sealed record Tag(string Name, IReadOnlyDictionary<string, string> Attributes)
    {
        public string? this[string attribute] => Attributes.GetValueOrDefault(attribute);
    }
}
